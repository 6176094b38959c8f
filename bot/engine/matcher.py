"""Free text to a choice, a command or a topic.

Phrases are found inside messages; messages are not compared with phrases. (Compared whole with
rapidfuzz's `WRatio` at 76 %, "sand" reaches "sad" and "I want to die tonight" scrapes in at 76.5.)

Rule 1: a number picks by number, words pick by being the words of exactly one choice.
Rule 2: a command is a whole message, never a word of one.
Rule 3: a topic is its phrases. The message's spelling is corrected against their vocabulary, the
        whole message and each of its clauses are compared with every phrase by the words they
        share, rare words counting most, and the best phrase speaks for its topic.
Rule 4: sure means good and clearly better than the next; else up to three are asked about, and
        where the phrases of `none` fit best, nothing is.

`Matcher.understand` is the door: a better way to score may move in behind it.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract, extractOne

from bot.engine.house import COMMANDS
from bot.engine.model import Match, Topic, Understanding
from bot.engine.text import fold, hear, plain_words

NONE = "none"  # the topic whose phrases are none of the topics
SURE = 0.52  # the first numbers to change, with `peerpath evaluate` beside you
CLEARLY = 0.06
MAYBE = 0.26
MOST_MAYBES = 3
PAIR = 0.7  # what a pair of words weighs beside its words
CLAUSE = 0.93  # what a clause of a longer message counts: it may be an aside

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


def pick(text: str, choices: Mapping[str, Sequence[str]]) -> str:
    """The id of the one choice whose words these are, misspelt or inside a longer message.

    `choices` maps ids to the words that pick them. Where two would do, none is picked.
    """
    phrases = [
        (choice, words) for choice, many in choices.items() for p in many if (words := _words(p))
    ]
    typed = _words(text)
    if not typed:
        return ""
    spelled = _correct(typed, {word for _, words in phrases for word in words})
    for fits in (_is, _holds, _is_part_of):
        for message in (typed, spelled):
            found: dict[str, int] = {}
            for choice, words in phrases:
                if fits(message, words):
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


def _is_part_of(message: Sequence[str], words: Sequence[str]) -> bool:
    return max(map(len, message)) > 3 and set(message) <= set(words)


def _correct(words: Sequence[str], vocabulary: Iterable[str]) -> tuple[str, ...]:
    """Each word of four letters or more, as the nearest word of the vocabulary spells it."""
    known = set(vocabulary)
    near = [word for word in known if len(word) > 3]
    return tuple(
        word if word in known or len(word) < 4 else _nearest(word, near) or word for word in words
    )


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


@dataclass(frozen=True, slots=True)
class _Phrase:
    topic: str
    text: str
    language: str


class Matcher:
    """Knows the topics by their phrases. Built once an edition; holds nothing of any message."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._phrases = [
            _Phrase(topic.id, text, language)
            for topic in topics
            for language, texts in topic.phrases.items()
            for text in texts
        ]
        features = [_features(plain_words(phrase.text)) for phrase in self._phrases]
        spread: dict[str, int] = {}
        for some in features:
            for feature in set(some):
                spread[feature] = spread.get(feature, 0) + 1
        total = len(features) + 1
        rarity = {f: math.log(total / (n + 1)) for f, n in spread.items()}
        # A pair of words weighs what its words do: `how do`, `i need` are pairs of common words
        # and say as little as these.
        self._weight = {
            f: rarity[f] if " " not in f else PAIR * math.prod(rarity[w] for w in f.split()) ** 0.5
            for f in spread
        }
        self._unknown = math.log(total)
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for index, some in enumerate(features):
            length = math.sqrt(sum(self._weight[f] ** 2 for f in set(some))) or 1.0
            for feature in set(some):
                weight = self._weight[feature] / length
                self._holders.setdefault(feature, []).append((index, weight))
        self._vocabulary = frozenset(feature for feature in self._weight if " " not in feature)
        self._long_words: dict[str, list[str]] = {}
        for word in sorted(self._vocabulary):
            if len(word) > 3:
                self._long_words.setdefault(word[0], []).append(word)

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that phrases are made of, folded."""
        return self._vocabulary

    def understand(self, text: str) -> Understanding:
        """What a message may mean: one topic for sure, or up to three to ask about."""
        ranked = self.rank(text)
        if not ranked or ranked[0].topic == NONE or ranked[0].score < MAYBE:
            return Understanding()
        best = ranked[0]
        next_score = ranked[1].score if len(ranked) > 1 else 0.0
        # One word, `chest`, is no crisis that is sure; the guard has heard the message already.
        hardly = best.topic.startswith("crisis.") and len(plain_words(text)) < 2
        clearly = best.score >= SURE and best.score - next_score >= CLEARLY
        if clearly and not hardly and self._knows_rarest(best.topic, text):
            return Understanding(sure=best)
        near = [m for m in ranked if m.topic != NONE and m.score >= max(MAYBE, best.score * 0.6)]
        return Understanding(maybe=tuple(near[:MOST_MAYBES]))

    def _knows_rarest(self, topic: str, text: str) -> bool:
        """Whether a topic uses the word that says most of the message: `how do i deal with anger`
        is much like `how do i deal with a denial`, but not about it."""
        words = [word for word in self._spell(plain_words(text)) if word in self._vocabulary]
        rarest = max(words, key=lambda word: self._weight[word], default="")
        return any(
            self._phrases[index].topic == topic for index, _ in self._holders.get(rarest, ())
        )

    def rank(self, text: str) -> list[Match]:
        """Every topic that shares a word with the message, best first, with its best phrase."""
        best: dict[str, tuple[float, int]] = {}
        for share, words in _readings(text):
            for index, alike in self._compare(self._spell(words)).items():
                score = alike * share
                topic = self._phrases[index].topic
                if topic == NONE and share < 1.0:
                    continue  # `thank you` beside a need does not make the need nothing
                if score > best.get(topic, (0.0, 0))[0]:
                    best[topic] = (score, index)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [
            Match(topic, round(score, 4), self._phrases[i].text, self._phrases[i].language)
            for topic, (score, i) in ranked
        ]

    def _spell(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            word
            if word in self._vocabulary or len(word) < 4
            else _nearest(word, self._long_words.get(word[0], ())) or word
            for word in words
        )

    def _compare(self, words: Sequence[str]) -> dict[int, float]:
        """For each phrase that shares a word, how alike they are: 0 to 1."""
        features = set(_features(words))
        squared = sum(
            self._weight.get(f, 0.0 if " " in f else self._unknown) ** 2 for f in features
        )
        scores: dict[int, float] = {}
        for feature in features:
            weight = self._weight.get(feature, 0.0)
            for index, share in self._holders.get(feature, ()):
                scores[index] = scores.get(index, 0.0) + weight * share
        length = math.sqrt(squared) or 1.0
        return {index: min(1.0, score / length) for index, score in scores.items()}


def _features(words: Sequence[str]) -> list[str]:
    """Words, and pairs of words that follow each other."""
    return [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]


def _readings(text: str) -> list[tuple[float, tuple[str, ...]]]:
    """The whole message, and each clause of a longer one, with what it counts: a need may be
    buried in a rant."""
    whole = plain_words(text)
    clauses: dict[int, list[str]] = {}
    for word in hear(text):
        clauses.setdefault(word.clause, []).append(word.text)
    parts = [tuple(words) for words in clauses.values() if len(words) > 1]
    if len(parts) < 2:
        return [(1.0, whole)]
    return [(1.0, whole), *((CLAUSE, part) for part in parts[:40])]
