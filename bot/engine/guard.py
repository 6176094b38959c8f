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
Rule 7: a second opinion, learnt from messages as people write them (`knowledge/messages/`), is
        asked where no phrase calls for the screen. It may ask a gentle question, and where it is
        sure show the screen. It never lowers what a phrase says, and what the rules found denied
        or past it leaves as they found it.

Phrases are lists that a counsellor can read (`knowledge/alarms/`). FLOOR below is always there,
whatever becomes of those files. Nothing here remembers a word of what was typed.

A phrase is plain words, plus:  `(a|b c)` either · `[x]` may be missing · `<group>` something of
that group (`<number>` and `<year>` are always there) · `...` up to four words in between.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.engine.model import Alarm, Level
from bot.language.likeness import Likeness
from bot.language.text import (
    CHAT,
    FILLERS,
    Word,
    clauses,
    fold,
    hear,
    plain_words,
    sounds,
    squeeze,
    unleet,
)

GAP = "..."
MOST_SKIPPED = 5  # words that `...` may stand for
MOST_WAYS = 200  # of one bracket: more is a slip in the brackets, not a phrase
SHORTEST_TYPO = 5  # letters; shorter words are one letter from too many others
TWO_TYPOS = 9  # letters from which two slips are forgiven
TAKEN_BACK = 15  # words after a denial within which it may be taken back
QUIET = "quiet"  # what the second opinion calls a message that is no danger
ASK = "check-in"  # and a message that calls for a gentle question; any other label names a screen
SHOWN = 0.4  # how likely it must be that a screen is called for, to show it
SHOWN_ANYWAY = 0.5  # the same where a phrase was heard that calls for a question
ASKED = 0.45  # how likely it must be that a message is not quiet, to ask
ASKED_ANYWAY = 0.9  # the same where a phrase was heard and dismissed: a denial, an idiom, a lesson
NEVER = 2.0  # no likelihood is that high
FEWEST = 2  # words the second opinion needs: it knows nothing of `tonight` by itself
LONG = 14  # words from which it also reads a message clause by clause
MANY_HITS = 300
MOST_HITS = 24  # of one phrase in a message: enough to judge it by


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
    (`denials`, `denial_links`, `takes_back`, `past`, `now`, `learning`, `someone`, `me`)."""

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
_JUDGED = frozenset({"denied", "past"})  # check-ins that a rule made of an alarm
_PARTICIPLES = ("ado", "ido", "echo", "icho", "isto", "uesto")  # Spanish ones, after `he`

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
        "me (quiero|voy a) (matar|morir|suicidar|colgar|ahorcar)",
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
    """Listens to messages with the floor and the lexicon it is given, and a second opinion whose
    labels are `quiet` and a danger with a screen or with ASK: `suicide imminent`, `medical
    check-in`. Built once an edition."""

    def __init__(self, lexicon: Lexicon = Lexicon(), opinion: Likeness | None = None) -> None:
        self._opinion = opinion
        self._calls_for = [_called(label) for label in (opinion.labels if opinion else ())]
        self._shows = np.array([screen not in ("", ASK) for _, screen in self._calls_for], float)
        self._asks = np.array([bool(screen) for _, screen in self._calls_for], float)
        self._phrases = (*FLOOR.phrases, *lexicon.phrases)
        rules = lexicon.rules
        self._denials, self._links, self._someone, self._me = (
            frozenset(word for phrase in rules.get(name, ()) for word in fold(phrase).split())
            for name in ("denials", "denial_links", "someone", "me")
        )
        real = lexicon.ordinary | self._denials | self._links | self._someone | self._me
        self._ear = _Ear(lexicon.groups, real)
        taken_apart = [pieces_of(phrase.pattern) for phrase in self._phrases]
        self._alarms = _Net(self._ear, taken_apart)
        self._quiet = _Net(self._ear, map(pieces_of, lexicon.quiet))
        self._takes_back, self._past, self._now, self._learning = (
            _Net(self._ear, map(pieces_of, rules.get(name, ())))
            for name in ("takes_back", "past", "now", "learning")
        )
        self._ear.close()
        self._names_past = [
            any(True for _ in self._past.scan([(s,) for way in ways for s in way]))
            for ways in (map(_longest, pieces) for pieces in taken_apart)
        ]

    def hear(self, text: str) -> Alarm | None:
        """The most urgent alarm in a message, or nothing. Time grows with its length alone."""
        words = self._ear.split(hear(text))
        readings = self._ear.readings(words)
        hits = list(self._alarms.scan(readings))
        rung = self._rule(words, readings, hits)
        if rung and (rung.level == "escalate" or rung.screen in _JUDGED):
            return rung
        if rung:
            return self._second(text, SHOWN_ANYWAY, NEVER) or rung
        return self._second(text, NEVER, ASKED_ANYWAY) if hits else self._second(text, SHOWN, ASKED)

    def _rule(
        self, words: Sequence[Word], readings: Sequence[tuple[str, ...]], hits: Sequence["_Hit"]
    ) -> Alarm | None:
        if not hits:
            return None
        rules = _Rules(
            takes_back=list(self._takes_back.scan(readings)),
            past=list(self._past.scan(readings)),
            now=list(self._now.scan(readings)),
            learning=list(self._learning.scan(readings)),
        )
        judged = [
            (hit, alarm) for hit in hits if (alarm := self._judge(hit, words, rules)) is not None
        ]
        idioms = list(self._quiet.scan(readings))
        if all(any(_exempt(hit, idiom) for idiom in idioms) for hit, _ in judged):
            return None
        # A second cue voids the idiom: then what it covered counts as well.
        return min((alarm for _, alarm in _longest_of(judged)), key=_urgency)

    def _second(self, text: str, shown: float, asked: float) -> Alarm | None:
        """The second opinion on a message: the screen from a likelihood of `shown` on, else a
        question from `asked` on."""
        words = plain_words(text)
        if self._opinion is None or len(words) < FEWEST:
            return None
        apart = clauses(text, least=4) if len(words) >= LONG else []
        read = self._opinion.of_each([words, *(apart if len(apart) > 1 else ())])
        # A danger in the third sentence drowns in the whole, and a clause by itself says too much.
        show = (read[0] + max(read, key=lambda each: float(each @ self._shows))) / 2 * self._shows
        if float(show.sum()) >= shown:
            category, screen = self._calls_for[int(np.argmax(show))]
            return Alarm(category, "escalate", screen, "", "")
        ask = (read[0] + max(read, key=lambda each: float(each @ self._asks))) / 2 * self._asks
        if float(ask.sum()) >= asked:
            category, _ = self._calls_for[int(np.argmax(ask))]
            return Alarm(category, "check_in", "passive", "", "")
        return None

    def _judge(self, hit: "_Hit", words: Sequence[Word], rules: "_Rules") -> Alarm | None:
        phrase = self._phrases[hit.phrase]
        level, screen = phrase.level, phrase.screen
        if self._denied(hit, words):
            if not any(hit.end <= taken.start < hit.end + TAKEN_BACK for taken in rules.takes_back):
                return None
            level, screen = "check_in", "denied"
        elif screen in _WEAK and _said_beside(hit, rules.learning, words):
            if level == "check_in":
                return None
            level = "check_in"  # somebody may be in danger all the same
        elif level == "escalate" and self._is_past(hit, words, rules):
            level, screen = "check_in", "past"
        elif screen in {"active", "imminent"} and self._about_someone(hit, words):
            screen = "someone-else"
        return Alarm(phrase.category, level, screen, phrase.pattern, phrase.language)

    def _denied(self, hit: "_Hit", words: Sequence[Word]) -> bool:
        """A denial in the same clause with nothing but linking words up to the phrase. Words that
        deny by nature (`don't want to live`) are part of the phrase, and so are no denial of it."""
        if any(word.text in self._denials for word in words[hit.start : hit.end]):
            return False
        for at in range(hit.start - 1, max(-1, hit.start - 7), -1):
            word = words[at]
            if word.clause != words[hit.start].clause:
                return False
            if word.text in self._denials:
                return True
            if word.text not in self._links:
                return False
            if word.text == "he" and not _spanish_have(words, at):
                return False  # `said no he choked me`
        return False

    def _is_past(self, hit: "_Hit", words: Sequence[Word], rules: "_Rules") -> bool:
        """Its sentence says that it is past, and the phrase itself doesn't: `the same shot i used
        to do` is about now."""
        return (
            not self._names_past[hit.phrase]
            and _said_beside(hit, rules.past, words)
            and not _said_beside(hit, rules.now, words)
        )

    def _about_someone(self, hit: "_Hit", words: Sequence[Word]) -> bool:
        """Somebody else is the subject: named before the phrase in its clause, with no `I`
        between them."""
        if any(word.text in self._me for word in words[hit.start : hit.end]):
            return False
        for at in range(hit.start - 1, max(-1, hit.start - 7), -1):
            word = words[at]
            if word.clause != words[hit.start].clause or word.text in self._me:
                return False
            if word.text in self._someone and not _spanish_have(words, at):
                return True
        return False


def _called(label: str) -> tuple[str, str]:
    """The danger and the screen that a label of the second opinion names; of QUIET neither."""
    danger, _, screen = label.partition(" ")
    return ("", "") if label == QUIET else (danger, screen)


def _said_beside(hit: "_Hit", marks: Iterable["_Hit"], words: Sequence[Word]) -> bool:
    """Whether one of the marks stands in the phrase's sentence."""
    sentence = words[hit.start].sentence
    return any(words[mark.start].sentence == sentence for mark in marks)


def _spanish_have(words: Sequence[Word], at: int) -> bool:
    """Whether `he` is Spanish here (`no he pensado`, I have not thought) and no man."""
    following = words[at + 1].text if at + 1 < len(words) else ""
    return words[at].text == "he" and following.endswith(_PARTICIPLES)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Where a message takes a denial back, says that something is past or that it is not over,
    and whether it asks to learn."""

    takes_back: Sequence["_Hit"]
    past: Sequence["_Hit"]
    now: Sequence["_Hit"]
    learning: Sequence["_Hit"]


def _longest_of(judged: Sequence[tuple["_Hit", Alarm]]) -> Iterator[tuple["_Hit", Alarm]]:
    """Without the hits that stand inside a longer one of their level: `he put a gun to my head`
    knows better than `gun to my head`. (A message with hundreds of hits needs no such care.)"""
    for hit, alarm in judged:
        if len(judged) > MANY_HITS or not any(
            other.start <= hit.start
            and hit.end <= other.end
            and other.end - other.start > hit.end - hit.start
            and longer.level == alarm.level
            for other, longer in judged
        ):
            yield hit, alarm


def _urgency(alarm: Alarm) -> tuple[int, int, int]:
    near = _URGENCY.index(alarm.screen) if alarm.screen in _URGENCY else len(_URGENCY)
    return (alarm.level != "escalate", near > 0, _ORDER.index(alarm.category) * 10 + near)


def _exempt(hit: "_Hit", idiom: "_Hit") -> bool:
    """Whether the words a phrase turns on, its last, are part of an idiom: `going to hang` in
    `going to hang out`."""
    return idiom.start < hit.end <= idiom.end


def _longest(piece: "Piece") -> "Way":
    return max(piece, key=len)


# ── phrases ────────────────────────────────────────────────────────────────────────────────────

# A way to say a piece of a phrase: words and `<group>`s one after another. A piece is its ways
# (an empty way: it may be missing); a phrase is its pieces. `...` is the piece `_ANY`.
Way = tuple[str, ...]
Piece = tuple[Way, ...]
_ANY: Piece = ((GAP,),)


def pieces_of(pattern: str) -> tuple[Piece, ...]:
    """A phrase taken apart. Raises ValueError, in words for its author, where it can't be."""
    pieces, rest = _parse(pattern, "")
    if rest:
        raise ValueError(f"there is a `{rest[0]}` too many")
    if not any(() not in piece and piece != _ANY for piece in pieces):
        raise ValueError("every word of it may be missing")
    if _ANY in (pieces[0], pieces[-1]):
        raise ValueError("a phrase begins and ends with a word, not with `...`")
    for piece in pieces:
        if len(piece) > MOST_WAYS:
            raise ValueError(f"a bracket has {len(piece)} ways; {MOST_WAYS} is the most")
    return tuple(pieces)


def shortest(pattern: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    """The shortest message that holds a phrase, for showing that it fires."""
    words: list[str] = []
    for piece in pieces_of(pattern):
        for symbol in min(piece, key=len) if piece != _ANY else ():
            named = symbol[1:-1]
            words.append(next(iter(groups.get(named, ("2020",)))) if symbol[0] == "<" else symbol)
    return " ".join(words)


def _parse(text: str, closing: str) -> tuple[list[Piece], str]:
    """The pieces of a phrase up to `closing`, and what is left after it."""
    alternatives: list[list[Piece]] = [[]]
    while text:
        head, text = text[0], text[1:]
        if head.isspace():
            continue
        if head in ")]":
            if head == closing:
                return _either(alternatives), text
            return _either(alternatives), head + text
        if head == "|":
            if not closing:
                raise ValueError("`|` stands inside brackets: (a|b)")
            alternatives.append([])
        elif head in "([":
            inner, text = _parse(text, ")" if head == "(" else "]")
            ways = tuple(dict.fromkeys(_joined(inner)))
            alternatives[-1].append((*ways, ()) if head == "[" and () not in ways else ways)
        elif head == "<":
            name, found, text = text.partition(">")
            if not found:
                raise ValueError("`<` is not closed with `>`")
            alternatives[-1].append(((f"<{name.strip()}>",),))
        elif head == "." and text.startswith(".."):
            alternatives[-1].append(_ANY)
            text = text[2:]
        else:
            word = head
            while text and not text[0].isspace() and text[0] not in "()[]<>|.":
                word, text = word + text[0], text[1:]
            if said := _plain(word):
                alternatives[-1].append((said,))
    if closing:
        raise ValueError(f"a bracket is not closed: `{closing}` is missing")
    return _either(alternatives), ""


def _either(alternatives: list[list[Piece]]) -> list[Piece]:
    if len(alternatives) == 1:
        return alternatives[0]
    # An alternative that says nothing (a filler word) is no alternative.
    return [tuple(way for pieces in alternatives if pieces for way in _joined(pieces))]


def _joined(pieces: Iterable[Piece]) -> Iterator[Way]:
    for ways in product(*pieces):
        yield tuple(symbol for way in ways for symbol in way)


def _plain(word: str) -> Way:
    return tuple(
        out
        for folded in fold(word).split()
        for out in CHAT.get(folded, folded).split()
        if out not in FILLERS
    )


@dataclass(frozen=True, slots=True)
class _Hit:
    phrase: int
    start: int
    end: int


class _Node:
    """A place in the net of phrases: by which symbols it goes on, where it goes on after a gap,
    and which phrases end here. `shared` are those of its followers that phrases may share."""

    __slots__ = ("ends", "gaps", "next", "shared")

    def __init__(self) -> None:
        self.next: dict[str, tuple[_Node, ...]] = {}
        self.gaps: tuple[_Node, ...] = ()  # most of a hundred thousand nodes have neither
        self.ends: tuple[int, ...] = ()
        self.shared: dict[str, _Node] | None = None

    def onward(self, symbol: str, node: "_Node") -> None:
        self.next[symbol] = (*self.next.get(symbol, ()), node)


class _Net:
    """All phrases of one kind, walked together over a message, one word after another.

    Phrases share their beginnings as far as these are plain words. After that each has nodes of its
    own, where the ways of a piece part and meet again, so that a phrase costs the sum of its ways
    and not their product.
    """

    def __init__(self, ear: "_Ear", phrases: Iterable[Iterable[Piece]]) -> None:
        self._root = _Node()
        gaps: list[_Node] = []
        for number, pieces in enumerate(phrases):
            frontier, shared = [self._root], True
            for piece in pieces:
                if piece == _ANY:
                    frontier = self._skip(frontier, shared=shared)
                    gaps += frontier
                    continue
                ways = [longer for way in piece for longer in ear.ways(way)]
                if shared:
                    frontier = [self._share(node, way) for node in frontier for way in ways]
                    shared = len(frontier) == 1
                else:
                    frontier = self._part(frontier, ways)
            for node in frontier:
                node.ends += (number,)
        # By which words it may go on after a gap: most that wait there wait for others.
        self._beyond: dict[str, list[_Node]] = {}
        for node in dict.fromkeys(gaps):
            for symbol in node.next:
                self._beyond.setdefault(symbol, []).append(node)

    @staticmethod
    def _share(node: _Node, way: Way) -> _Node:
        """Follow a way along nodes that phrases may share."""
        for symbol in way:
            if node.shared is None:
                node.shared = {}
            following = node.shared.get(symbol)
            if following is None:
                following = node.shared[symbol] = _Node()
                node.onward(symbol, following)
            node = following
        return node

    @staticmethod
    def _part(frontier: list[_Node], ways: Iterable[Way]) -> list[_Node]:
        """From every node of the frontier along every way, to meet in one node."""
        meeting, missing = _Node(), False
        for way in ways:
            if not way:
                missing = True
                continue
            chain = [_Node() for _ in way[1:]]
            chain.append(meeting)
            for node in frontier:
                node.onward(way[0], chain[0])
            for node, symbol, following in zip(chain, way[1:], chain[1:], strict=False):
                node.onward(symbol, following)
        return [*frontier, meeting] if missing else [meeting]

    @staticmethod
    def _skip(frontier: list[_Node], *, shared: bool) -> list[_Node]:
        """Let words be passed over after every node of the frontier."""
        first = frontier[0]
        if shared and first.shared is not None and GAP in first.shared:
            return [first.shared[GAP]]
        beyond = _Node()
        for node in frontier:
            node.gaps += (beyond,)
        if shared:
            first.shared = {**(first.shared or {}), GAP: beyond}
        return [beyond]

    def scan(self, readings: Sequence[Sequence[str]]) -> Iterator[_Hit]:
        """Where phrases end. A live node is held once, with its latest start, so the work for a
        word is bounded by the phrases there are and never by the message."""
        live: dict[_Node, int] = {}  # reached with the last word -> where its phrase starts
        waiting: dict[_Node, tuple[int, int]] = {}  # after a gap -> start, and the last word to try
        found: dict[int, int] = {}  # how often each phrase ended
        for at, symbols in enumerate(readings):
            live[self._root] = at
            reached: dict[_Node, int] = {}
            for symbol in symbols:
                for node, start in live.items():
                    for child in node.next.get(symbol, ()):
                        if reached.get(child, -1) < start:
                            reached[child] = start
                for node in self._beyond.get(symbol, ()):
                    start, last = waiting.get(node, (-1, -1))
                    if last >= at:
                        for child in node.next[symbol]:
                            if reached.get(child, -1) < start:
                                reached[child] = start
            for node, start in reached.items():
                for beyond in node.gaps:
                    if waiting.get(beyond, (-1, -1))[0] <= start:
                        waiting[beyond] = start, at + 1 + MOST_SKIPPED
                for phrase in node.ends:
                    found[phrase] = found.get(phrase, 0) + 1
                    if found[phrase] <= MOST_HITS:
                        yield _Hit(phrase, start, at + 1)
            live = reached


class _Ear:
    """Which lexicon words a typed word may be."""

    def __init__(self, groups: Mapping[str, tuple[str, ...]], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._groups: dict[str, set[str]] = {}
        self._known: set[str] = set()
        self._by_letter: dict[str, list[str]] = {}
        self._by_sound: dict[str, set[str]] = {}
        self._by_length: dict[int, list[str]] = {}
        self._longer: dict[str, list[tuple[str, ...]]] = {}  # members of several words
        for name, members in groups.items():
            for member in members:
                words = tuple(out for word in member.split() for out in _plain(word))
                if len(words) == 1:
                    self._groups.setdefault(words[0], set()).add(f"<{name}>")
                    self.learn(words[0])
                elif words:
                    self._longer.setdefault(f"<{name}>", []).append(words)

    def ways(self, way: Way) -> Iterator[Way]:
        """A way as it stands, and with the members of several words in place of their groups.
        Its words are learnt on the way."""
        choices = [((symbol,), *self._longer.get(symbol, ())) for symbol in way]
        for symbols in _joined(choices):
            for symbol in symbols:
                self.learn(symbol)
            yield symbols

    def learn(self, symbol: str) -> None:
        if not symbol.startswith("<"):
            self._known.add(symbol)

    def close(self) -> None:
        """Index what was learnt; called once, when every phrase is in."""
        for word in sorted(self._known):
            self._by_length.setdefault(len(word), []).append(word)
            if len(word) >= SHORTEST_TYPO - 1:
                self._by_letter.setdefault(word[0], []).append(word)
            if len(word) > 2:
                self._by_sound.setdefault(sounds(word), set()).add(word)

    def readings(self, words: Sequence[Word]) -> list[tuple[str, ...]]:
        """For each word the lexicon words and groups it may stand for."""
        memo: dict[str, tuple[str, ...]] = {}  # of this message alone
        out = []
        for word in words:
            text = word.text
            if text not in memo:
                candidates = {text} if text in self._known else {text, *self._guesses(text)}
                if text.endswith("in") and text + "g" in self._known:
                    candidates.add(text + "g")  # `kickin`, also where a phrase holds it so
                named = {name for c in candidates for name in self._groups.get(c, ())}
                if text.isdecimal():
                    named.add("<number>")
                    if len(text) == 4 and text[:2] in {"19", "20"}:
                        named.add("<year>")
                memo[text] = tuple(sorted(candidates | named))
            out.append(memo[text])
        return out

    def _guesses(self, word: str) -> Iterator[str]:
        for form in (word, *squeeze(word), *unleet(word)):
            for candidate in (form, form + "g" if form.endswith("in") else form):
                if candidate in self._known:
                    yield candidate
            if "*" in form:
                yield from (
                    known
                    for known in self._by_length.get(len(form), ())
                    if all(a in {"*", b} for a, b in zip(form, known, strict=True))
                )
            elif len(form) >= SHORTEST_TYPO and form not in self._ordinary:
                yield from self._typos(form)
        if len(word) > 2:
            yield from self._by_sound.get(sounds(word), ())

    def _typos(self, word: str, most: int = 2) -> Iterator[str]:
        near = self._by_letter.get(word[0], ())
        most = most if len(word) >= TWO_TYPOS else 1
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
                slipped = any(True for _ in self._typos(text, 1))  # `methdone` is one word
                parts = [] if slipped else self._parts(text)
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
