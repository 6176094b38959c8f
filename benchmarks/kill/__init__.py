"""The kill test: nothing acknowledged is lost, nothing is done twice.

A server, and then a process that is fed through a pipe, are killed (SIGKILL) again and again in the
middle of many people's turns, and started anew. Each time, what is in the file is compared with
what had been acknowledged. This is the death of a process; that a commit outlives the power is
what `synchronous=FULL` is for, and no test of ours.

    python -m benchmarks.kill
"""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import shipped
from benchmarks.kill.kiosk import KioskHouse
from benchmarks.kill.pipe import PipeHouse
from benchmarks.kill.ward import Figures, Plan, Ward
from benchmarks.report import Table
from bot.content.load import load

HOUSES = {"kiosk": KioskHouse, "pipe": PipeHouse}


def kill(which: str, plan: Plan, place: Path = shipped.ROOT) -> Figures:
    """Let people talk to one of the houses, over the content of a folder, while it is killed."""
    content = load(place, shipped.LEARNT).content

    async def run(folder: Path) -> Figures:
        if not plan.early and shipped.LEARNT.exists():  # else it is killed while it learns, too
            shutil.copytree(shipped.LEARNT, folder / shipped.LEARNT.name)
        return await Ward(HOUSES[which](folder, place, content), plan, content).run()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder)))


def measure(_rounds: int) -> Table:
    return table({which: kill(which, Plan()) for which in HOUSES})


def table(found: Mapping[str, Figures]) -> Table:
    names = {"kiosk": "turns posted to `peerpath serve`", "pipe": "turns piped to a process"}
    rows = {
        "turns acknowledged": "turns",
        "times killed (SIGKILL)": "kills",
        "turns on their way when it was killed": "caught",
        "of these, done by then": "done",
        "turns sent again after it": "again",
        "wishes to be forgotten, fulfilled before the answer and so asked anew": "anew",
        "**acknowledged turns lost**": "lost",
        "**turns done twice**": "twice",
        "turns answered but not kept": "unkept",
    }
    figures = [
        [said, *(f"{getattr(f, name):,}" for f in found.values())] for said, name in rows.items()
    ]
    figures.append(
        ["whatever else is not as it must be", *(str(len(f.faults)) for f in found.values())]
    )
    figures.append(["seconds", *(f"{f.seconds:.0f}" for f in found.values())])
    about = (
        "After each kill the file is compared with what was acknowledged: each conversation stands "
        "at its last acknowledged turn or at the one that was on its way; its replies, its acts and "
        "all counts are what the engine decides for exactly these turns; whoever asked to be "
        "forgotten has left nothing; `PRAGMA integrity_check` is ok. After each start everybody "
        "sends their last turn again and gets the reply they had. Words that alarm are not among "
        "the turns: they are never taken for a repetition, by design."
    )
    return Table(
        "kill", "Killed in the middle", ["", *(names[which] for which in found)], figures, [about]
    )
