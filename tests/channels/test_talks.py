"""The whole talks in tests/channels/talks/ are still word for word what a person sees."""

from pathlib import Path

import pytest

from bot.engine.content import Content
from tests.channels import talks


@pytest.mark.parametrize("path", talks.files(), ids=lambda path: path.stem)
def test_a_talk_is_as_it_was_read(path: Path, content: Content) -> None:
    written = path.read_text(encoding="utf-8")
    assert talks.play(path, content) == written, "python -m tests.channels.talks writes it anew"
    turns = [line for line in talks.inputs(path) if not line.startswith("#")]
    assert len(turns) >= 30


def test_there_is_one_of_each_channel_and_language() -> None:
    names = {path.stem for path in talks.files()}
    assert names == {
        f"{channel}-{lang}" for channel in ("telegram", "sms") for lang in ("en", "es")
    }
