"""What people leave in a directory, made plain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("ftfy", reason="needs the extra `hsds`")

from bot.content.directory import tidy
from bot.content.directory.shelf import Number
from bot.engine.model import Hours


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("<p>Food &amp; <b>clothes</b></p><p>Walk&nbsp;in</p>", "Food & clothes Walk in"),
        ("Bring:<ul><li>ID<li>a bag</ul>", "Bring:\n- ID\n- a bag"),
        ("One<br/>two<br>three", "One two three"),
        ("&lt;p&gt;escaped twice&lt;/p&gt;", "escaped twice"),
        ("People aged &lt; 18, or <18, R&amp;R", "People aged < 18, or <18, R&R"),
        ("what theyâ€™re learning", "what they’re learning"),
        ("cafÃ© and JosÃ©", "café and José"),
        ("they&rsquo;re here&mdash;now", "they’re here—now"),
        ("<script>alert(1)</script>Safe<style>p{}</style>", "Safe"),
        ("Write to <help@example.org>", "Write to help@example.org"),
        ("a\u00a0b\u200b  c\r\n\r\n\r\n\r\nd", "a b c\n\nd"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_texts(raw: str, plain: str) -> None:
    assert tidy.text(raw) == plain
    assert tidy.text(plain) == plain


@given(st.text(max_size=300))
def test_any_text(raw: str) -> None:
    assert "\x00" not in tidy.text(raw)
    assert "  " not in tidy.line(raw)


def test_a_text_that_says_there_is_nothing_is_none() -> None:
    assert [tidy.something(raw) for raw in ("None", "N/A", "n/a.", " ", "None yet")] == [
        "", "", "", "", "None yet",
    ]  # fmt: skip


def test_a_long_text_is_cut_after_a_sentence() -> None:
    sentence = "We have beds for forty people. "
    cut = tidy.short(sentence * 40)
    assert len(cut) <= tidy.LONGEST_TEXT
    assert cut.endswith("people.")
    assert tidy.short("word " * 300).endswith("word…")
    assert tidy.short("Short.") == "Short."


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("(202) 540-9862", ["(202) 540-9862"]),
        ("202 - 483 - 5800", ["(202) 483-5800"]),
        ("7035551212", ["(703) 555-1212"]),
        ("650 780-7525", ["(650) 780-7525"]),
        ("1 (800) 676-4477", ["(800) 676-4477"]),
        ("800-656-4673", ["800-656-4673"]),
        ("988", ["988"]),
        ("741741", ["741741"]),
        ('"+44 1234 234567"', ["+44 1234 234567"]),
        ("(202) 555-1234 or 202-555-9999", ["(202) 555-1234", "(202) 555-9999"]),
        ("Call the front desk", []),
        ("", []),
    ],
)
def test_phones(raw: str, written: list[str]) -> None:
    assert [one.number for one in tidy.phones(raw, "voice", "", "")] == written


def test_an_extension_goes_into_the_note_wherever_it_stood() -> None:
    (one,) = tidy.phones("Phone No: (202) 797-8806 Ext: 1041", "voice", "", "Front desk")
    assert one == Number("(202) 797-8806", "voice", "Front desk, ext. 1041")
    (one,) = tidy.phones("(202) 797-8806", "tty", "x106", "")
    assert one == Number("(202) 797-8806", "tty", "ext. 106")


def test_phones_in_prose_without_the_faxes() -> None:
    said = "Call Pat at 202-312-7159, fax: (202) 797-8807, or TTY 202.797.8806. Open since 1985."
    assert [one.number for one in tidy.phones_in(said)] == ["(202) 312-7159", "(202) 797-8806"]
    assert tidy.phones_in("Room 12, 1250 people, 20001-2026") == ()


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("https://www.example.org/", "example.org"),
        ("http://example.org/a/b/", "example.org/a/b/"),
        ("example.org", "example.org"),
        ("see our page", ""),
        ("a@example.org", ""),
    ],
)
def test_addresses_of_pages(raw: str, bare: str) -> None:
    assert tidy.url(raw) == bare


def test_numbers_degrees_and_dates() -> None:
    assert [tidy.whole(raw, 120) for raw in ("18", "18.0", "18.5", "-1", "999", "", "x")] == [
        18, 18, None, None, None, None, None,
    ]  # fmt: skip
    assert tidy.degrees("38.89", "-76.98") == (38.89, -76.98)
    for wrong in (("100", "101"), ("0", "0"), ("", ""), ("north", "west"), ("nan", "nan")):
        assert tidy.degrees(*wrong) is None
    assert tidy.day("2023-03-15T10:30:45.123Z") == date(2023, 3, 15)
    assert tidy.day("3/15/2023") == date(2023, 3, 15)
    assert tidy.day("31/12/2023") is None
    assert tidy.day("last spring") is None


@pytest.mark.parametrize(
    ("raw", "minute"),
    [
        ("08:00", 480), ("8:30", 510), ("9am", 540), ("3pm", 900), ("4:00 PM", 960),
        ("12am", 0), ("12:30 p.m.", 750), ("10:00:00", 600), ("18:00:00+01:00", 1080),
        ("18:00Z", 1080), ("24:00", 1440), ("25:00", None), ("9:75", None), ("noon", None), ("", None),
    ],
)  # fmt: skip
def test_times(raw: str, minute: int | None) -> None:
    assert tidy.minute(raw) == minute


def test_days_of_the_week() -> None:
    assert tidy.weekdays("MO,TU") == [0, 1]
    assert tidy.weekdays("Friday, Saturday") == [4, 5]
    assert tidy.weekdays("weekday") == [0, 1, 2, 3, 4]
    assert tidy.weekdays("1MO,-1FR") == []


def test_nothing_is_claimed_of_hours_that_can_not_be_meant() -> None:
    assert tidy.opening(0, 540, 1020) == Hours(0, 540, 1020)
    assert tidy.opening(0, 1140, 420) == Hours(0, 1140, 1860)  # a night
    assert tidy.opening(0, 540, 180) is None  # nine to three, but which three?
    assert tidy.opening(0, 0, 0) == Hours(0, 0, 1440)


def test_hours_in_words() -> None:
    week = [Hours(day, 480, 1020) for day in range(2)] + [Hours(4, 0, 1440)]
    assert tidy.spoken_hours(week) == "Mon, Tue 8:00 AM to 5:00 PM; Fri 12:00 AM to 12:00 AM"


def test_languages_by_name_or_code() -> None:
    assert [tidy.language(raw) for raw in ("Spanish", "español", "es", "ase", "Klingon")] == [
        "es", "es", "es", "ase", "",
    ]  # fmt: skip
