"""Free text to a topic.

A topic is its phrases (`knowledge/topics/`). What they have in common is learnt once, when content is
loaded (bot/language/likeness.py); `none` is a topic too, of what is none of the others.

Rule 1: a message that is one of the phrases, to the letter, is that topic's.
Rule 2: otherwise each topic has its likeness, from 0 to 1. A message of several clauses is also read
        clause by clause, and a need in one of them counts half as much: it may be buried in a rant.
Rule 3: sure means likely and clearly likelier than the next; else up to three are asked about, and
        where `none` is likeliest, nothing is.
Rule 4: the author's phrase that is nearest speaks for its topic, so that staff see why.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from bot.engine.model import Match, Topic, Understanding
from bot.language.likeness import Floats, Likeness, learn
from bot.language.rows import Holders
from bot.language.text import clauses, plain_words

NONE = "none"  # the topic whose phrases are none of the topics
SURE = 0.42  # the first numbers to change, with `peerpath evaluate` beside you
CLEARLY = 0.15
# The guard has heard nothing, so a crisis is asked about rather than taken for granted.
SURE_OF_CRISIS = 0.8
MAYBE_CRISIS = 0.2
MAYBE = 0.07
NOTHING = 0.45  # how likely `none` must be for nothing to be asked
MOST_MAYBES = 3
CLAUSE = 0.5  # what a clause of a longer message counts: it may be an aside
LONG = 16  # words from which a message is read clause by clause
MOST_HOLDERS = 100  # phrases that share a word and are compared; rarer words are looked up first


class Matcher:
    """Knows the topics by their phrases. Built once an edition; holds nothing of any message.

    `likeness` is what was learnt from examples_of(topics), where that was kept; else it is learnt now.
    """

    def __init__(self, topics: Iterable[Topic], likeness: Likeness | None = None) -> None:
        topics = list(topics)
        self._likeness = likeness or learn(examples_of(topics))
        self._number = {label: at for at, label in enumerate(self._likeness.labels)}
        phrases = [
            (topic.id, text, language)
            for topic in topics
            for language, texts in topic.phrases.items()
            for text in texts
        ]
        self._topics = [topic for topic, _, _ in phrases]
        self._texts = [text for _, text, _ in phrases]
        self._languages = [language for _, _, language in phrases]
        words = [plain_words(text) for text in self._texts]
        self._lengths = [len(set(each)) for each in words]
        self._whole = Holders([" ".join(each)] for each in words)
        self._holders = Holders(
            [f"{topic} {word}" for word in dict.fromkeys(each)]
            for topic, each in zip(self._topics, words, strict=True)
        )

    @property
    def vocabulary(self) -> Collection[str]:
        """The words that phrases are made of, folded."""
        return self._likeness.speller.vocabulary

    def meant(self, text: str) -> str:
        """The message as it is read, misspelt words mended: for previews."""
        return " ".join(self._likeness.speller.mend(plain_words(text)))

    def understand(self, text: str) -> Understanding:
        """What a message may mean: one topic for sure, or up to three to ask about."""
        words = plain_words(text)
        meant = self._likeness.speller.mend(words)
        ranked = self._rank(text, words, meant)
        nothing = next((likely for topic, likely in ranked if topic == NONE), 0.0)
        named = [(topic, likely) for topic, likely in ranked if topic != NONE]
        if not named or named[0][1] < MAYBE or (ranked[0][0] == NONE and nothing >= NOTHING):
            return Understanding()
        (best, likely), after = named[0], named[1][1] if len(named) > 1 else 0.0
        enough = SURE_OF_CRISIS if _crisis(best) else SURE
        known = sum(word in self.vocabulary for word in meant)
        # `chest` alone is no crisis, and `whatever i typed` is about nothing that is known.
        hardly = (_crisis(best) and len(words) < 2) or known < len(words) / 2
        if likely >= enough and likely - max(after, nothing) >= CLEARLY and not hardly:
            return Understanding(sure=self._match(best, likely, meant))
        near = [
            self._match(topic, likely, meant)
            for topic, likely in named[:MOST_MAYBES]
            if likely >= max(MAYBE_CRISIS if _crisis(topic) else MAYBE, named[0][1] / 6)
        ]
        return Understanding(maybe=tuple(match for match in near if match.phrase))

    def rank(self, text: str, most: int = MOST_MAYBES) -> list[Match]:
        """The likeliest topics, best first, each with its nearest phrase."""
        words = plain_words(text)
        meant = self._likeness.speller.mend(words)
        ranked = self._rank(text, words, meant, most)
        return [self._match(topic, likely, meant) for topic, likely in ranked]

    def _rank(
        self, text: str, words: Sequence[str], meant: Sequence[str], most: int = MOST_MAYBES + 2
    ) -> list[tuple[str, float]]:
        if not any(word in self.vocabulary for word in meant):
            return []  # not a word of it is known: nothing can be said
        if exact := self._is(words):
            return [(exact, 1.0)]
        likely = self._likely(words, text)
        best = np.argsort(-likely, kind="stable")[:most]
        return [(self._likeness.labels[at], float(likely[at])) for at in best]

    def _is(self, words: Sequence[str]) -> str:
        """The topic that has a phrase of just these words."""
        for at in self._whole.of_each([" ".join(words)])[0]:
            if plain_words(self._texts[at]) == words:
                return self._topics[at]
        return ""

    def _likely(self, words: Sequence[str], text: str) -> Floats:
        apart = clauses(text) if len(words) >= LONG else []
        out, *parts = self._likeness.of_each([words, *(apart if len(apart) > 1 else ())])
        nothing = self._number.get(NONE)
        for part in parts:
            # `thank you` beside a need does not make the need nothing.
            if nothing is not None:
                out[nothing] = min(out[nothing], part[nothing])
                part[nothing] = 0.0
            np.maximum(out, CLAUSE * part, out=out)
        out /= out.sum()
        return out

    def _match(self, topic: str, likely: float, meant: Sequence[str]) -> Match:
        at = self._nearest(topic, meant)
        if at is None:
            return Match(topic, round(likely, 4), "", "en")
        return Match(topic, round(likely, 4), self._texts[at], self._languages[at])

    def _nearest(self, topic: str, words: Sequence[str]) -> int | None:
        """The phrase of a topic that shares most with a message, rare words counting most."""
        known = dict(zip(words, self._likeness.rarity(words), strict=True))
        rarest = sorted(known, key=lambda word: -known[word])
        near: dict[int, float] = defaultdict(float)
        holders = self._holders.of_each((f"{topic} {word}" for word in rarest), MOST_HOLDERS)
        for word, held in zip(rarest, holders, strict=True):
            for at in held:
                if self._topics[at] == topic:  # two words may have one digest
                    near[at] += known[word]
            if len(near) >= MOST_HOLDERS:
                break
        if not near:
            return None
        return max(near, key=lambda at: (near[at] / math.sqrt(self._lengths[at] + 2), -at))


def examples_of(topics: Iterable[Topic]) -> list[tuple[str, str]]:
    """What is learnt from: each phrase of each topic, with the topic's id."""
    return [
        (text, topic.id) for topic in topics for texts in topic.phrases.values() for text in texts
    ]


def _crisis(topic: str) -> bool:
    return topic.startswith("crisis.")
