"""Who should be called next, and what to ask."""

from datetime import date

from bot.content.load import Loaded
from bot.engine.model import INSIDE, OUTSIDE, Phone, Resource, Text
from bot.staff.calls import call_sheet, to_call


def resource(name: str, **more: object) -> Resource:
    base: dict[str, object] = {
        "id": name,
        "name": name.title(),
        "description": Text("d", "Help."),
        "topics": ("reentry.jobs",),
        "settings": OUTSIDE,
        "areas": ("california",),
        "languages": ("en",),
        "sources": ("a page",),
        "assured_date": date(2026, 11, 22),
        "phones": (Phone("800-555-0100"),),
    }
    return Resource(**(base | more))  # type: ignore[arg-type]


def test_what_was_read_longest_ago_first() -> None:
    waiting = to_call(
        [
            resource("new"),
            resource("old", assured_date=date(2025, 1, 1)),
            resource("from-an-old-page", source_date="2015"),
            resource("called", confidence="called"),
            resource("no-phone", phones=()),
        ]
    )
    assert [one.id for one in waiting] == ["old", "from-an-old-page", "new"]


def test_what_to_ask_is_what_we_say_and_what_we_do_not_know() -> None:
    one = resource(
        "desk",
        settings=INSIDE | OUTSIDE,
        phones=(Phone("800-555-0100", "tty", Text("n", "front desk")),),
        schedule=Text("s", "Weekdays"),
        source_date="2015",
    )
    sheet = "\n".join(call_sheet(one))
    assert "Desk  (desk; read 2026-11-22, from a page of 2015)" in sheet
    assert "800-555-0100 (tty)  front desk" in sheet
    assert "When are you open? We say: “Weekdays”" in sheet
    assert "What does it cost?" in sheet
    assert "collect calls" in sheet
    assert "Spanish" in sheet
    outside = "\n".join(call_sheet(resource("x", languages=("en", "es"))))
    assert "collect" not in outside
    assert "Spanish" not in outside


def test_nobody_has_called_anybody_yet(shipped: Loaded) -> None:
    resources = shipped.knowledge.resources.values()
    with_phone = [one for one in resources if one.phones and one.confidence == "read"]
    assert len(to_call(resources)) == len(with_phone)
