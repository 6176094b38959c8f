"""The whole talks in tests/channels/talks/ can still be walked, from the first word to the last.

They are there to be read as the person in them. What stands in them is not held word for word: whoever
edits a flow need not touch them, and `python -m tests.channels.talks` writes them anew.
"""

from pathlib import Path

import pytest

from bot.engine.content import Content
from bot.engine.house import say
from tests.channels import talks


@pytest.mark.parametrize("path", talks.files(), ids=lambda path: path.stem)
def test_a_talk_can_be_walked(path: Path, content: Content) -> None:
    turns = [line for line in talks.inputs(path) if not line.startswith("#")]
    assert len(turns) >= 30
    played = talks.play(path, content).splitlines()  # what is not there can't be tapped
    said = [line for line in played if line.startswith(("> ", ">> ", "@ ", "< ", "~ "))]
    answers = "".join("a" if line[0] in "<~" else "q" for line in said)
    assert "qq" not in answers
    assert answers.endswith("a")
    language = path.stem.split("-")[1]
    unclear = {
        say(key, language)[:30] for key in ("unclear", "unclear-again", "unclear-ladder-end")
    }
    missed = [line for line in played if any(words in line for words in unclear)]
    assert len(missed) <= 2, missed


def test_there_is_one_of_each_channel_and_language() -> None:
    names = {path.stem for path in talks.files()}
    assert names == {
        f"{channel}-{lang}" for channel in ("telegram", "sms") for lang in ("en", "es")
    }
