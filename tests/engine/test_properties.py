"""Any text, any saved conversation (also from older content), any content: words and a way on."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.load import Loaded
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import (
    EVERYWHERE,
    Ask,
    Call,
    Choice,
    Conversation,
    End,
    Find,
    Flow,
    Go,
    Line,
    Outcome,
    Return,
    Route,
    Scale,
    Stand,
    Step,
    Text,
    Turn,
)
from bot.store.base import decode_conversation, encode

# ── anything that could have been saved ────────────────────────────────────────────────────────

ODD = st.text(max_size=30)


def conversations(places: list[str]) -> st.SearchStrategy[Conversation]:
    place = st.sampled_from(places) | ODD | st.just("")
    returns = st.builds(Return, place, st.booleans())
    return st.builds(
        Conversation,
        language=st.sampled_from(["", "en", "es", "xx"]),
        setting=st.sampled_from(["", "prison", "jail", "community", "family", "unsaid", "moon"]),
        facility=st.sampled_from(["", "prison", "nowhere"]),
        area=st.sampled_from(["", "fresno", "narnia"]),
        place=place,
        way_back=st.lists(returns, max_size=9).map(tuple),
        trail=st.lists(st.builds(Stand, place, st.lists(returns, max_size=2).map(tuple)), max_size=5).map(tuple),
        answers=st.dictionaries(ODD, ODD, max_size=4),
        offered=st.lists(place, max_size=12).map(tuple),
        misses=st.integers(0, 9),
        last_turn=st.sampled_from(["", "1"]),
    )  # fmt: skip


SAID = ["1", "no", "si", "menu", "help", "back", "cant sleep", "i want to kill myself", "8", "LA",
        "forget me", "español", "wish i wouldnt wake up", "need my id", "none of these"]  # fmt: skip


def turns(places: list[str]) -> st.SearchStrategy[Turn]:
    return st.builds(
        Turn,
        id=st.just("t"),
        text=st.text(max_size=200) | st.sampled_from(SAID) | st.just(""),
        at=st.floats(0, 4e9),
        picked=st.just("") | st.sampled_from(places) | ODD.map("/{}".format)
        | st.tuples(st.sampled_from(places), ODD).map("/".join)
        | st.tuples(st.sampled_from(places), st.sampled_from(["0", "3", "999", "0/free", "3/wide"]))
        .map("/".join).map("/more/{}".format)
        | st.sampled_from(["/help", "/to/menu", "/topic/coping.sleep", "/alarm/suicide", "/back",
                           "/more/reentry.jobs/0", "/more/reentry.jobs/3/open", "/more/coping.sleep/3/mine"]),
        language=st.sampled_from(["", "en", "es", "xx"]),
        silent=st.booleans(),
    )  # fmt: skip


def holds(outcome: Outcome, turn: Turn) -> None:
    reply = outcome.reply
    said = (*reply.says, *reply.asks)
    assert said
    assert all(words.strip() for words in said)
    asks_area = not reply.options and not reply.over
    assert reply.options or reply.over or (asks_area and reply.asks)
    assert all(option.id and option.label.strip() for option in reply.options)
    assert len({option.id for option in reply.options}) == len(reply.options)
    assert len(outcome.conversation.way_back) <= 8
    assert len(encode(outcome.conversation)) < 20_000
    assert outcome.conversation == decode_conversation(encode(outcome.conversation))
    marked = turn.text.strip()
    if len(marked) > 12 and marked not in SAID:  # nothing that was typed is kept anywhere
        assert marked not in repr(outcome.conversation)
        assert marked not in repr(outcome.notes)


def test_with_the_real_content(shipped: Loaded) -> None:
    places = [step for flow in shipped.content.flows.values() for step in flow.steps]

    @settings(max_examples=600)
    @given(conversations(places), turns(places))
    def check(before: Conversation, turn: Turn) -> None:
        holds(respond(shipped.content, before, turn), turn)

    check()


def test_a_whole_talk_with_the_real_content(shipped: Loaded) -> None:
    places = [step for flow in shipped.content.flows.values() for step in flow.steps]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(turns(places), min_size=2, max_size=12), st.randoms(use_true_random=False))
    def check(said: list[Turn], random: object) -> None:
        conversation = Conversation()
        for turn in said:
            outcome = respond(shipped.content, decode_conversation(encode(conversation)), turn)
            holds(outcome, turn)
            conversation = outcome.conversation

    check()


# ── any content that could be written ──────────────────────────────────────────────────────────

NAMES = ["a", "b", "c"]
FLOWS = ["menu", "one", "crisis/suicide"]
TARGETS = st.sampled_from(
    [f"{flow}/{name}" for flow in FLOWS for name in NAMES] + FLOWS + ["nowhere", "", "one/zzz"]
)


def lines() -> st.SearchStrategy[tuple[Line, ...]]:
    text = st.builds(Text, st.just("x"), st.sampled_from(["Hi.", "{blank} here", "", "*a* b\n\nc"]))
    return st.lists(
        st.builds(Line, text, st.sampled_from([EVERYWHERE, frozenset({"prison"}), frozenset()])),
        max_size=2,
    ).map(tuple)


def moves() -> st.SearchStrategy[Go | Call | End]:
    return st.one_of(st.builds(Go, TARGETS), st.builds(Call, TARGETS, TARGETS), st.just(End()))


def choices() -> st.SearchStrategy[tuple[Choice, ...]]:
    return st.lists(
        st.builds(
            Choice,
            id=st.sampled_from(NAMES),
            label=st.builds(Text, st.just("l"), st.sampled_from(["Yes", "No", "Later"])),
            move=moves(),
            also=st.just({"en": ("ok",)}),
            settings=st.sampled_from([EVERYWHERE, frozenset({"jail"})]),
            sets=st.sampled_from([{}, {"setting": "jail"}, {"why": "x"}]),
        ),
        max_size=3,
        unique_by=lambda choice: choice.id,
    ).map(tuple)


def following() -> st.SearchStrategy[object]:
    return st.one_of(
        st.builds(Ask, choices()),
        st.builds(Scale, st.just(0), st.integers(1, 10), st.just("n"), TARGETS),
        st.builds(Find, TARGETS, st.just(("reentry.id",))),
        st.builds(Route, st.sampled_from(["setting", "n", "zz"]), st.dictionaries(st.sampled_from(
            ["prison", "less", "3"]), TARGETS), TARGETS, st.sampled_from(["", "n"])),
        moves(),
    )  # fmt: skip


@st.composite
def contents(draw: st.DrawFn) -> Content:
    flows = {}
    for name in FLOWS:
        steps = {
            f"{name}/{step}": Step(
                id=f"{name}/{step}",
                says=draw(lines()),
                asks=draw(lines()),
                next=draw(following()),  # type: ignore[arg-type]
                screen=draw(st.sampled_from(["", "", "active", "nonsense"])),
                unclear=tuple(draw(st.lists(lines() | st.builds(Go, TARGETS), max_size=2))),
            )
            for step in NAMES
        }
        flows[name] = Flow(
            id=name,
            title=Text("t", name),
            first=f"{name}/{draw(st.sampled_from([*NAMES, 'zzz']))}",
            steps=steps,
            alarm="suicide" if name.startswith("crisis") else "",
            settings=draw(st.sampled_from([EVERYWHERE, EVERYWHERE, frozenset({"family"})])),
        )
    moved = draw(st.dictionaries(TARGETS, TARGETS, max_size=3))
    return Content(digest="x", flows=flows, moved=moved)


PLACES = [f"{flow}/{name}" for flow in FLOWS for name in NAMES]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(contents(), conversations(PLACES), turns(PLACES))
def test_with_any_content(content: Content, before: Conversation, turn: Turn) -> None:
    outcome = respond(content, before, turn)
    holds(outcome, turn)
    if turn.text == "i want to kill myself" and not turn.silent:
        assert outcome.reply.urgent
        assert "killing yourself" in " ".join(outcome.reply.says) or any(
            word in " ".join(outcome.reply.says) for word in ("emergency", "emergencia", "matarte")
        )


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_a_saved_conversation_that_is_damaged_is_an_empty_one(body: bytes) -> None:
    assert isinstance(decode_conversation(body), Conversation)


def test_a_conversation_saved_by_an_older_or_newer_program_is_read() -> None:
    newer = msgspec.json.encode({"place": "menu/ask", "something-new": [1, 2]})
    assert decode_conversation(newer).place == "menu/ask"
    assert decode_conversation(b"{}") == Conversation()
