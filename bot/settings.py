"""The only place that reads the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
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

    @property
    def learnt_dir(self) -> Path:
        """Where what was learnt from phrases is kept; it can be deleted at any time."""
        return self.data_dir / "learnt"

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """From the environment. Reads no file and makes none."""
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
        try:
            # O_EXCL: of two processes that start together, one makes it and both read it.
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_urlsafe(32))


def _long_enough(secret: bytes, name: str) -> bytes:
    if len(secret) < 16:
        raise SettingsProblem(f"{name} is too short to be a secret: give it 16 letters or more.")
    return secret


def _content_dir() -> Path:
    if (Path.cwd() / "flows").is_dir():
        return Path.cwd()
    return REPOSITORY if (REPOSITORY / "flows").is_dir() else SHIPPED
