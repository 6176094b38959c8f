"""A reply as text messages. Pure.

A message is paid for and carried in segments: 160 letters of the GSM-7 alphabet, 153 each where there
are several (3GPP TS 23.038 and 23.040); with a single letter outside of it, 70 and 67. So curly
quotes and dashes, which cost a person half of what fits, become plain ones. Accents stay: words
without them are not Spanish.
"""

from collections.abc import Iterator, Sequence

from bot.channels.phrases import phrase
from bot.channels.splitting import pieces, utf16
from bot.engine import plain
from bot.engine.model import Reply

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each
PLAIN = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "—": "-", "–": "-",
    "…": "...", "•": "-", "·": "-", "→": "->", "×": "x", "\u00a0": " ", "\u202f": " ", "\t": " ",
    "[": "(", "]": ")",
})  # fmt: skip
MOST_IN_A_MESSAGE = 6  # segments: longer ones some phones show in pieces
MOST_IN_A_TURN = 10  # segments; for what is left, people write MORE


def segments(words: str) -> int:
    """How many segments a message takes. One letter of two places never straddles two segments."""
    if all(letter in BASIC or letter in EXTENDED for letter in words):
        sizes, alone, each = [2 if letter in EXTENDED else 1 for letter in words], 160, 153
    else:
        sizes, alone, each = [utf16(letter) for letter in words], 70, 67
    if sum(sizes) <= alone:
        return 1
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count


def texts(reply: Reply, more: Sequence[str] = ()) -> list[str]:
    """All that a reply says, as messages of at most MOST_IN_A_MESSAGE segments. `more` is what the
    channel adds, before the question."""
    shown = list(plain.bubbles(reply))
    asked = len(reply.asks)
    words = [*shown[: len(shown) - asked], *more, *shown[len(shown) - asked :]]
    if reply.options:
        words.append("\n".join(_options(reply)))
    whole = "\n\n".join(words).translate(PLAIN)
    return list(pieces(whole, MOST_IN_A_MESSAGE, segments))


def _options(reply: Reply) -> Iterator[str]:
    if reply.scale:
        low, high = reply.options[0].label, reply.options[-1].label
        yield phrase("sms-scale", reply.language, low=low, high=high)
        return
    yield from (f"{number} {option.label}" for number, option in enumerate(reply.options, 1))
    yield phrase("sms-pick", reply.language)


def page(messages: Sequence[str], start: int, language: str, *, whole: bool = False) -> list[str]:
    """The messages from `start` that one turn may cost, at least one; `whole` gives all of them.
    Where something is left, the last says so."""
    out: list[str] = []
    spent = 0
    for number, words in enumerate(messages[start:], start + 1):
        spent += segments(words)
        if out and spent > MOST_IN_A_TURN and not whole:
            break
        out.append(words)
        if number == len(messages):
            return out
    return [*out[:-1], f"{out[-1]}\n\n{phrase('sms-more', language)}"] if out else out
