"""The net's rows lie over each other in one array, and never touch."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.net import WINDOW, Ear, Net, _laid, pieces_of

SYMBOLS = 12
ROW = st.dictionaries(
    st.integers(1, SYMBOLS), st.lists(st.integers(0, 99), min_size=1, max_size=4).map(tuple)
)
Row = dict[int, tuple[int, ...]]


def read(onward: list[Row], symbols: int) -> list[Row]:
    """The rows as a scan finds them: by asking of every node for every symbol."""
    begins, owner, leads, several = _laid(onward, symbols)
    rows: list[Row] = []
    for begin in begins:
        row: Row = {}
        for symbol in range(1, symbols + 1):
            if owner[begin + symbol] == begin:
                to = leads[begin + symbol]
                row[symbol] = (to,) if to >= 0 else tuple(several[1 - to : 1 - to + several[-to]])
        rows.append(row)
    return rows


@given(st.lists(ROW))
def test_each_node_leads_where_it_did_and_nowhere_else(onward: list[Row]) -> None:
    assert read(onward, SYMBOLS) == onward


def test_and_so_do_thousands() -> None:
    chance = random.Random(3)
    symbols = 60
    onward = [
        {
            symbol: tuple(chance.sample(range(3000), chance.choice((1, 1, 1, 3))))
            for symbol in chance.sample(range(1, symbols + 1), chance.choice((0, 1, 1, 2, 5, 60)))
        }
        for _ in range(3000)
    ]
    assert read(onward, symbols) == onward
    places = len(_laid(onward, symbols)[1])
    assert places < 1.5 * sum(map(len, onward)) + 5 * WINDOW


def test_a_phrase_is_found_where_it_stands() -> None:
    ear = Ear({"drug": ("fentanyl", "black tar")}, frozenset())
    phrases = ["took [some] <drug>", "took ... home", "(took|ate) some"]
    net = Net(ear, map(pieces_of, phrases))
    ear.close()

    def found(text: str) -> set[tuple[str, str]]:
        words = text.split()
        readings = [(word, "<drug>") if word == "fentanyl" else (word,) for word in words]
        return {
            (phrases[hit.phrase], " ".join(words[hit.start : hit.end]))
            for hit in net.scan(readings)
        }

    assert found("i took some fentanyl") == {
        (phrases[0], "took some fentanyl"),
        (phrases[2], "took some"),
    }
    assert found("took black tar and went home") == {
        (phrases[0], "took black tar"),
        (phrases[1], "took black tar and went home"),
    }
    assert found("ate it at home") == set()
    assert found("took a b c d e f home") == set()
