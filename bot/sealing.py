"""Words that must be kept for a while are kept sealed: whoever has only the database can't read them.

The few fields that hold such words are sealed with a key made from the installation's secret
(HKDF, RFC 5869) and Fernet, which also notices when something was changed.
"""

from base64 import urlsafe_b64encode
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE: Final = b"peerpath: words at rest"


class Broken(Exception):
    """What was sealed can't be opened: it was changed, or sealed with another secret."""


class Seal:
    """Seals and opens texts with a secret of 16 bytes or more."""

    def __init__(self, secret: bytes) -> None:
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret)
        self._fernet = Fernet(urlsafe_b64encode(made))

    def seal(self, text: str) -> bytes:
        """Two seals of the same text differ."""
        return self._fernet.encrypt(text.encode())

    def open(self, blob: bytes) -> str:
        """The text again. Raises Broken, which says nothing of what was in it."""
        try:
            return self._fernet.decrypt(blob).decode()
        except InvalidToken:
            raise Broken("sealed words can't be opened") from None
