"""What somebody typed, as one of a few things it can be here: a number, a command, a choice.

Rule 1: a number picks by number, words pick by being the words of exactly one choice.
Rule 2: a command is a whole message, never a word of one.
Rule 3: words of four letters or more may be misspelt, unless they are words themselves and stand in a
        sentence; where two choices would do, none is picked.
Rule 4: in a crisis a no is a no only where nothing of weight follows: `no one would miss me` is none.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract, extractOne

from bot.engine.house import COMMANDS, PLAN_WORDS
from bot.language.text import fold, plain_words

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "zero cero none",
            "one uno una first primero primera primer",
            "two dos second segundo segunda",
            "three tres third tercero tercera",
            "four cuatro fourth cuarto cuarta",
            "five cinco fifth quinto quinta",
            "six seis sixth sexto",
            "seven siete seventh",
            "eight ocho eighth",
            "nine nueve ninth",
            "ten diez tenth",
        )
    )
    for word in words.split()
}
_BESIDE_NUMBERS = frozenset("number option choice the el la numero opcion num no im i am a".split())


_DENIALS = frozenset("not no never nunca ni tampoco nada".split())
_NO = frozenset("no nah naw nope nop nel not".split())
# What may follow a no and leave it one.
_BESIDE_NO = frozenset(
    """no not i am it is its that thanks thank you sir maam good fine ok okay alright all right well just
    really never estoy bien gracias senor senora para nada es eso claro que pos pues yo""".split()
)


def number(text: str) -> int | None:
    """The whole number a message is: `2`, `#2`, `two`, `option 2`, `la segunda`; else nothing."""
    words = [word for word in fold(text).split() if word not in _BESIDE_NUMBERS]
    if len(words) != 1:
        return None
    word = words[0]
    if word.isdecimal() and len(word) < 4:
        return int(word)
    return _NUMBERS.get(word)


def exact_command(text: str) -> str:
    """The command that a whole message is, to the letter; else nothing."""
    return _COMMAND_OF.get(fold(text), "")


def command(text: str) -> str:
    """The command that a whole message is, typos forgiven; else nothing."""
    folded = fold(text)
    found = _COMMAND_OF.get(folded)
    if found is None and 4 < len(folded) < 30:
        most = 1 if len(folded) < 9 else 2
        near = extractOne(folded, _COMMAND_OF.keys(), scorer=OSA.distance, score_cutoff=most)
        found = _COMMAND_OF[near[0]] if near and len(near[0]) > 4 else None
    return found or ""


_COMMAND_OF = {phrase: name for name, phrases in COMMANDS.items() for phrase in phrases}


def pick(
    text: str,
    choices: Mapping[str, Sequence[str]],
    *,
    crisis: bool = False,
    real: Container[str] = frozenset(),
) -> str:
    """The id of the one choice whose words these are, misspelt or inside a longer message.

    `choices` maps ids to the words that pick them. Where two would do, none is picked. `real` are
    words that are no slip of another; `crisis` is Rule 4.
    """
    phrases = [
        (choice, words) for choice, many in choices.items() for p in many if (words := _words(p))
    ]
    typed = _words(text)
    if not typed:
        return ""
    spelled = _correct(typed, {word for _, words in phrases for word in words}, real)
    for fits in (_is, _holds, _is_part_of):
        for message in (typed, spelled):
            found: dict[str, int] = {}
            for choice, words in phrases:
                if fits(message, words) and not (
                    crisis and _is_more_than_no(message, words, _others(phrases, choice, words))
                ):
                    found[choice] = max(found.get(choice, 0), len(words))
            longest = [choice for choice, n in found.items() if n == max(found.values())]
            if len(longest) == 1:
                return longest[0]
    return _one_slip_from(" ".join(typed), phrases)


def _one_slip_from(message: str, phrases: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """The one choice whose words, taken whole, are a slip away: `go onn` is `go on`, though no
    word of it is long enough to be corrected by itself."""
    if len(message) < 5:
        return ""
    near = {
        choice
        for choice, words in phrases
        if len(whole := " ".join(words)) > 4 and OSA.distance(message, whole, score_cutoff=1) <= 1
    }
    return near.pop() if len(near) == 1 else ""


def _words(text: str) -> tuple[str, ...]:
    return plain_words(text.replace("*", ""))


def asks_for_plan(text: str) -> bool:
    """Whether it is the bare words for a safety plan, with nothing beside them: not so much as a
    sign that a fold would drop."""
    return " ".join(text.lower().split()).strip(' .!?¡¿"“”') in PLAN_WORDS


def is_sentence(text: str) -> bool:
    """Whether a message is long enough for its words to explain each other."""
    return len(_words(text)) > 2


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether a message is one of these phrases, to the letter."""
    folded = fold(text)
    return any(fold(phrase) == folded for phrase in phrases)


def _is(message: Sequence[str], words: Sequence[str]) -> bool:
    return message == words


def _holds(message: Sequence[str], words: Sequence[str]) -> bool:
    if len("".join(words)) < 4:  # `no`, `yes`, `si`: only where the message opens with it
        return tuple(message[: len(words)]) == tuple(words)
    return any(
        tuple(message[at : at + len(words)]) == tuple(words)
        and not _DENIALS.intersection(message[max(0, at - 3) : at])  # `not good` is not `good`
        for at in range(len(message))
    )


def _is_more_than_no(
    message: Sequence[str], words: Sequence[str], others: Iterable[tuple[str, ...]]
) -> bool:
    """Whether a no (`no`, `im not`) is followed by more than manners and by none of the other words
    that pick the same: `no, just mad` is what it says."""
    is_no = bool(words) and (words[0] in _NO or words[-1] in _NO) and len(words) < 4
    if not is_no or _BESIDE_NO.union(words).issuperset(message):
        return False
    return not any(set(other) <= set(message) - _NO for other in others)


def _others(
    phrases: Iterable[tuple[str, tuple[str, ...]]], choice: str, words: tuple[str, ...]
) -> list[tuple[str, ...]]:
    return [other for one, other in phrases if one == choice and other != words]


def holds_little(text: str, words: Iterable[str]) -> bool:
    """Whether the words that pick a choice are less than half of a message."""
    typed = _words(text)
    held = (len(one) for many in words if (one := _words(many)) and _holds(typed, one))
    return len(typed) >= 4 and 2 * max(held, default=0) < len(typed)


def _is_part_of(message: Sequence[str], words: Sequence[str]) -> bool:
    return max(map(len, message)) > 3 and set(message) <= set(words)


def _correct(
    words: Sequence[str], vocabulary: Iterable[str], real: Container[str]
) -> tuple[str, ...]:
    """Each word of four letters or more, as the nearest word of the vocabulary spells it. A real
    word is left alone, but for its ending: `stuff` is no slip of `staff`, and `crowds` is `crowd`."""
    known = set(vocabulary)
    near = [word for word in known if len(word) > 3]
    out = []
    for word in words:
        if word in known or len(word) < 4:
            out.append(word)
            continue
        may_be = near
        if word in real:
            may_be = [one for one in near if word.startswith(one) or one.startswith(word)]
        out.append(_nearest(word, may_be) or word)
    return tuple(out)


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word a typed one most likely is: one slip away, two in a long word. A word of four
    letters is too near to others (`nose`, `nope`) for anything but letters that changed places or
    one that is missing."""
    most = 1 if len(word) < 7 else 2
    found = extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=4)
    likely = [
        (slips, other)
        for other, slips, _ in found
        if (other[0] == word[0] or slips == 1)
        and (len(word) > 4 or len(other) > 4 or sorted(other) == sorted(word))
    ]
    return min(likely)[1] if likely else ""
