"""The crisis guard: does this message alarm us?

It runs first on every message of every channel, with no saved state and no store. Its rules come
from the safety proposal this project follows (docs/safety.md):

Rule 1: a phrase is found inside a message, through typos in long words, chat spelling, letters
        held down, spaced out or swapped for signs, in English and Spanish at once.
Rule 2: a denial lowers a phrase only if it stands right before it. What follows a denial and
        takes it back (`but`, `today`, `idk`) makes it a hedged denial, which gets a gentle check.
        Phrases that deny by nature (`don't want to live`) are not denials.
Rule 3: an idiom exempts a whole phrase, never a word, and any second cue voids it.
Rule 4: what is long past gets a check, unless a second cue says it is not over.
Rule 5: people who want to learn or teach are left in peace by the weakest phrases only.
Rule 6: where somebody else is in danger, the screen is about them.

Phrases are lists that a counsellor can read (`knowledge/alarms/`). FLOOR below is always there,
whatever becomes of those files. Nothing here remembers a word of what was typed.

A phrase is plain words, plus:  `(a|b c)` either · `[x]` may be missing · `<group>` a word of that
group · `...` up to four words in between.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.engine.model import Alarm, Level
from bot.engine.text import CHAT, FILLERS, Word, fold, hear, sounds, squeeze, unleet

GAP = "..."
MOST_SKIPPED = 4  # words that `...` may stand for
MOST_SPELLINGS = 400  # what one phrase may expand to: a slip in its brackets, not a phrase
SHORTEST_TYPO = 5  # letters; shorter words are one letter from too many others
TWO_TYPOS = 9  # letters from which two slips are forgiven
MOST_HITS = 400  # enough of one message to judge it by


@dataclass(frozen=True, slots=True)
class AlarmPhrase:
    """A phrase that alarms: `screen` is the crisis screen that fits, or for a check-in why."""

    pattern: str
    category: str
    level: Level
    screen: str
    language: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a counsellor wrote: phrases, the groups they name, idioms, and the words of the rules
    (`denials`, `denial_links`, `takes_back`, `past`, `learning`, `someone`, `me`)."""

    phrases: tuple[AlarmPhrase, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()  # real words that are no typo of anything


# Which screen is shown when several fit: most urgent first.
_URGENCY = ("imminent", "active", "doer", "someone-else")
_ORDER = (
    "overdose",
    "medical",
    "suicide",
    "sexual_abuse",
    "violence",
    "domestic_violence",
    "self_harm",
    "withdrawal",
)
# Check-ins that a wish to learn may explain. Every other phrase stands whoever asks.
_WEAK = frozenset({"mention", "someone-else"})

_FLOOR_PHRASES: Mapping[tuple[str, Level, str, str], tuple[str, ...]] = {
    ("suicide", "escalate", "active", "en"): (
        "(kill|killing|hang|hanging|shoot|shooting) (myself|my self)",
        "(want|going|ready|plan|planning) to die",
        "(end|ending|take|taking) my [own] life",
        "end it all",
        "i am suicidal",
        "kms",
        "unalive",
        "do not want to (live|be alive)",
    ),
    ("suicide", "escalate", "active", "es"): (
        "me (quiero|voy a|boy a) (matar|morir|suicidar|colgar|ahorcar)",
        "(quiero|voy a) (morirme|matarme|suicidarme|ahorcarme|colgarme|morir)",
        "(quitarme|acabar con mi) [la] vida",
        "(no|ya no) quiero (vivir|seguir viviendo)",
    ),
    ("suicide", "escalate", "someone-else", "en"): ("(kill|hang) (himself|herself|themself)",),
    ("self_harm", "escalate", "active", "en"): ("(cut|cutting|hurt|hurting|burn) myself",),
    ("self_harm", "escalate", "active", "es"): ("(cortarme|lastimarme|cortando los brazos)",),
    ("overdose", "escalate", "imminent", "en"): (
        "took (all|too many) [of] [my] (pills|medicine)",
        "(overdosed|overdosing)",
        "not breathing",
    ),
    ("overdose", "escalate", "imminent", "es"): ("(sobredosis|no respira)",),
    ("sexual_abuse", "escalate", "active", "en"): ("(raped|raping|rape) me", "sexually assaulted"),
    ("sexual_abuse", "escalate", "active", "es"): ("me (violaron|violo|viola)",),
    ("violence", "escalate", "active", "en"): ("going to (kill|stab|shoot|jump) me",),
    ("violence", "escalate", "doer", "en"): ("going to (kill|stab|shoot) (him|her|them|you|my)",),
    ("violence", "escalate", "active", "es"): ("me (van a|quieren) (matar|picar)",),
    ("violence", "escalate", "doer", "es"): ("(lo|la|los|las) voy a matar",),
    ("medical", "escalate", "imminent", "en"): ("can not breathe", "heart attack", "man down"),
    ("medical", "escalate", "imminent", "es"): ("no puedo respirar", "me duele el pecho"),
    ("withdrawal", "escalate", "imminent", "en"): ("withdrawal ... (seizure|seeing things)",),
    ("domestic_violence", "escalate", "active", "en"): (
        "(he|she|husband|wife|boyfriend|girlfriend) ... (hit|hits|beat|beats|choked) me",
    ),
    ("domestic_violence", "escalate", "active", "es"): ("me (pega|golpea|pego|ahorco)",),
}
FLOOR = Lexicon(
    phrases=tuple(
        AlarmPhrase(pattern, category, level, screen, language)
        for (category, level, screen, language), patterns in _FLOOR_PHRASES.items()
        for pattern in patterns
    )
)


class Guard:
    """Listens to messages with the floor and the lexicon it is given. Built once an edition."""

    def __init__(self, lexicon: Lexicon = Lexicon()) -> None:  # noqa: B008 - frozen
        self._phrases = (*FLOOR.phrases, *lexicon.phrases)
        self._ear = _Ear(lexicon.groups, lexicon.ordinary)
        self._alarms = _Trie(self._ear, (phrase.pattern for phrase in self._phrases))
        self._quiet = _Trie(self._ear, lexicon.quiet)
        rules = lexicon.rules
        self._takes_back = _Trie(self._ear, rules.get("takes_back", ()))
        self._past = _Trie(self._ear, rules.get("past", ()))
        self._learning = _Trie(self._ear, rules.get("learning", ()))
        self._denials, self._links, self._someone, self._me = (
            frozenset(word for phrase in rules.get(name, ()) for word in fold(phrase).split())
            for name in ("denials", "denial_links", "someone", "me")
        )
        self._denies_itself = tuple(
            any(word in self._denials for word in _letters(phrase.pattern).split())
            for phrase in self._phrases
        )
        self._ear.close()

    def hear(self, text: str) -> Alarm | None:
        """The most urgent alarm in a message, or nothing. Time grows with its length alone."""
        words = self._ear.split(hear(text))
        readings = self._ear.readings(words)
        hits = list(self._alarms.scan(readings))
        if not hits:
            return None
        judged = [
            (hit, alarm)
            for hit in hits
            if (alarm := self._judge(hit, words, readings)) is not None
        ]
        idioms = list(self._quiet.scan(readings))
        bare = [alarm for hit, alarm in judged if not any(_inside(hit, idiom) for idiom in idioms)]
        if not bare:
            return None
        # A second cue voids the idiom: then what it covered counts as well.
        return min((alarm for _, alarm in judged), key=_urgency)

    def _judge(
        self, hit: "_Hit", words: Sequence[Word], readings: Sequence[Sequence[str]]
    ) -> Alarm | None:
        phrase = self._phrases[hit.phrase]
        level, screen = phrase.level, phrase.screen
        if not self._denies_itself[hit.phrase] and self._denied(hit, words):
            after = readings[hit.end : hit.end + 15]
            if not any(True for _ in self._takes_back.scan(after)):
                return None
            level, screen = "check_in", "denied"
        elif screen in _WEAK and any(True for _ in self._learning.scan(readings)):
            return None
        elif level == "escalate" and self._is_past(hit, words, readings):
            level, screen = "check_in", "past"
        elif screen in {"active", "imminent"} and self._about_someone(hit, words):
            screen = "someone-else"
        return Alarm(phrase.category, level, screen, phrase.pattern, phrase.language)

    def _denied(self, hit: "_Hit", words: Sequence[Word]) -> bool:
        """A denial in the same clause with nothing but linking words up to the phrase."""
        for word in reversed(words[max(0, hit.start - 6) : hit.start]):
            if word.clause != words[hit.start].clause:
                return False
            if word.text in self._denials:
                return True
            if word.text not in self._links:
                return False
        return False

    def _is_past(
        self, hit: "_Hit", words: Sequence[Word], readings: Sequence[Sequence[str]]
    ) -> bool:
        sentence = words[hit.start].sentence
        start = hit.start
        while start and words[start - 1].sentence == sentence:
            start -= 1
        end = hit.end
        while end < len(words) and words[end].sentence == sentence:
            end += 1
        window = readings[max(start, hit.start - 30) : min(end, hit.end + 30)]
        return any(True for _ in self._past.scan(window))

    def _about_someone(self, hit: "_Hit", words: Sequence[Word]) -> bool:
        """Somebody else is the subject: named before the phrase in its clause, with no `I`
        between them."""
        if any(word.text in self._me for word in words[hit.start : hit.end]):
            return False
        for word in reversed(words[max(0, hit.start - 6) : hit.start]):
            if word.clause != words[hit.start].clause or word.text in self._me:
                return False
            if word.text in self._someone:
                return True
        return False


def _urgency(alarm: Alarm) -> tuple[int, int, int]:
    near = _URGENCY.index(alarm.screen) if alarm.screen in _URGENCY else len(_URGENCY)
    return (alarm.level != "escalate", near > 0, _ORDER.index(alarm.category) * 10 + near)


def _inside(hit: "_Hit", idiom: "_Hit") -> bool:
    return idiom.start <= hit.start and hit.end <= idiom.end


# ── phrases ────────────────────────────────────────────────────────────────────────────────────


def spellings(pattern: str) -> list[tuple[str, ...]]:
    """Every sequence of words, `<group>`s and `...` that a phrase stands for.

    Raises ValueError, in words for its author, where the brackets do not add up.
    """
    parts, rest = _parse(pattern, "")
    if rest:
        raise ValueError(f"there is a `{rest[0]}` too many")
    found = {
        tuple(symbol for piece in pieces for symbol in piece) for pieces in product(*parts)
    }
    if len(found) > MOST_SPELLINGS:
        raise ValueError(f"it stands for {len(found)} phrases; {MOST_SPELLINGS} is the most")
    out = sorted(sequence for sequence in found if any(s != GAP for s in sequence))
    if not out or any(sequence[0] == GAP or sequence[-1] == GAP for sequence in out):
        raise ValueError("a phrase begins and ends with a word, not with `...`")
    return out


def _parse(text: str, closing: str) -> tuple[list[list[tuple[str, ...]]], str]:
    """Pieces of a phrase up to `closing`, each a list of what it may be; and what is left."""
    ways: list[list[list[tuple[str, ...]]]] = [[]]
    while text:
        head, text = text[0], text[1:]
        if head.isspace():
            continue
        if head == closing:
            return _either(ways), text
        if head in ")]":
            return _either(ways), head + text
        if head == "|":
            if not closing:
                raise ValueError("`|` stands inside brackets: (a|b)")
            ways.append([])
        elif head in "([":
            close = ")" if head == "(" else "]"
            inner, text = _parse(text, close)
            one = [tuple(s for piece in p for s in piece) for p in product(*inner)]
            ways[-1].append([(), *one] if head == "[" else one)
        elif head == "<":
            name, found, text = text.partition(">")
            if not found:
                raise ValueError("`<` is not closed with `>`")
            ways[-1].append([(f"<{name.strip()}>",)])
        elif head == "." and text.startswith(".."):
            ways[-1].append([(GAP,)])
            text = text[2:]
        else:
            word = head
            while text and not text[0].isspace() and text[0] not in "()[]<>|" + ".":
                word, text = word + text[0], text[1:]
            ways[-1].append([_plain(word)])
    if closing:
        raise ValueError(f"a bracket is not closed: `{closing}` is missing")
    return _either(ways), ""


def _either(ways: list[list[list[tuple[str, ...]]]]) -> list[list[tuple[str, ...]]]:
    if len(ways) == 1:
        return ways[0]
    return [[tuple(s for piece in p for s in piece) for way in ways for p in product(*way)]]


def _plain(word: str) -> tuple[str, ...]:
    return tuple(
        out
        for folded in fold(word).split()
        for out in CHAT.get(folded, folded).split()
        if out not in FILLERS
    )


def _letters(pattern: str) -> str:
    return " ".join(word for word in " ".join(_plain(w) and " ".join(_plain(w)) or ""
                    for w in pattern.translate(_BRACKETS).split()).split())


_BRACKETS = str.maketrans(dict.fromkeys("()[]<>|.", " "))


@dataclass(frozen=True, slots=True)
class _Hit:
    phrase: int
    start: int
    end: int


class _Node:
    __slots__ = ("ends", "gap", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.gap: _Node | None = None
        self.ends: list[int] = []


class _Trie:
    """All phrases of one kind, walked together over a message, one word after another."""

    def __init__(self, ear: "_Ear", patterns: Iterable[str]) -> None:
        self._root = _Node()
        for number, pattern in enumerate(patterns):
            for sequence in spellings(pattern):
                node = self._root
                for symbol in sequence:
                    if symbol == GAP:
                        node.gap = node.gap or _Node()
                        node = node.gap
                    else:
                        ear.learn(symbol)
                        node = node.next.setdefault(symbol, _Node())
                if number not in node.ends:
                    node.ends.append(number)

    def scan(self, readings: Sequence[Sequence[str]]) -> Iterator[_Hit]:
        """Where phrases end. `active` holds each live node once, with its latest start, so the
        work for a word is bounded by the trie and never by the message."""
        active: dict[tuple[_Node, int], int] = {}
        found = 0
        for at, symbols in enumerate(readings):
            following: dict[tuple[_Node, int], int] = {}
            active[self._root, 0] = at
            for (node, skips), start in active.items():
                for symbol in symbols:
                    child = node.next.get(symbol)
                    if child is None:
                        continue
                    _keep(following, child, 0, start)
                    if child.gap is not None:
                        _keep(following, child.gap, MOST_SKIPPED, start)
                    for phrase in child.ends:
                        yield _Hit(phrase, start, at + 1)
                        found += 1
                        if found >= MOST_HITS:
                            return
                if skips:
                    _keep(following, node, skips - 1, start)
            active = following


def _keep(active: dict[tuple[_Node, int], int], node: _Node, skips: int, start: int) -> None:
    if active.get((node, skips), -1) < start:
        active[node, skips] = start


class _Ear:
    """Which lexicon words a typed word may be."""

    def __init__(self, groups: Mapping[str, tuple[str, ...]], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._groups: dict[str, set[str]] = {}
        self._known: set[str] = set()
        self._by_letter: dict[str, list[str]] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._by_length: dict[int, list[str]] = {}
        for name, members in groups.items():
            for member in members:
                for word in _plain(member):
                    self._groups.setdefault(word, set()).add(f"<{name}>")
                    self.learn(word)

    def learn(self, symbol: str) -> None:
        if not symbol.startswith("<"):
            self._known.add(symbol)

    def close(self) -> None:
        """Index what was learnt; called once, when every phrase is in."""
        for word in sorted(self._known):
            self._by_length.setdefault(len(word), []).append(word)
            if len(word) >= SHORTEST_TYPO - 1:
                self._by_letter.setdefault(word[0], []).append(word)
            if len(word) > 3:
                self._by_sound.setdefault(sounds(word), set()).add(word)

    def readings(self, words: Sequence[Word]) -> list[tuple[str, ...]]:
        """For each word the lexicon words and groups it may stand for."""
        memo: dict[str, tuple[str, ...]] = {}  # of this message alone
        out = []
        for word in words:
            text = word.text
            if text not in memo:
                candidates = {text} if text in self._known else {text, *self._guesses(text)}
                named = (name for c in candidates for name in self._groups.get(c, ()))
                memo[text] = tuple(sorted({*candidates, *named}))
            out.append(memo[text])
        return out

    def _guesses(self, word: str) -> Iterator[str]:
        if word in self._ordinary:
            return
        for form in (word, squeeze(word), *unleet(word)):
            for candidate in (form, form + "g" if form.endswith("in") else form):
                if candidate in self._known:
                    yield candidate
            if "*" in form:
                yield from (
                    known
                    for known in self._by_length.get(len(form), ())
                    if all(a in {"*", b} for a, b in zip(form, known, strict=True))
                )
            elif len(form) >= SHORTEST_TYPO:
                yield from self._typos(form)
        if len(word) > 3:
            yield from self._by_sound.get(sounds(word), ())

    def _typos(self, word: str) -> Iterator[str]:
        near = self._by_letter.get(word[0], ())
        most = 2 if len(word) >= TWO_TYPOS else 1
        for known, distance, _ in extract(
            word, near, scorer=OSA.distance, score_cutoff=most, limit=4
        ):
            # A short word may miss one letter of a longer one, not be one slip from a short one.
            if len(known) >= SHORTEST_TYPO and (distance == 1 or len(known) >= TWO_TYPOS):
                yield known

    def split(self, words: Sequence[Word]) -> list[Word]:
        """`killmyself` is two words. Only words that are nothing else are taken apart."""
        out: list[Word] = []
        for word in words:
            text = word.text
            if 7 <= len(text) <= 60 and text not in self._known and text not in self._ordinary:
                parts = self._parts(text)
                out.extend(Word(part, word.sentence, word.clause) for part in parts)
                if parts:
                    continue
            out.append(word)
        return out

    def _parts(self, text: str) -> list[str]:
        best: list[list[str] | None] = [[]] + [None] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - 14), end):
                head, tail = best[start], text[start:end]
                known = tail in self._known and (len(tail) > 1 or tail in "ia")
                if head is None or not known:
                    continue
                if best[end] is None or len(head) + 1 < len(best[end] or ()):
                    best[end] = [*head, tail]
        parts = best[-1] or []
        return parts if any(len(part) > 2 for part in parts) else []
