"""Phrases found inside messages, all of them at once, whatever the message does.

A phrase is plain words, plus:  `(a|b c)` either · `[x]` may be missing · `<group>` something of
that group (`<number>` and `<year>` are always there) · `...` up to five words in between.

pieces_of()  takes a phrase apart
Net          holds all phrases of one kind, and walks them together over a message
Ear          which words of phrases a typed word may be

What a phrase that was found means is somebody else's business (guard.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.language.text import CHAT, FILLERS, Word, fold, sounds, squeeze, unleet

GAP = "..."
MOST_SKIPPED = 5  # words that `...` may stand for
MOST_WAYS = 200  # of one bracket: more is a slip in the brackets, not a phrase
SHORTEST_TYPO = 5  # letters; shorter words are one letter from too many others
TWO_TYPOS = 9  # letters from which two slips are forgiven
MOST_HITS = 24  # of one phrase in a message: enough to judge it by

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


class Net:
    """All phrases of one kind, walked together over a message, one word after another.

    Phrases share their beginnings as far as these are plain words. After that each has nodes of its
    own, where the ways of a piece part and meet again, so that a phrase costs the sum of its ways
    and not their product.
    """

    def __init__(self, ear: "Ear", phrases: Iterable[Iterable[Piece]]) -> None:
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

    def scan(self, readings: Sequence[Sequence[str]]) -> Iterator[Hit]:
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
                        yield Hit(phrase, start, at + 1)
            live = reached


class Ear:
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
