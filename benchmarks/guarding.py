"""The crisis guard on messages by other hands, beside other offline guards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks import tables
from benchmarks.drawing import Drawing, Scale
from benchmarks.report import Picture, Table, installed, missing
from bot.engine.model import CATEGORIES
from bot.staff.quality import wilson

TITLE = "Danger heard, and harmless messages left in peace"
COLUMNS = (
    "",
    "escalate: caught at all",
    "screen at once",
    "check-in: caught",
    "harmless: screen",
    "interrupted",
)
Guard = Callable[[str], str]  # `escalate`, `check_in` or `allow`
Rows = list[dict[str, str]]


Heard = list[tuple[dict[str, str], str]]  # each row, and what a guard made of it
LANGUAGES = (("English", "en"), ("Spanish", "es"), ("mixed", "mix"))


@dataclass(frozen=True)
class Share:
    hits: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.hits / self.of

    @property
    def within(self) -> tuple[float, float]:
        """The 95 % interval (Wilson), in percent."""
        low, high = wilson(self.hits, self.of)
        return 100 * low, 100 * high

    def __str__(self) -> str:
        low, high = self.within
        return f"{self.percent:.1f} ({low:.0f}–{high:.0f})" if self.of else "-"


@dataclass(frozen=True)
class Line:
    """What one guard did with some of the rows; the shares stand in the order of COLUMNS."""

    name: str
    caught: Share
    at_once: Share
    check_in: Share
    screened: Share
    interrupted: Share

    @property
    def cells(self) -> list[str]:
        shares = (self.caught, self.at_once, self.check_in, self.screened, self.interrupted)
        return [self.name, *map(str, shares)]


def measure(_rounds: int) -> Table:
    sets = {path.stem: tables.table(path.name) for path in _paths()}
    heard = {name: _heard(_ours, rows) for name, rows in sets.items()}
    ours = [one for each in heard.values() for one in each]
    lines: list[Line | str] = []  # of a peer that can't be measured, its name
    lines += [_line(f"**Peerpath**, {name}", each) for name, each in heard.items()]
    if len(heard) > 1:
        lines.append(_line("**Peerpath**, all of them", ours))
    lines += [_line(name, [h for h in ours if h[0]["lang"] == code]) for name, code in LANGUAGES]
    lines += [
        _line(name.replace("_", " "), [h for h in ours if h[0]["category"] == name])
        for name in CATEGORIES
    ]
    rows = [row for each in sets.values() for row in each]
    for name, (package, make) in PEERS.items():
        there = installed(package)
        lines.append(_line(f"**{name}**", _heard(make(), rows)) if there else f"**{name}**")
    counted = " and ".join(f"{len(each):,} of {name}.tsv" for name, each in sets.items())
    notes = [
        (
            f"Percent of the rows of tests/phrases ({counted}), written by other hands; in brackets the "
            "95 % interval (Wilson). Languages, dangers and the peers: of all these rows together. The "
            "peers know one level: what they flag counts as a screen."
        ),
        _ordinary(),
    ]
    words = "How much danger is heard, and how often harmless messages are interrupted"
    cells = [missing(line, len(COLUMNS)) if isinstance(line, str) else line.cells for line in lines]
    return Table("guarding", TITLE, COLUMNS, cells, notes, Picture(words, _picture(lines)))


def _paths() -> list[Path]:
    """Every set there is, the first of them first."""
    return sorted(tables.UNSEEN.glob("unseen-crisis*.tsv"), key=lambda path: path.stem)


def _heard(guard: Guard, rows: Rows) -> Heard:
    return [(row, guard(row["text"])) for row in rows]


def _line(name: str, heard: Heard) -> Line:
    def share(expected: str, *wanted: str) -> Share:
        got = [action for row, action in heard if row["expected"] == expected]
        return Share(sum(action in wanted for action in got), len(got))

    return Line(
        name,
        caught=share("escalate", "escalate", "check_in"),
        at_once=share("escalate", "escalate"),
        check_in=share("check_in", "escalate", "check_in"),
        screened=share("allow", "escalate"),
        interrupted=share("allow", "escalate", "check_in"),
    )


WIDTH, TOP, ROW = 880, 62, 30
DANGER = Scale(220, 560, 0, 100)


def _picture(lines: Sequence[Line | str]) -> str:
    """A row for each line of the table: danger heard, and beside it the harmless interrupted."""
    bottom = TOP + ROW * len(lines)
    shares = [one.interrupted for one in lines if isinstance(one, Line)]
    most = max((share.within[1] for share in shares if share.of), default=100.0)
    harmless = Scale(640, 820, 0, 25 * max(1, ceil(most / 25)))
    drawing = Drawing(
        WIDTH, bottom + 30, TITLE, " ".join(f"{_name(line)}: {_told(line)}." for line in lines)
    )
    for number in range(0, len(lines), 2):
        drawing.band(0, TOP + ROW * number, WIDTH, ROW)
    drawing.text(DANGER.start, 20, "messages of danger, % (more is better)", "ink strong")
    drawing.text(harmless.start, 20, "harmless ones, % (less is better)", "ink strong")
    for x, shape, series, kind in (
        (DANGER.start, "disc", 0, "caught at all"),
        (DANGER.start + 110, "square", 1, "crisis screen at once"),
        (harmless.start, "triangle", 2, "interrupted"),
    ):
        drawing.mark(x + 5, 38, shape, series, hollow=shape == "disc")
        drawing.text(x + 15, 42, kind, "quiet")
    for panel in (DANGER, harmless):
        for percent in range(0, round(panel.high) + 1, 25 if panel.high > 50 else 10):
            x = panel.at(percent)
            drawing.line(x, TOP - 6, x, bottom)
            drawing.text(x, bottom + 18, f"{percent}", "quiet", anchor="middle")
    for number, line in enumerate(lines):
        y = TOP + ROW * (number + 0.5)
        name = line if isinstance(line, str) else line.name
        whole = name.startswith("**")
        drawing.text(12 if whole else 24, y + 4, _name(line), "ink strong" if whole else "ink")
        if isinstance(line, str):
            drawing.text(DANGER.start, y + 4, "not installed", "quiet")
            continue
        _bar(drawing, DANGER, y - 6, line.caught, "disc", 0)
        _bar(drawing, DANGER, y + 7, line.at_once, "square", 1)
        _bar(drawing, harmless, y, line.interrupted, "triangle", 2)
    return drawing.svg()


def _bar(drawing: Drawing, panel: Scale, y: float, share: Share, shape: str, series: int) -> None:
    """A share, its interval around it, and its number at the panel's end."""
    if not share.of:
        drawing.text(panel.end + 14, y + 4, "none", "quiet small")
        return
    low, high = share.within
    drawing.span(panel.at(low), panel.at(high), y, series)
    drawing.mark(panel.at(share.percent), y, shape, series, hollow=shape == "disc")
    drawing.text(panel.end + 14, y + 4, f"{share.percent:.1f}", "ink small")


def _name(line: Line | str) -> str:
    return (line if isinstance(line, str) else line.name).replace("**", "")


def _told(line: Line | str) -> str:
    if isinstance(line, str):
        return "not installed"
    return (
        f"caught at all {line.caught} %, screen at once {line.at_once} %, "
        f"harmless interrupted {line.interrupted} %"
    )


def _ordinary() -> str:
    data = tables.intents("clinc")
    if data is None:
        return "CLINC150 was skipped: ../shared/data/intents is not there."
    hits = sum(_ours(text) != "allow" for text, _ in data["clean"])
    count = len(data["clean"])
    return f"Of {count:,} ordinary requests (CLINC150, test) {hits} were interrupted: {100 * hits / count:.2f} %."


def _ours(text: str) -> str:
    alarm = tables.loaded().content.guard.hear(text)
    return alarm.level if alarm else "allow"


def _cogno() -> Guard:
    from cogno_aegis import InputGuard
    from cogno_aegis.safety import DEFAULT_CRISIS_RULES

    guard = InputGuard(max_chars=100_000, crisis_rules=DEFAULT_CRISIS_RULES)
    return lambda text: "allow" if guard.check_text(text) else "escalate"


def _pantheon() -> Guard:
    from pantheon_guardrails.crisis import CrisisProtocol

    protocol = CrisisProtocol()
    return lambda text: "escalate" if protocol.check(text, jurisdiction="US").triggered else "allow"


def _rrt() -> Guard:
    from rrt_advocate import CrisisEngine, CrisisLevel

    def hear(text: str) -> str:
        level = CrisisEngine("somebody").assess(text).crisis_level
        return "allow" if level is CrisisLevel.GREEN else "escalate"

    return hear


PEERS: dict[str, tuple[str, Callable[[], Guard]]] = {
    "cogno-aegis": ("cogno_aegis", _cogno),
    "pantheon-guardrails": ("pantheon_guardrails", _pantheon),
    "rrt-advocate": ("rrt_advocate", _rrt),
}
