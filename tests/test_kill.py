"""Killed in the middle: nothing acknowledged is lost, nothing is done twice.

The long version, 10,000 turns each way, is `python -m benchmarks.kill`.
"""

import shutil
from pathlib import Path

import pytest

from benchmarks.kill import HOUSES, Plan, kill
from benchmarks.kill.telegram import WAYS, Burst, burst
from bot.content.load import load
from tests.conftest import LEARNT, ROOT

pytestmark = pytest.mark.kill

SHORT = Plan(turns=300, kills=2, early=0, people=48)  # a kill is a start, and a start is seconds


@pytest.mark.parametrize("way", HOUSES)
def test_nothing_is_lost_or_done_twice(way: str, tmp_path: Path) -> None:
    # The flows without all that is known beside them, which takes longer to load than to kill.
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    figures = kill(way, SHORT, tmp_path)
    assert figures.turns >= SHORT.turns
    assert figures.kills == SHORT.kills
    assert figures.again  # or nobody was in the middle of anything
    assert (figures.lost, figures.twice, figures.unkept) == (0, 0, 0), figures


SHORT_BURST = Burst(people=12, messages=14, kills=2)


@pytest.mark.parametrize("way", WAYS)
def test_telegram_loses_nothing_and_does_nothing_twice(way: str, tmp_path: Path) -> None:
    place = tmp_path / "content"
    shutil.copytree(ROOT / "flows", place / "flows")
    found = burst(way, SHORT_BURST, tmp_path, place, load(place, LEARNT).content)
    assert found.kills == SHORT_BURST.kills
    assert found.in_flight  # or nothing was at stake
    assert found.good, found
