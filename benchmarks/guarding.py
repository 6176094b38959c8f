"""The crisis guard on messages by other hands, beside other offline guards."""

from collections.abc import Callable

from benchmarks import tables
from benchmarks.report import Table, installed, missing
from bot.engine.model import CATEGORIES
from bot.staff.quality import wilson

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


def measure(_rounds: int) -> Table:
    rows = tables.table("unseen-crisis.tsv")
    ours = _heard(_ours, rows)
    lines = [_line("**Peerpath**", ours)]
    lines += [_line(name, [h for h in ours if h[0]["lang"] == code]) for name, code in LANGUAGES]
    lines += [
        _line(name.replace("_", " "), [h for h in ours if h[0]["category"] == name])
        for name in CATEGORIES
    ]
    for name, (package, make) in PEERS.items():
        if installed(package):
            lines.append(_line(f"**{name}**", _heard(make(), rows)))
        else:
            lines.append(missing(name, len(COLUMNS)))
    ordinary = _ordinary()
    notes = [
        (
            "Percent of the rows of tests/phrases/unseen-crisis.tsv, written by other hands; in brackets the "
            "95 % interval (Wilson). The peers know one level: what they flag counts as a screen."
        ),
        ordinary,
    ]
    return Table(
        "guarding", "Danger heard, and harmless messages left in peace", COLUMNS, lines, notes
    )


LANGUAGES = (("English", "en"), ("Spanish", "es"), ("mixed", "mix"))


def _heard(guard: Guard, rows: Rows) -> list[tuple[dict[str, str], str]]:
    return [(row, guard(row["text"])) for row in rows]


def _line(name: str, heard: list[tuple[dict[str, str], str]]) -> list[str]:
    def share(expected: str, *wanted: str) -> str:
        got = [action for row, action in heard if row["expected"] == expected]
        hits = sum(action in wanted for action in got)
        if not got:
            return "-"
        low, high = wilson(hits, len(got))
        return f"{100 * hits / len(got):.1f} ({100 * low:.0f}–{100 * high:.0f})"

    return [
        name,
        share("escalate", "escalate", "check_in"),
        share("escalate", "escalate"),
        share("check_in", "escalate", "check_in"),
        share("allow", "escalate"),
        share("allow", "escalate", "check_in"),
    ]


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
