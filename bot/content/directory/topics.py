"""Which of our topics a service is about, by knowledge/directories/topics.yaml.

Rule 1: a category or keyword that we know decides; beside it only a word in the name counts.
Rule 2: else words do. In the name a word weighs most, in the first sentences more than later on;
        a word that turns up once at the end of a long text is no topic.
Rule 3: at most three, and none that is far behind the best.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.language.text import fold

IN_NAME, IN_OPENING, LATER = 6, 3, 1
OPENING = 200  # letters
ENOUGH = 3
MOST = 3
FAR_BEHIND = 0.5  # of the best
LONGEST_WORD = 5  # words in a row
SHORTEST_PLURAL = 5  # letters; `aids` and `gas` are none

NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells of one topic: whole categories, and words."""

    terms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Topics:
    """All signs, folded and ready."""

    signs: Mapping[str, Signs]
    _terms: dict[str, list[str]] = field(default_factory=dict)
    _words: dict[str, list[str]] = field(default_factory=dict)
    _beginnings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    # The words that any sign starts with, or their first letters: most words of a text start none.
    _starts: set[str] = field(default_factory=set)
    _letters: int = 1
    _before: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for topic, signs in self.signs.items():
            for term in signs.terms:
                self._terms.setdefault(fold(term), []).append(topic)
            for word in signs.words:
                if word.endswith("*"):
                    before, _, beginning = " ".join(_singular(word)).rpartition(" ")
                    self._beginnings.setdefault(before, []).append((beginning, topic))
                else:
                    self._words.setdefault(" ".join(_singular(word)), []).append(topic)
        for phrase in (*self._words, *(before for before in self._beginnings if before)):
            self._starts.add(phrase.partition(" ")[0])
        alone = [word for word, _ in self._beginnings.get("", ())]
        self._letters = min(map(len, alone), default=1)
        self._starts |= {word[: self._letters] for word in alone}

    def of(self, terms: Iterable[str], name: str, description: str) -> tuple[str, ...]:
        """The topics of a service, the clearest first; none where nothing tells."""
        known = [topic for term in terms for topic in self._terms.get(fold(term), ())]
        decided = [topic for topic in known if topic != NO_TOPIC]
        text = (name, "" if decided else description)
        if text not in self._before:  # directories say many things twice
            self._before[text] = self._by_words(*text)
        said = self._before[text]
        return tuple(dict.fromkeys([*decided, *said]))[:MOST]

    def _by_words(self, name: str, description: str) -> tuple[str, ...]:
        scores: dict[str, int] = {}
        said: set[tuple[str, str]] = set()
        parts = (name, description[:OPENING], description[OPENING:])
        for weight, part in zip((IN_NAME, IN_OPENING, LATER), parts, strict=True):
            found = set(self._signs_in(_singular(part)))
            for _, topic in found - said:
                scores[topic] = scores.get(topic, 0) + weight
            said |= found
        least = max(ENOUGH, FAR_BEHIND * max(scores.values(), default=0))
        best = sorted(scores, key=lambda topic: (-scores[topic], topic))
        return tuple(topic for topic in best if scores[topic] >= least)[:MOST]

    def _signs_in(self, words: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The signs in a text. Of two that overlap the longer counts: `credit counseling` is about
        money, though `counseling` alone is not."""
        taken = 0
        for start, word in enumerate(words):
            if word not in self._starts and word[: self._letters] not in self._starts:
                continue
            for end in range(min(start + LONGEST_WORD, len(words)), max(start, taken), -1):
                phrase = " ".join(words[start:end])
                if topics := [*self._words.get(phrase, ()), *self._begun(phrase)]:
                    yield from ((phrase, topic) for topic in topics)
                    taken = end
                    break

    def _begun(self, phrase: str) -> Iterable[str]:
        before, _, last = phrase.rpartition(" ")
        for beginning, topic in self._beginnings.get(before, ()):
            if last.startswith(beginning):
                yield topic


def _singular(text: str) -> list[str]:
    """The words of a text, folded, without the s of a plural; the same for both sides."""
    return [
        word[:-1] if len(word) >= SHORTEST_PLURAL and word.endswith("s") else word
        for word in fold(text).split()
    ]
