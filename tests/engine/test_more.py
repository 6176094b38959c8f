"""A page of resources at a time, by buttons that carry their whole address."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.content.load import Loaded
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import Conversation, Hours, Outcome, Turn

HEAD = "settings: [all]\nowner: Test\nreviewed: 2026-11-22\n"
FLOW = f"""title: Work
{HEAD}first: find
steps:
  find: {{find: {{topics: [reentry.jobs], limit: 2}}, go: ask}}
  ask:
    ask: Was it good?
    choices:
      good: {{label: Good, end: true}}
"""
AGES = f"""title: By age
{HEAD}first: ask
steps:
  ask:
    ask: How old are you?
    choices:
      young: {{label: Under 18, sets: {{age: "17"}}, go: find}}
      old: {{label: 18 or over, sets: {{age: "30"}}, go: find}}
  find: {{find: {{topics: [reentry.jobs], age: age}}, go: bye}}
  bye: {{say: Bye., end: true}}
"""
RESOURCE = """name: {name}
description: Help with work.
topics: [reentry.jobs]
settings: [outside]
areas: [{area}]
sources: [a page]
assured_date: 2026-11-22
{more}
"""
FILES = {
    "flows/work.yaml": FLOW,
    "flows/ages.yaml": AGES,
    "flows/menu.yaml": f"title: Menu\n{HEAD}first: a\nsteps:\n  a: {{ask: What?, choices: "
    "{w: {label: Work, go: work}}}\n",
    "knowledge/areas.yaml": "fresno: {name: Fresno, latitude: 36.75, longitude: -119.77}\n"
    "kern: {name: Kern, latitude: 35.37, longitude: -119.02}\n"
    "alpine: {name: Alpine, latitude: 38.69, longitude: -119.78}\n",
    "knowledge/topics/reentry/jobs.yaml": "title: Work\nphrases: {en: [need work]}\n",
    **{
        f"knowledge/resources/{name}.yaml": RESOURCE.format(name=name, area=area, more=more)
        for name, area, more in (
            ("a", "fresno", "fees_description: Free"),
            ("b", "fresno", "languages: [en, es]"),
            ("c", "fresno", "maximum_age: 20"),
            ("d", "fresno", "fees_description: There is a fee."),
            ("e", "kern", ""),
        )
    },
}
MakeContent = Callable[[Mapping[str, str]], Loaded]


@pytest.fixture
def content(make_content: MakeContent) -> Content:
    loaded = make_content(FILES)
    assert [problem for problem in loaded.problems if problem.severity == "error"] == []
    return loaded.content


def picks(content: Content, option: str, **known: str) -> Outcome:
    """Somebody with no saved place taps a button."""
    before = Conversation(**({"language": "en", "setting": "community", "area": "fresno"} | known))
    return respond(content, before, Turn("1", picked=option, at=1.8e9))


def shown(outcome: Outcome) -> str:
    return "".join(card.id for card in outcome.reply.resources)


def offered(outcome: Outcome) -> dict[str, str]:
    return {option.label: option.id for option in outcome.reply.options}


def test_page_by_page_to_the_end(content: Content) -> None:
    first = picks(content, "/to/work")
    assert shown(first) == "ab"
    more = offered(first)["Show more"]
    assert more == "/more/work/find/2"
    second = picks(content, more)
    assert shown(second) == "cd"
    assert "Show more" not in offered(second)
    for outcome in (first, second):  # either way the talk goes on where the step goes on
        assert outcome.conversation.place == "work/ask"
        assert outcome.reply.asks == ("Was it good?",)
        assert next(iter(offered(outcome))) == "Good"
    past = picks(content, "/more/work/find/998")
    assert shown(past) == ""
    assert "all I know" in past.reply.says[0]


def test_a_long_list_can_be_made_shorter(content: Content) -> None:
    ways = offered(picks(content, "/to/work"))
    free = picks(content, ways["Only what is free"])
    assert shown(free) == "a"
    spanish = offered(picks(content, "/to/work", language="es"))
    assert shown(picks(content, spanish["Solo en Español"], language="es")) == "b"
    assert "Only in English" not in ways
    assert "Only what is open now" not in ways  # of none do we know the hours


def test_open_now_by_the_clock_of_the_place(content: Content) -> None:
    def hours(name: str, *hours: Hours) -> Content:
        resources = {**content.resources, name: replace(content.resources[name], hours=hours)}
        return replace(content, resources=resources)

    local = datetime.fromtimestamp(1.8e9, content.zone or UTC)
    now = local.weekday(), local.hour * 60 + local.minute
    closed = hours("a", Hours((now[0] + 3) % 7, 0, 60))
    option = offered(picks(closed, "/to/work"))["Only what is open now"]
    first = picks(closed, option)
    assert shown(first) == "bc"
    assert "left out" in first.reply.says[0]
    opened = hours("d", Hours(now[0], now[1], now[1] + 1))
    assert shown(picks(opened, "/more/work/find/0/open")) == "da"
    nowhere = picks(replace(closed, zone=None), "/more/work/find/0/open")
    assert shown(nowhere) == "ab"
    assert nowhere.reply.says == ()


def test_none_here_but_further_away(content: Content) -> None:
    nothing = picks(content, "/to/work", area="alpine")
    assert shown(nothing) == ""
    assert "nothing checked for that in Alpine" in nothing.reply.says[0]
    assert "menu" in nothing.reply.says[0]
    further = picks(content, offered(nothing)["Look further away"], area="alpine")
    assert shown(further) == "ab"
    assert shown(picks(content, offered(further)["Show more"], area="alpine")) == "cd"
    from_kern = picks(content, "/more/work/find/0/wide", area="kern")
    assert shown(from_kern) == "ea"  # the nearest county first


def test_none_at_all_says_whom_to_ask(content: Content) -> None:
    nothing = picks(content, "/to/work", setting="prison")
    assert "nothing checked" in nothing.reply.says[0]
    assert "staff" in nothing.reply.says[0]
    assert "Look further away" not in offered(nothing)


def test_none_like_that_offers_all_of_them(content: Content) -> None:
    nothing = picks(content, "/more/work/find/0/free", area="kern")
    assert shown(nothing) == ""
    assert shown(picks(content, offered(nothing)["All of them"], area="kern")) == "e"


def test_a_topic_without_a_talk_is_paged_too(content: Content) -> None:
    first = picks(content, "/topic/reentry.jobs")
    assert shown(first) == "abc"
    assert offered(first)["Show more"] == "/more/reentry.jobs/3"
    typed = respond(content, first.conversation, Turn("2", text="show more", at=1.8e9))
    assert shown(typed) == "d"


def test_by_an_age_that_was_asked_for(content: Content) -> None:
    assert shown(picks(content, "ages/ask/young")) == "abc"
    assert shown(picks(content, "ages/ask/old")) == "abd"


@pytest.mark.parametrize(
    "address",
    ["", "/", "/0", "work", "work/find", "work/ask/2", "nowhere/find/2", "work/find/x/y/z",
     "work/find/99999999999999999999", "work/find/٣", "work/find/0/narnia", "work/find/-1"],
)  # fmt: skip
def test_any_address_gets_an_answer(content: Content, address: str) -> None:
    outcome = picks(content, f"/more/{address}")
    assert outcome.reply.options
    assert outcome.heard.kind != "broken"


def test_the_longest_button_fits_telegram(make_content: MakeContent) -> None:
    name = "f" * 45
    flow = FLOW.replace("  find:", f"  {name}:").replace("first: find", f"first: {name}")
    loaded = make_content({"flows/work.yaml": flow})
    assert [problem.code for problem in loaded.problems] == ["F110"]
    assert "Show more" in loaded.problems[0].hint


def test_an_age_that_nothing_saves_is_told(make_content: MakeContent) -> None:
    from datetime import date

    from bot.content.check import problems_of

    loaded = make_content(FILES | {"flows/ages.yaml": AGES.replace("age: age", "age: years")})
    found = [p for p in problems_of(loaded, date(2026, 11, 22)) if p.code == "F108"]
    assert len(found) == 1
    assert "`years`" in found[0].message
