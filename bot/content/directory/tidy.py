"""Texts, numbers, dates and hours as people left them in a directory, made plain."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

import ftfy
import nh3
import phonenumbers

from bot.content.directory.shelf import Number
from bot.content.reading import flow_lines
from bot.engine.finder import DAY
from bot.engine.model import Hours
from bot.language.text import fold

COUNTRY = "US"  # whose numbers have no country code
LONGEST_TEXT = 500  # letters of one text on a card: a phone screen

# Straightens what was encoded twice; leaves people's quotes as they are.
_MEND = ftfy.TextFixerConfig(unescape_html=True, uncurl_quotes=False, explain=False)
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/h\d|/ul|/ol|/tr)\b[^>]*>", re.IGNORECASE)
_ITEMS = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_MAIL = re.compile(r"<([^\s<>@]+@[^\s<>@]+)>")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_GAPS = re.compile(r"[ \t\u00a0\u2000-\u200b\ufeff]+")
_LINES = re.compile(r" ?\n ?")
_PARAGRAPHS = re.compile(r"\n{3,}")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")
# How we write a number ourselves; those are kept as they are.
_NEAT = re.compile(r"(?:\(\d{3}\) |\d{3}-|1-\d{3}-)\d{3}-\d{4}|\d{3}|\d{5,6}")
_PERHAPS_A_NUMBER = re.compile(r"(?:\d\D{0,3}){10}")
_NO_DIGITS = re.compile(r"\D+")
_NOTHING = frozenset({"", "n a", "na", "none", "null", "nil", "no", "unknown", "tbd", "0", "nan"})


# ── texts ──────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=10_000)  # directories repeat themselves, and we read some texts twice
def text(raw: str) -> str:
    """A text without HTML, entities, broken encodings and stray spaces."""
    if not raw:
        return ""
    words = raw
    if "&" in words:
        words = html.unescape(words)
    if "<" in words:
        words = _MAIL.sub(r"\1", words)
        words = _ITEMS.sub("\n- ", _BREAKS.sub("\n", words))
        words = html.unescape(nh3.clean(words, tags=set()))
    if not words.isascii() or "&" in words:
        words = ftfy.fix_text(words, _MEND)
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    words = _PARAGRAPHS.sub("\n\n", _LINES.sub("\n", _GAPS.sub(" ", words)))
    return flow_lines(words)


def line(raw: str) -> str:
    """A text on one line: a name, a street."""
    return " ".join(text(raw).split())


def something(raw: str) -> str:
    """A text, or nothing where it only says that there is nothing: `None`, `N/A`."""
    words = text(raw)
    return "" if fold(words) in _NOTHING else words


def short(words: str, most: int = LONGEST_TEXT) -> str:
    """The first sentences of a text, as many as fit a card."""
    if len(words) <= most:
        return words
    out = ""
    for sentence in _SENTENCES.split(words):
        if len(out) + len(sentence) + 1 > most:
            break
        out += (" " if out else "") + sentence
    return out or words[: most - 1].rpartition(" ")[0] + "…"


def url(raw: str) -> str:
    """An address as people read it out: no `https://`, no slash at the end."""
    words = line(raw)
    if " " in words or "." not in words or "@" in words:
        return ""
    bare = words.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare if "/" in bare.rstrip("/") else bare.rstrip("/")


def email(raw: str) -> str:
    """The first email address in a text."""
    found = _ADDRESS.search(raw)
    return found.group() if found else ""


# ── numbers ────────────────────────────────────────────────────────────────────────────────────


def phones(raw: str, kind: str, extension: str, note: str) -> list[Number]:
    """A phone field: one number, several, or one with words around it."""
    words = line(raw).strip('"')
    notes = [*([note] if note else []), *([_extension(extension)] if extension.strip() else [])]
    if _NEAT.fullmatch(words):
        return [Number(words, kind, ", ".join(notes))]
    found = list(_matches(words, phonenumbers.Leniency.POSSIBLE))
    if not found and _possible(words):
        found = [(words, phonenumbers.parse(words, COUNTRY), "")]
    return [
        Number(
            _written(number),
            kind,
            ", ".join([*notes, *([_extension(number.extension)] if number.extension else [])]),
        )
        for _, number, _ in found
    ]


@lru_cache(maxsize=10_000)
def phones_in(words: str) -> tuple[Number, ...]:
    """Numbers that a text names, faxes left out."""
    if not _PERHAPS_A_NUMBER.search(words):  # ten times faster than to look in vain
        return ()
    return tuple(
        Number(_written(number), note=_extension(number.extension) if number.extension else "")
        for _, number, before in _matches(words, phonenumbers.Leniency.VALID)
        if "fax" not in before.lower()
    )


def _matches(words: str, leniency: int) -> Iterator[tuple[str, phonenumbers.PhoneNumber, str]]:
    for match in phonenumbers.PhoneNumberMatcher(words, COUNTRY, leniency):
        yield match.raw_string, match.number, words[max(0, match.start - 12) : match.start]


def _possible(words: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(words, COUNTRY))
    except phonenumbers.NumberParseException:
        return False


def _written(number: phonenumbers.PhoneNumber) -> str:
    home = number.country_code == phonenumbers.country_code_for_region(COUNTRY)
    style = phonenumbers.PhoneNumberFormat
    plain = phonenumbers.PhoneNumber(number.country_code, number.national_number)
    return phonenumbers.format_number(plain, style.NATIONAL if home else style.INTERNATIONAL)


def _extension(raw: str) -> str:
    digits = _NO_DIGITS.sub("", raw)
    return f"ext. {digits}" if digits else ""


def whole(raw: str, most: int) -> int | None:
    """A whole number from 0 up, or nothing."""
    try:
        value = float(raw)
    except ValueError:
        return None
    return int(value) if 0 <= value <= most and value == int(value) else None


def degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    """A point on the globe, or nothing; 0, 0 is how many programs write “unknown”."""
    try:
        point = float(latitude), float(longitude)
    except ValueError:
        return None
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180) or point == (0.0, 0.0):
        return None
    return point


def day(raw: str) -> date | None:
    """A date, as 2026-11-22 (with or without a time after it) or 11/22/2026."""
    words = raw.strip()
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        pass
    parts = words.partition(" ")[0].split("/")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    month, day_, year = (int(part) for part in parts)
    try:
        return date(year, month, day_)
    except ValueError:
        return None


# ── hours ──────────────────────────────────────────────────────────────────────────────────────

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")


def weekdays(raw: str) -> list[int]:
    """The days that `MO,TU`, `Monday` or `weekday, saturday` name; nothing for `1MO`, the first
    Monday of a month."""
    out: list[int] = []
    for word in re.split(r"[,;/ ]+", raw.lower()):
        if word in {"weekday", "weekdays"}:
            out += range(5)
        elif word in {"daily", "everyday"}:
            out += range(7)
        elif len(word) >= 2:
            out += [number for number, name in enumerate(_DAYS) if name.startswith(word)]
    return sorted(set(out))


def minute(raw: str) -> int | None:
    """`08:00`, `10:00:00+01:00`, `9am`, `4:00 PM`: minutes after midnight."""
    found = _TIME.fullmatch(_OFFSET.sub("", raw.strip()))
    if not found:
        return None
    hour, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    value = hour * 60 + minutes
    return value if minutes < 60 and value <= DAY else None


def opening(weekday: int, opens: int, closes: int) -> Hours | None:
    """Hours that can be meant. Closing before opening is a night where it opens in the afternoon;
    in the morning it is a slip (9 to 3), and we claim nothing."""
    if opens == closes and opens in {0, DAY}:
        return Hours(weekday, 0, DAY)
    if closes <= opens:
        return Hours(weekday, opens, closes + DAY) if opens >= DAY // 2 else None
    return Hours(weekday, opens, closes)


def spoken_hours(hours: Iterable[Hours]) -> str:
    """Hours in words, days with the same hours together: `Mon, Tue 8:00 AM to 5:00 PM`."""
    by_time: dict[tuple[int, int], list[str]] = {}
    for one in hours:
        names = by_time.setdefault((one.opens_at, one.closes_at), [])
        names.append(_DAYS[one.weekday][:3].title())
    return "; ".join(
        f"{', '.join(names)} {_clock(opens)} to {_clock(closes)}"
        for (opens, closes), names in by_time.items()
    )


def _clock(minutes: int) -> str:
    hour, rest = divmod(minutes % DAY, 60)
    return f"{(hour - 1) % 12 + 1}:{rest:02} {'PM' if hour >= 12 else 'AM'}"


# ── languages ──────────────────────────────────────────────────────────────────────────────────

_LANGUAGES = {
    name: code
    for pair in """
        english en|spanish es|espanol es|chinese zh|mandarin zh|cantonese yue|tagalog tl|filipino tl
        vietnamese vi|korean ko|armenian hy|farsi fa|persian fa|russian ru|arabic ar|hindi hi
        punjabi pa|khmer km|cambodian km|hmong hmn|lao lo|japanese ja|portuguese pt|french fr
        thai th|amharic am|german de|italian it|polish pl|ukrainian uk|urdu ur|bengali bn|somali so
        swahili sw|samoan sm|tongan to|haitian creole ht|american sign language ase|asl ase
        mixtec mix|mam mam|dari prs|pashto ps|gujarati gu|hebrew he|greek el|turkish tr|slovak sk
        """.replace("\n", "|").split("|")
    if (words := pair.split())
    for name, code in [(" ".join(words[:-1]), words[-1])]
}
NAMES = {code: name.title() for name, code in reversed(_LANGUAGES.items())}


def language(raw: str) -> str:
    """The code of a language that is named or given as a code; nothing where we don't know it."""
    name = fold(raw)
    if name in _LANGUAGES:
        return _LANGUAGES[name]
    return name if len(name) in {2, 3} and name.isalpha() else ""
