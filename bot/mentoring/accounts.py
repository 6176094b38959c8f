"""Who may sign in at the desk, and who is signed in.

There is no default password. Whoever makes an account gets a link that works once and for three
days; its owner sets the password there. Passwords are argon2id hashes, made and checked in a
thread. Wrong passwords are slowed, never locked out for good: nobody can shut somebody else out.
What a browser holds is a random cookie, of which only a digest is kept.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from bot.mentoring.audit import Audit
from bot.mentoring.rows import number, text
from bot.store import Conflict, Store, Write

ROLES = ("mentor", "coordinator", "staff", "admin")
LINK_LASTS = 3 * 86_400.0  # seconds
IDLE, LONGEST = 30 * 60.0, 12 * 3600.0  # of a session, untouched and in all
SHORTEST = 10  # letters of a password
FREE_TRIES, LONGEST_DELAY = 5, 900.0

# Memory for one hash: 19 MiB and 2 passes are what OWASP names as enough for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))  # so that an unknown name takes as long


class NotAllowed(Exception):
    """Something about an account that can't be; the sentence, in both languages, says what, and
    holds no secret."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.said = {"en": english, "es": spanish}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `mentor` is whose desk it is, if a mentor's."""

    name: str
    role: str
    mentor: str = ""
    stopped: bool = False
    ready: bool = True  # a password is set


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is at the desk. `session` is the digest that names their session."""

    account: Account
    session: str


class Accounts:
    """All accounts over a store; every change of one is in the audit log."""

    def __init__(self, store: Store, audit: Audit) -> None:
        self._store = store
        self._audit = audit

    async def all(self) -> list[Account]:
        """Everybody, by name."""
        rows = await self._store.rows(
            "SELECT name, role, mentor, stopped, password FROM accounts ORDER BY name"
        )
        return [_account(row) for row in rows]

    async def add(self, by: str, name: str, role: str, now: float, mentor: str = "") -> str:
        """A new account; the secret of the link that sets its password. Raises NotAllowed."""
        plain = " ".join(name.split()).lower()
        if not (2 <= len(plain) <= 40 and all(c.isalnum() or c in ".-_ " for c in plain)):
            raise NotAllowed(
                "A name has 2 to 40 letters or digits; dots and hyphens are fine.",
                "Un nombre tiene de 2 a 40 letras o números; se permiten puntos y guiones.",
            )
        if role not in ROLES:
            known = ", ".join(ROLES)
            raise NotAllowed(
                f"There is no role {role}. There is: {known}.",
                f"No hay un papel {role}. Hay: {known}.",
            )
        if (role == "mentor") != bool(mentor):
            raise NotAllowed(
                "A mentor's account belongs to a mentor, and no other does.",
                "La cuenta de un mentor es de un mentor, y ninguna otra lo es.",
            )
        secret = secrets.token_urlsafe(24)
        values = (plain, role, mentor, "", _digest(secret), now + LINK_LASTS, 0, 0, 0.0)
        write = Write("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values, 1)
        try:
            await self._audit.record(by, "account-added", f"{plain} ({role})", now, write)
        except Conflict:
            raise NotAllowed(
                f"There is an account {plain} already.", f"Ya hay una cuenta {plain}."
            ) from None
        return secret

    async def new_link(self, by: str, name: str, now: float) -> str:
        """A link that sets a new password; the old one is void, and whoever was signed in is out.

        Raises NotAllowed."""
        secret = secrets.token_urlsafe(24)
        await self._change(
            by,
            "account-link",
            name,
            now,
            Write(
                "UPDATE accounts SET password = '', link = ?, until = ? "
                "WHERE name = ? AND stopped = 0",
                (_digest(secret), now + LINK_LASTS, name),
                1,
            ),
            Write("DELETE FROM desk_sessions WHERE account = ?", (name,)),
        )
        return secret

    async def stop(self, by: str, name: str, now: float, *extra: Write) -> None:
        """Somebody may not sign in any more, from now. Raises NotAllowed."""
        if name == by:
            raise NotAllowed(
                "You can't stop your own account: ask another admin.",
                "No puedes cerrar tu propia cuenta: pídelo a otra persona que administre.",
            )
        await self._change(
            by,
            "account-stopped",
            name,
            now,
            Write(
                "UPDATE accounts SET stopped = 1, password = '', link = '' "
                "WHERE name = ? AND stopped = 0",
                (name,),
                1,
            ),
            Write("DELETE FROM desk_sessions WHERE account = ?", (name,)),
            *extra,
        )

    async def _change(self, by: str, what: str, name: str, now: float, *writes: Write) -> None:
        try:
            await self._audit.record(by, what, name, now, *writes)
        except Conflict:
            raise NotAllowed(
                f"There is no account {name} that could be changed.",
                f"No hay una cuenta {name} que se pueda cambiar.",
            ) from None

    async def of_link(self, secret: str, now: float) -> Account | None:
        """Whose password a link sets, while it works."""
        rows = await self._store.rows(
            "SELECT name, role, mentor, stopped, password FROM accounts "
            "WHERE link = ? AND until > ? AND stopped = 0",
            _digest(secret),
            now,
        )
        return _account(rows[0]) if rows else None

    async def set_password(self, secret: str, password: str, now: float) -> Account:
        """Set it by the link, which is used up. Raises NotAllowed."""
        account = await self.of_link(secret, now)
        if account is None:
            raise NotAllowed(
                "This link does not work any more. Ask for a new one.",
                "Este enlace ya no sirve. Pide uno nuevo.",
            )
        if len(password) < SHORTEST:
            raise NotAllowed(
                f"A password has {SHORTEST} letters or more. A few words are good.",
                f"Una contraseña tiene {SHORTEST} letras o más. Unas palabras están bien.",
            )
        if password.strip().lower() == account.name:
            raise NotAllowed("Your name is no password.", "Tu nombre no es una contraseña.")
        hashed = await asyncio.to_thread(_HASHER.hash, password[:1000])
        write = Write(
            "UPDATE accounts SET password = ?, link = '', wrong = 0 WHERE name = ? AND link = ?",
            (hashed, account.name, _digest(secret)),
            1,
        )
        await self._change(account.name, "password-set", account.name, now, write)
        return account

    # ── signing in ─────────────────────────────────────────────────────────────────────────────

    async def sign_in(self, name: str, password: str, now: float) -> str:
        """The cookie of a new session. Raises NotAllowed, with the same sentence for a wrong name
        as for a wrong password."""
        plain = " ".join(name.split()).lower()[:40]
        rows = await self._store.rows(
            "SELECT password, stopped, wrong, wrong_at FROM accounts WHERE name = ?", plain
        )
        hashed, stopped, wrong, wrong_at = rows[0] if rows else ("", 1, 0, 0.0)
        wait = _delay(int(number(wrong))) - (now - number(wrong_at))
        if wait > 0:
            minutes = max(1, round(wait / 60))
            raise NotAllowed(
                f"Too many tries. Please try again in {minutes} min.",
                f"Demasiados intentos. Prueba otra vez en {minutes} min.",
            )
        good = await asyncio.to_thread(_fits, text(hashed) or _NOBODY, password[:1000])
        if not (good and text(hashed) and not stopped):
            if rows:
                await self._store.write(
                    Write(
                        "UPDATE accounts SET wrong = wrong + 1, wrong_at = ? WHERE name = ?",
                        (now, plain),
                    )
                )
            raise NotAllowed(
                "That name and password don't go together.",
                "Ese nombre y esa contraseña no van juntos.",
            )
        cookie = secrets.token_urlsafe(32)
        await self._audit.record(
            plain,
            "signed-in",
            "",
            now,
            Write("UPDATE accounts SET wrong = 0 WHERE name = ? AND stopped = 0", (plain,), 1),
            Write(
                "INSERT INTO desk_sessions VALUES (?, ?, ?, ?)", (_digest(cookie), plain, now, now)
            ),
            Write(
                "DELETE FROM desk_sessions WHERE seen < ? OR began < ?", (now - IDLE, now - LONGEST)
            ),
        )
        return cookie

    async def who(self, cookie: str, now: float) -> SignedIn | None:
        """Who a cookie is, while their session lasts."""
        if not cookie:
            return None
        rows = await self._store.rows(
            "SELECT a.name, a.role, a.mentor, a.stopped, a.password, s.seen "
            "FROM desk_sessions AS s JOIN accounts AS a ON a.name = s.account "
            "WHERE s.digest = ? AND s.seen > ? AND s.began > ? AND a.stopped = 0",
            _digest(cookie),
            now - IDLE,
            now - LONGEST,
        )
        if not rows:
            return None
        if now - number(rows[0][5]) > 60:  # a write a minute is enough to know that they are here
            await self._store.write(
                Write("UPDATE desk_sessions SET seen = ? WHERE digest = ?", (now, _digest(cookie)))
            )
        return SignedIn(_account(rows[0]), _digest(cookie))

    async def sign_out(self, session: str) -> None:
        """End a session."""
        await self._store.write(Write("DELETE FROM desk_sessions WHERE digest = ?", (session,)))


def _account(row: tuple[object, ...]) -> Account:
    name, role, mentor, stopped, password = row[:5]
    return Account(str(name), str(role), str(mentor), bool(stopped), bool(password))


def _digest(secret: str) -> str:
    # The secrets are random and long: a plain digest can't be turned back.
    return hashlib.sha256(b"desk\0" + secret.encode()).hexdigest() if secret else "-"


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def _delay(wrong: int) -> float:
    if wrong < FREE_TRIES:
        return 0.0
    return min(LONGEST_DELAY, 10.0 * 2.0 ** min(wrong - FREE_TRIES, 10))
