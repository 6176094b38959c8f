"""The only place that reads the environment."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent / "shipped"  # flows/ and knowledge/ of an installed wheel
REPOSITORY = Path(__file__).resolve().parent.parent


class SettingsProblem(Exception):
    """The environment asks for something that can't be. The message says what, and no secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation is set up."""

    data_dir: Path
    database_url: str
    content_dir: Path
    facility: str
    public_url: str
    trusted_proxies: str = ""  # addresses or networks whose X-Forwarded-For is believed
    telegram_token: str = field(default="", repr=False)  # from BotFather
    telegram_api_url: str = ""  # another Bot API server than Telegram's own
    telegram_webhook_secret: str = field(default="", repr=False)  # made of the secret, if not given
    telegram_per_second: float = 28.0  # messages that Telegram lets this bot send
    sms_token: str = field(default="", repr=False)  # the carrier's auth token
    sms_account: str = ""  # the carrier's id for us
    sms_number: str = ""  # ours
    sms_api_url: str = ""  # another carrier that speaks as Twilio does

    @property
    def learnt_dir(self) -> Path:
        """Where what was learnt from phrases is kept; it can be deleted at any time."""
        return self.data_dir / "learnt"

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """From the environment. Reads no file and makes none. Raises SettingsProblem."""
        env = os.environ if environment is None else environment
        data_dir = Path(env.get("PEERPATH_DATA_DIR") or "data").absolute()
        return cls(
            data_dir=data_dir,
            database_url=env.get("PEERPATH_DATABASE_URL")
            or f"sqlite:///{data_dir / 'peerpath.sqlite3'}",
            content_dir=Path(env.get("PEERPATH_CONTENT_DIR") or _content_dir()).absolute(),
            facility=env.get("PEERPATH_FACILITY", ""),
            public_url=env.get("PEERPATH_PUBLIC_URL", ""),
            trusted_proxies=env.get("PEERPATH_TRUSTED_PROXIES", ""),
            telegram_token=env.get("PEERPATH_TELEGRAM_TOKEN", ""),
            telegram_api_url=env.get("PEERPATH_TELEGRAM_API_URL", ""),
            telegram_webhook_secret=_webhook_secret(
                env.get("PEERPATH_TELEGRAM_WEBHOOK_SECRET", "")
            ),
            telegram_per_second=_rate(env.get("PEERPATH_TELEGRAM_PER_SECOND") or "28"),
            sms_token=env.get("PEERPATH_SMS_TOKEN", ""),
            sms_account=env.get("PEERPATH_SMS_ACCOUNT", ""),
            sms_number=env.get("PEERPATH_SMS_NUMBER", ""),
            sms_api_url=env.get("PEERPATH_SMS_API_URL", ""),
        )

    def secret(self, environment: Mapping[str, str] | None = None) -> bytes:
        """What keys are made with: PEERPATH_SECRET, PEERPATH_SECRET_FILE, or one made for this
        installation and kept in the data folder, readable by its owner alone.

        Raises SettingsProblem."""
        env = os.environ if environment is None else environment
        if given := env.get("PEERPATH_SECRET"):
            return _long_enough(given.encode(), "PEERPATH_SECRET")
        named = env.get("PEERPATH_SECRET_FILE")
        path = Path(named) if named else self.data_dir / "secret"
        try:
            if not path.exists() and not named:
                self._make_secret(path)
            return _long_enough(path.read_bytes().strip(), str(path.name))
        except OSError as error:
            raise SettingsProblem(
                f"The secret can't be read or made ({error.strerror}: {path.name})."
            ) from None

    def _make_secret(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole beside its place, then linked there: a start that is cut short leaves no
        # half of a secret that every later one would refuse, and of two processes that start
        # together, both read the one that was linked first.
        made, beside = tempfile.mkstemp(prefix=".secret-", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(made, "w") as file:
                file.write(secrets.token_urlsafe(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, path)
            except FileExistsError:
                pass  # the other one was first
            except OSError:
                Path(beside).replace(path)  # a disk that knows no links
        finally:
            Path(beside).unlink(missing_ok=True)


def _long_enough(secret: bytes, name: str) -> bytes:
    if len(secret) < 16:
        raise SettingsProblem(f"{name} is too short to be a secret: give it 16 letters or more.")
    return secret


def _webhook_secret(given: str) -> str:
    """As Telegram takes it (core.telegram.org/bots/api#setwebhook)."""
    plain = given.replace("_", "").replace("-", "")
    if given and not (plain.isascii() and plain.isalnum() and len(given) <= 256):
        raise SettingsProblem(
            "PEERPATH_TELEGRAM_WEBHOOK_SECRET may have letters, digits, _ and - in it, 256 at most."
        )
    return given


def _rate(given: str) -> float:
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    if not 1 <= rate <= 10_000:
        raise SettingsProblem("PEERPATH_TELEGRAM_PER_SECOND is a number from 1 to 10000.")
    return rate


def _content_dir() -> Path:
    if (Path.cwd() / "flows").is_dir():
        return Path.cwd()
    return REPOSITORY if (REPOSITORY / "flows").is_dir() else SHIPPED
