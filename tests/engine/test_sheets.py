"""Paper, before and now, and the whole screen in the other language."""

from collections.abc import Callable, Mapping

from bot.content.load import Loaded
from bot.engine import plain
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Change, Conversation, Outcome, Turn
from bot.store.base import decode_reply, encode

MakeContent = Callable[[Mapping[str, str]], Loaded]

FLOW = """title: My day
settings: [all]
owner: Test
reviewed: 2026-11-22
first: ask
steps:
  ask:
    ask: Do you have your papers?
    choices:
      got: {label: Got them, sets: {papers: got}, go: paper}
      lost: {label: They are gone, sets: {papers: lost}, go: paper}
  paper:
    say: Here it is.
    sheet:
      title: My list
      parts:
        papers:
          heading: My papers
          hint: {inside: Ask your counselor., outside: Ask your agent.}
          lines:
            new: {text: Ask for new ones., when: {papers: lost}}
            keep: {text: Keep them dry., when: {papers: [got, lost]}}
        gate: {heading: The gate, settings: [inside], lines: {time: Ask when.}}
        mine: {heading: My own words, write: 2}
    ask: Ready?
    choices:
      done: {label: Ready, end: true}
"""


def content(make_content: MakeContent) -> Content:
    return make_content({"flows/day.yaml": FLOW}).content


def pick(content: Content, option: str, setting: str) -> Outcome:
    before = Conversation(setting=setting, place="day/ask", last_turn="0")
    return respond(content, before, Turn("1", picked=option))


def test_a_sheet_is_for_this_person(make_content: MakeContent) -> None:
    made = content(make_content)
    sheet = pick(made, "day/ask/lost", "jail").reply.sheet
    assert sheet is not None
    assert [s.heading for s in sheet.sections] == ["My papers", "The gate", "My own words"]
    assert sheet.sections[0].hint == "Ask your counselor."
    assert sheet.sections[0].items == ("Ask for new ones.", "Keep them dry.")
    sheet = pick(made, "day/ask/got", "community").reply.sheet
    assert sheet is not None
    assert [s.heading for s in sheet.sections] == ["My papers", "My own words"]
    assert sheet.sections[0].items == ("Keep them dry.",)
    assert sheet.sections[1].write == 2


def test_who_would_rather_not_say_gets_both(make_content: MakeContent) -> None:
    sheet = pick(content(make_content), "day/ask/got", "unsaid").reply.sheet
    assert sheet is not None
    assert "counselor" in sheet.sections[0].hint
    assert "agent" in sheet.sections[0].hint
    assert len(sheet.sections) == 3


def test_in_words_it_is_headings_and_lines_to_write_on(make_content: MakeContent) -> None:
    reply = pick(content(make_content), "day/ask/got", "community").reply
    lines = plain.lines(reply)
    assert "Write this on paper. What you write is yours: I never see it." in lines
    assert lines.count("____________________") == 2
    assert lines.index("[My list]") < lines.index("Ready?")


def test_a_sheet_comes_through_the_store(make_content: MakeContent) -> None:
    reply = pick(content(make_content), "day/ask/got", "jail").reply
    assert decode_reply(encode(reply)) == reply


def test_before_and_now_are_seen_side_by_side(content: Content) -> None:
    before = Conversation(
        setting="prison",
        place="coping/calm-breathing/after",
        answers={"coping/calm-breathing.before": "8"},
        last_turn="0",
    )
    asked = content.step("coping/calm-breathing/after")
    assert asked is not None
    reply = respond(content, before, Turn("1", picked=f"{asked.id}/4")).reply
    assert reply.change == Change(8, 4, 0, 10)
    assert "Before: 8. Now: 4." in plain.lines(reply)


def test_another_language_says_all_of_the_screen_again(content: Content) -> None:
    """Not the question alone, and not the menu: in every flow, from its first step."""
    for flow in content.flows.values():
        for setting in ("prison", "community"):
            start = Conversation(language="en", setting=setting, last_turn="0")
            first = respond(content, start, Turn("1", picked=f"/to/{flow.id}"))
            other = respond(content, first.conversation, Turn("2", picked="/language/es"))
            again = respond(content, other.conversation, Turn("3", picked="/language/en"))
            assert other.reply.language == "es"
            assert again.reply.options == first.reply.options, flow.id
            assert again.reply.says[1:] == first.reply.says, flow.id
            assert again.reply.resources == first.reply.resources
            assert again.conversation.place == first.conversation.place


def test_help_stays_help_in_another_language(content: Content) -> None:
    before = Conversation(language="en", setting="prison", last_turn="0")
    asked = respond(content, before, Turn("1", picked="/help"))
    other = respond(content, asked.conversation, Turn("2", picked="/language/es"))
    assert other.reply.urgent
    assert [o.id for o in other.reply.options] == [o.id for o in asked.reply.options]


def test_a_crisis_screen_stays_in_another_language(content: Content) -> None:
    before = Conversation(language="en", setting="prison", last_turn="0")
    asked = respond(content, before, Turn("1", "i want to kill myself"))
    other = respond(content, asked.conversation, Turn("2", picked="/language/es"))
    assert other.reply.urgent
    assert "matarte" in " ".join(other.reply.says)
    assert [o.id for o in other.reply.options] == [o.id for o in asked.reply.options]
