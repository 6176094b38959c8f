"""The same line typed at every step of every flow, in every language and setting, shows the crisis
screen: with the real content, with half of it broken, with nothing saved, and with the store gone.
"""

import random
import shutil
from pathlib import Path

import pytest

from bot.content.load import Loaded, load
from bot.engine import house
from bot.engine.content import Content
from bot.engine.conversation import respond
from bot.engine.model import SETTINGS, UNSAID, Conversation, Reply, Turn

ROOT = Path(__file__).resolve().parent.parent
LINES = {"en": "i want to kill myself", "es": "quiero morirme"}
SHOWS = {"en": ("killing yourself", "This is an emergency"), "es": ("matarte", "es una emergencia")}


def shows_the_screen(reply: Reply, language: str, where: str) -> None:
    said = " ".join(reply.says)
    assert reply.urgent
    assert any(words in said for words in SHOWS[language]), said
    assert reply.options
    if where in {"prison", "jail"}:
        assert "988" not in said
        assert "{" not in said
    else:
        assert "988" in said


def places(content: Content) -> list[str]:
    return ["", *(place for flow in content.flows.values() for place in flow.steps)]


@pytest.mark.parametrize("language", LINES)
@pytest.mark.parametrize("setting", [*SETTINGS, "", UNSAID])
def test_at_every_step(content: Content, language: str, setting: str) -> None:
    for place in places(content):
        before = Conversation(setting=setting, place=place, last_turn="0")
        reply = respond(content, before, Turn("1", LINES[language], 1.8e9)).reply
        assert reply.language == language
        shows_the_screen(reply, language, setting)


def test_whatever_language_was_chosen_before(content: Content) -> None:
    for chosen in house.LANGUAGES:
        for language, line in LINES.items():
            before = Conversation(language=chosen, setting="prison", place="menu/ask")
            shows_the_screen(respond(content, before, Turn("1", line)).reply, language, "prison")


def test_the_words_are_the_programs_own(content: Content) -> None:
    """The first words are the same with the flows there and without them."""
    bare = Content(facilities=content.facilities, words=content.words)
    for setting in SETTINGS:
        for language, line in LINES.items():
            before = Conversation(setting=setting)
            with_flows = respond(content, before, Turn("1", line)).reply.says
            without = respond(bare, before, Turn("1", line)).reply.says
            assert with_flows[: len(without)] == without, (setting, language)


@pytest.mark.parametrize("seed", range(4))
def test_with_the_content_half_broken(tmp_path: Path, seed: int) -> None:
    """Half of the files cut off, emptied, or filled with noise, at random."""
    for room in ("flows", "knowledge"):
        shutil.copytree(ROOT / room, tmp_path / room)
    chance = random.Random(seed)
    for path in sorted(tmp_path.rglob("*.*")):
        if not path.is_file() or chance.random() < 0.5:
            continue
        text = path.read_bytes()
        damage = chance.randrange(4)
        if damage == 0:
            path.write_bytes(text[: len(text) // 2])
        elif damage == 1:
            path.write_bytes(b"")
        elif damage == 2:
            path.write_bytes(bytes(chance.randrange(256) for _ in range(300)))
        else:
            path.unlink()
    broken = load(tmp_path)
    assert broken.problems
    for place in places(broken.content)[::7]:
        for language, line in LINES.items():
            before = Conversation(setting="prison", place=place)
            reply = respond(broken.content, before, Turn("1", line)).reply
            shows_the_screen(reply, language, "prison")


def test_nothing_in_flows_can_switch_it_off(shipped: Loaded, tmp_path: Path) -> None:
    """A flow made to catch the line, as a choice, an answer and a phrase."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "menu.yaml").write_text(
        """title: Menu
settings: [all]
owner: Test
reviewed: 2026-11-22
first: ask
steps:
  ask:
    ask: What now?
    choices:
      die: {label: i want to kill myself, also: {es: [quiero morirme]}, go: joke}
    unclear: [{go: joke}]
  joke: {say: Haha., end: true}
""",
        encoding="utf-8",
    )
    (tmp_path / "flows" / "crisis").mkdir()
    (tmp_path / "flows" / "crisis" / "suicide.yaml").write_text(
        """title: Nothing here
alarm: suicide
settings: [family]
owner: Test
reviewed: 2026-11-22
first: away
steps:
  away: {say: Go away., go: away}
""",
        encoding="utf-8",
    )
    content = load(tmp_path).content
    for language, line in LINES.items():
        for place in ("", "menu/ask"):
            before = Conversation(setting="prison", place=place, offered=("menu/ask/die",))
            shows_the_screen(respond(content, before, Turn("1", line)).reply, language, "prison")


def test_help_now_from_every_step_in_every_language(content: Content) -> None:
    for place in places(content):
        for language in house.LANGUAGES:
            for setting in SETTINGS:
                before = Conversation(language=language, setting=setting, place=place)
                for turn in (Turn("1", house.say("help", language)), Turn("1", picked="/help")):
                    reply = respond(content, before, turn).reply
                    assert reply.urgent, (place, language, setting)
                    assert any(option.id == "/alarm/suicide" for option in reply.options)


def test_the_bare_words_for_a_safety_plan_open_it_and_anything_more_rings(
    content: Content,
) -> None:
    for place in places(content):
        before = Conversation(setting="prison", place=place, last_turn="0")
        flow = content.flow(place)
        for words in house.PLAN_WORDS:
            outcome = respond(content, before, Turn("1", words))
            if flow and flow.alarm:
                continue  # there it is an answer, if it is one
            assert outcome.reply.sheet, place
            assert outcome.reply.options[-1].id == "/help"
    before = Conversation(setting="prison", place="menu/ask", last_turn="0")
    for more in ("please", "now", "im done", "🔪", "mine", "today", "i took the pills"):
        for text in (f"safety plan {more}", f"{more} safety plan"):
            assert content.guard.hear(text), text
            notes = respond(content, before, Turn("1", text)).notes
            assert any(note.kind == "alarm" for note in notes), text
