"""Text messages, through a carrier that speaks as Twilio does.

`texts.py` makes short messages of a reply and counts what they cost, `line.py` takes them in and
sends them.
"""
