"""Telegram: the same talks in a private chat, through python-telegram-bot.

`bot.py` turns updates into turns and sends the replies, `screens.py` makes messages of a reply,
`pacing.py` keeps Telegram's limits, `ways_in.py` is polling and the webhook.
"""
