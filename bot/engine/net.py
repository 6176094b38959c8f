"""Phrases found inside messages, all of them at once, whatever the message does.

A phrase is plain words, plus:  `(a|b c)` either · `[x]` may be missing · `<group>` something of
that group (`<number>` and `<year>` are always there) · `...` up to five words in between.

pieces_of()  takes a phrase apart
Net          holds all phrases of one kind, and walks them together over a message
Ear          which words of phrases a typed word may be

What a phrase that was found means is somebody else's business (guard.py).
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.language.text import CHAT, FILLERS, Word, fold, sounds, squeeze, unleet

GAP = "..."
MOST_SKIPPED = 5  # words that `...` may stand for
MOST_WAYS = 200  # of one bracket: more is a slip in the brackets, not a phrase
SHORTEST_TYPO = 5  # letters; shorter words are one letter from too many others
TWO_TYPOS = 9  # letters from which two slips are forgiven
MOST_HITS = 24  # of one phrase in a message: enough to judge it by
WINDOW = 512  # places that are looked at together for a row of the net to lie at
CROWDED = 0.3  # how much of a window must be free for more rows of several symbols

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
class Hit:
    phrase: int
    start: int
    end: int


class _Loom:
    """Weaves phrases into nodes, numbers from 0: by which symbols each goes on to which others, and
    where it goes on after a gap, and which phrases end there."""

    def __init__(self) -> None:
        self.onward: list[dict[str, tuple[int, ...]]] = [{}]
        self.gaps: dict[int, tuple[int, ...]] = {}
        self.ends: dict[int, tuple[int, ...]] = {}
        self._shared: dict[tuple[int, str], int] = {}  # followers that phrases may share

    def weave(self, number: int, pieces: Iterable[Sequence[Way] | None]) -> None:
        """A phrase, each piece with its ways, and nothing where words may be passed over."""
        frontier, shared = [0], True
        for ways in pieces:
            if ways is None:
                frontier = self._skip(frontier, shared=shared)
            elif shared:
                frontier = [self._share(node, way) for node in frontier for way in ways]
                shared = len(frontier) == 1
            else:
                frontier = self._part(frontier, ways)
        for node in frontier:
            self.ends[node] = (*self.ends.get(node, ()), number)

    def _node(self) -> int:
        self.onward.append({})
        return len(self.onward) - 1

    def _lead(self, node: int, symbol: str, following: int) -> None:
        self.onward[node][symbol] = (*self.onward[node].get(symbol, ()), following)

    def _share(self, node: int, way: Way) -> int:
        """Follow a way along nodes that phrases may share."""
        for symbol in way:
            following = self._shared.get((node, symbol))
            if following is None:
                following = self._shared[node, symbol] = self._node()
                self._lead(node, symbol, following)
            node = following
        return node

    def _part(self, frontier: list[int], ways: Iterable[Way]) -> list[int]:
        """From every node of the frontier along every way, to meet in one node."""
        meeting, missing = self._node(), False
        for way in ways:
            if not way:
                missing = True
                continue
            chain = [*(self._node() for _ in way[1:]), meeting]
            for node in frontier:
                self._lead(node, way[0], chain[0])
            for node, symbol, following in zip(chain, way[1:], chain[1:], strict=False):
                self._lead(node, symbol, following)
        return [*frontier, meeting] if missing else [meeting]

    def _skip(self, frontier: list[int], *, shared: bool) -> list[int]:
        """Let words be passed over after every node of the frontier."""
        beyond = self._shared.get((frontier[0], GAP)) if shared else None
        if beyond is None:
            beyond = self._node()
            for node in frontier:
                self.gaps[node] = (*self.gaps.get(node, ()), beyond)
            if shared:
                self._shared[frontier[0], GAP] = beyond
        return [beyond]


class Net:
    """All phrases of one kind, walked together over a message, one word after another.

    Phrases share their beginnings as far as these are plain words. After that each has nodes of its
    own, where the ways of a piece part and meet again, so that a phrase costs the sum of its ways
    and not their product.

    There are a hundred thousand nodes, and an object for each would take twenty times what they take
    here. What leads on from a node is a row, a place for every symbol and nearly all of them empty.
    So the rows lie over each other in one array, moved until none of their places meet. A symbol's
    place is where the node's row begins, plus the symbol's number; it is the node's own if the place
    belongs to a row that begins there. (A double array, Aoe 1989.)
    """

    def __init__(self, ear: "Ear", phrases: Iterable[Iterable[Piece]]) -> None:
        loom = _Loom()
        for number, pieces in enumerate(phrases):
            loom.weave(
                number,
                (
                    None if piece == _ANY else [long for way in piece for long in ear.ways(way)]
                    for piece in pieces
                ),
            )
        spread = Counter(symbol for onward in loom.onward for symbol in onward)
        # Common symbols have small numbers, so that most rows are short.
        self._symbols = {symbol: at for at, (symbol, _) in enumerate(spread.most_common(), 1)}
        self._begins, self._owner, self._onward, self._several = _laid(
            [
                {self._symbols[symbol]: nodes for symbol, nodes in onward.items()}
                for onward in loom.onward
            ],
            len(spread),
        )
        self._ends, self._gaps = loom.ends, loom.gaps
        # By which words it may go on after a gap: most that wait there wait for others.
        self._beyond: dict[int, array[int]] = {}
        for node in sorted({beyond for many in loom.gaps.values() for beyond in many}):
            for symbol in loom.onward[node]:
                self._beyond.setdefault(self._symbols[symbol], array("i")).append(node)

    def scan(self, readings: Sequence[Sequence[str]]) -> Iterator[Hit]:
        """Where phrases end. A live node is held once, with its latest start, so the work for a
        word is bounded by the phrases there are and never by the message."""
        begins, owner, onward, several = self._begins, self._owner, self._onward, self._several
        gaps, ends, beyond = self._gaps, self._ends, self._beyond
        # Reached with the last word: where the row begins, and where the phrase starts.
        live: list[tuple[int, int]] = []
        waiting: dict[int, tuple[int, int]] = {}  # after a gap -> start, and the last word to try
        found: dict[int, int] = {}  # how often each phrase ended
        for at, words in enumerate(readings):
            live.append((begins[0], at))
            reached: dict[int, int] = {}
            for word in words:
                symbol = self._symbols.get(word)
                if symbol is None:
                    continue
                if waiting and symbol in beyond:
                    ready = live + [
                        (begins[node], waiting[node][0])
                        for node in beyond[symbol]
                        if node in waiting and waiting[node][1] >= at
                    ]
                else:
                    ready = live
                for begin, start in ready:
                    place = begin + symbol
                    if owner[place] != begin:
                        continue
                    following = onward[place]
                    if following >= 0:
                        if reached.get(following, -1) < start:
                            reached[following] = start
                        continue
                    first = 1 - following
                    for node in several[first : first + several[-following]]:
                        if reached.get(node, -1) < start:
                            reached[node] = start
            live = []
            for node, start in reached.items():
                if begin := begins[node]:
                    live.append((begin, start))
                if node in gaps:
                    for after in gaps[node]:
                        if waiting.get(after, (-1, -1))[0] <= start:
                            waiting[after] = start, at + 1 + MOST_SKIPPED
                if node in ends:
                    for phrase in ends[node]:
                        found[phrase] = found.get(phrase, 0) + 1
                        if found[phrase] <= MOST_HITS:
                            yield Hit(phrase, start, at + 1)


def _laid(
    onward: Sequence[Mapping[int, tuple[int, ...]]], symbols: int
) -> tuple["array[int]", "array[int]", "array[int]", "array[int]"]:
    """Where the row of each node begins; whose each place is; where it leads; and where it leads to
    several, those, behind their count. (A place tells it by a number below 0.)"""
    rows = [tuple(sorted(each.items())) for each in onward]
    begin_of, size = _overlaid(set(rows), symbols)
    owner, leads = array("i", [-1]) * size, array("i", [0]) * size
    several = array("i", [0])  # at 0 is nobody: its number could not be below 0
    known: dict[tuple[int, ...], int] = {}
    for row, begin in begin_of.items():
        for symbol, nodes in row:
            owner[begin + symbol] = begin
            if len(nodes) > 1 and nodes not in known:
                known[nodes] = -len(several)
                several.extend((len(nodes), *nodes))
            leads[begin + symbol] = nodes[0] if len(nodes) == 1 else known[nodes]
    return array("i", [begin_of.get(row, 0) for row in rows]), owner, leads, several


_Row = tuple[tuple[int, tuple[int, ...]], ...]


def _overlaid(rows: Iterable[_Row], symbols: int) -> tuple[dict[_Row, int], int]:
    """Where each row begins so that no two of them meet, and how many places that takes. No two begin
    at one place, and none at 0, which is for nodes that lead nowhere. The longest are laid first and
    side by side; rows of one symbol then fill what is left between them."""
    begin_of: dict[_Row, int] = {}
    begun = {0}
    free = np.ones(4 * WINDOW + symbols, np.bool_)
    low = 0
    longest = sorted((row for row in rows if row), key=lambda row: (-len(row), row))
    for row in longest:
        if len(row) == 1:
            break
        wanted = np.array([symbol for symbol, _ in row])
        at = low
        while row not in begin_of:
            if at + WINDOW + symbols >= len(free):
                free = np.append(free, np.ones(len(free), np.bool_))
            begins = np.flatnonzero(free[at : at + WINDOW]) + at - wanted[0]
            begins = begins[begins > 0]
            fits = begins[free[begins[:, None] + wanted].all(axis=1)].tolist()
            if begin := next((begin for begin in fits if begin not in begun), 0):
                begin_of[row] = begin
                begun.add(begin)
                free[begin + wanted] = False
            at += WINDOW
        if np.count_nonzero(free[low : low + WINDOW]) < WINDOW * CROWDED:
            low += WINDOW
    place = symbols
    for row in longest[len(begin_of) :]:
        while (place < len(free) and not free[place]) or place - row[0][0] in begun:
            place += 1
        begin_of[row] = place - row[0][0]
        begun.add(begin_of[row])
        place += 1
    last = max((begin + row[-1][0] for row, begin in begin_of.items()), default=0)
    return begin_of, last + symbols + 1


class Ear:
    """Which lexicon words a typed word may be."""

    def __init__(self, groups: Mapping[str, tuple[str, ...]], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._groups: dict[str, set[str]] = {}
        self._known: set[str] = set()
        self._by_letter: dict[str, list[str]] = {}
        self._by_sound: dict[str, tuple[str, ...]] = {}
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
                sound = sounds(word)
                self._by_sound[sound] = (*self._by_sound.get(sound, ()), word)

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
