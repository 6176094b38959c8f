"""Text messages, through a carrier that speaks as Twilio does.

`texts.py` makes short messages of a reply and counts what they cost, `line.py` takes them in and
sends them.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """What the carrier gave us. Without `sid` and `number` we answer with TwiML alone."""

    token: str = field(repr=False)
    sid: str = ""
    number: str = ""
    api_url: str = "https://api.twilio.com"

    @property
    def can_send(self) -> bool:
        """Whether we can start a message ourselves."""
        return bool(self.sid and self.number)
