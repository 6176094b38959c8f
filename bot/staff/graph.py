"""Flows as pictures, drawn from the flows that run, so that a picture can't drift from them.

A layered drawing: each step stands a layer below the first that leads to it, and within a layer as
near as can be to what leads to it (two sweeps of the barycentre method of Sugiyama et al. 1981).
Ways back up are dashed. Plain SVG with nothing in it but shapes, words and links' titles.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from xml.sax.saxutils import escape, quoteattr

from bot.content.flows import targets
from bot.engine.content import Content, flow_of
from bot.engine.model import (
    Ask,
    AskArea,
    AskCode,
    AskLanguage,
    AskWords,
    Call,
    Choice,
    Do,
    End,
    Find,
    Flow,
    Go,
    Pick,
    Route,
    Scale,
    Step,
)

WIDTH, HEIGHT = 190, 62  # of a box
ACROSS, DOWN = 36, 66  # between boxes
EDGE = 24

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1d2a2c; }
.name { font-weight: 700; } .label { font-size: 11px; fill: #4a5759; }
rect { fill: #fff; stroke: #155e63; stroke-width: 1.5; }
.asks rect { fill: #e4efee; } .ends rect { stroke-dasharray: 5 3; } .crisis rect { stroke: #a3201d; stroke-width: 3; }
.far rect { fill: #f6f3ec; stroke: #b9c2bf; }
path { fill: none; stroke: #4a5759; stroke-width: 1.3; } .up { stroke-dasharray: 4 4; stroke: #b45309; }
"""


@dataclass(frozen=True, slots=True)
class Box:
    """Something to draw: a step, or a flow."""

    id: str
    name: str
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """One leads to another, by a choice of this label."""

    start: str
    end: str
    label: str = ""


def draw(content: Content, flow_id: str = "") -> str:
    """The SVG of one flow, or of how all flows lead to each other."""
    if flow_id:
        flow = content.flows[flow_id]
        boxes, arrows = _steps(flow, content)
        return _svg(boxes, arrows, flow.first, flow.title.source)
    boxes, arrows = _flows(content)
    return _svg(boxes, arrows, "welcome" if "welcome" in content.flows else "", "All flows")


def _steps(flow: Flow, content: Content) -> tuple[list[Box], list[Arrow]]:
    boxes = [
        Box(step.id, step.id.rpartition("/")[2], _words(step), _kind(step, flow))
        for step in flow.steps.values()
    ]
    arrows: list[Arrow] = []
    for step in flow.steps.values():
        for to, label in _ways(step):
            place = content.start(to) or to
            inside = flow_of(place) == flow.id
            end = place if inside else to
            if not inside and all(box.id != to for box in boxes):
                boxes.append(Box(to, to, "", "far"))
            arrows.append(Arrow(step.id, end, label))
    return boxes, arrows


def _flows(content: Content) -> tuple[list[Box], list[Arrow]]:
    boxes = [
        Box(flow.id, flow.id, flow.title.source, "crisis" if flow.alarm else "asks")
        for flow in content.flows.values()
    ]
    arrows = {
        Arrow(flow.id, target.id)
        for flow in content.flows.values()
        for step in flow.steps.values()
        for to in targets(step)
        if (target := content.flow(content.start(to))) and target.id != flow.id
    }
    return boxes, sorted(arrows, key=lambda arrow: (arrow.start, arrow.end))


def _words(step: Step) -> str:
    lines = [*step.says, *step.asks]
    if step.screen:
        return f"screen: {step.screen}"
    return lines[0].text.source if lines else type(step.next).__name__.lower()


def _kind(step: Step, flow: Flow) -> str:
    if step.screen:
        return "crisis"
    if isinstance(step.next, (Ask, Scale, AskArea, AskLanguage, Pick, AskWords, AskCode)):
        return "asks"
    return "ends" if isinstance(step.next, End) else ("crisis" if flow.alarm else "tells")


def _ways(step: Step) -> Iterable[tuple[str, str]]:
    """Where a step leads, and by which words."""
    match step.next:
        case Ask(choices):
            yield from _choices(choices)
        case AskArea(to, choices):
            yield to, "county"
            yield from _choices(choices)
        case Pick(of, _, to, choices):
            yield to, of
            yield from _choices(choices)
        case AskWords(_, to, choices):
            yield to, "words"
            yield from _choices(choices)
        case AskCode(to, wrong, slow, choices):
            yield to, "opened"
            yield wrong, "wrong"
            yield slow, "too often"
            yield from _choices(choices)
        case Do(act, to):
            yield to, act
        case Scale(low, high, _, to):
            yield to, f"{low}-{high}"
        case AskLanguage(to):
            yield to, "language"
        case Find(to):
            yield to, "found"
        case Route(by, cases, otherwise):
            grouped: dict[str, list[str]] = {}
            for case, to in cases.items():
                grouped.setdefault(to, []).append(case)
            for to, names in grouped.items():
                yield to, f"{by}: {', '.join(names)}"
            yield otherwise, "otherwise"
        case Call(flow, then):
            yield flow, "and back"
            yield then, "then"
        case Go(to):
            yield to, ""
        case End():
            pass


def _choices(choices: Sequence[Choice]) -> Iterable[tuple[str, str]]:
    for choice in choices:
        label = choice.label.source
        match choice.move:
            case Go(to):
                yield to, label
            case Call(flow, then):
                yield flow, label
                yield then, "then"
            case End():
                pass


# ── where things stand ─────────────────────────────────────────────────────────────────────────


def _layers(ids: Sequence[str], arrows: Sequence[Arrow], first: str) -> list[list[str]]:
    """Each id in the layer below the nearest that leads to it; what nothing leads to comes first
    beside `first`."""
    depth: dict[str, int] = {}
    led_to = {arrow.end for arrow in arrows}
    waiting = [first] if first in ids else []
    waiting += [name for name in ids if name not in led_to and name != first]
    for name in waiting:
        depth[name] = 0
    while len(depth) < len(ids):
        while waiting:
            name = waiting.pop(0)
            for arrow in arrows:
                if arrow.start == name and arrow.end not in depth:
                    depth[arrow.end] = depth[name] + 1
                    waiting.append(arrow.end)
        rest = next((name for name in ids if name not in depth), None)
        if rest is not None:  # a ring that nothing leads to
            depth[rest] = 0
            waiting.append(rest)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in ids:
        layers[depth[name]].append(name)
    return layers


def _ordered(layers: list[list[str]], arrows: Sequence[Arrow]) -> list[list[str]]:
    """Within each layer, near what leads to it and near what it leads to."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for arrow in arrows:
        above.setdefault(arrow.end, []).append(arrow.start)
        below.setdefault(arrow.start, []).append(arrow.end)
    ordered = [list(layer) for layer in layers]
    for near, sweep in (
        (above, range(1, len(ordered))),
        (below, range(len(ordered) - 2, -1, -1)),
        (above, range(1, len(ordered))),
    ):
        place = {name: at for layer in ordered for at, name in enumerate(layer)}
        for number in sweep:
            ordered[number].sort(key=lambda name: _middle(near.get(name, ()), place, name))
            place.update({name: at for at, name in enumerate(ordered[number])})
    return ordered


def _middle(names: Iterable[str], place: Mapping[str, int], name: str) -> float:
    known = [place[other] for other in names if other in place]
    return sum(known) / len(known) if known else place[name]


# ── SVG ────────────────────────────────────────────────────────────────────────────────────────


def _svg(boxes: Sequence[Box], arrows: Sequence[Arrow], first: str, title: str) -> str:
    layers = _ordered(_layers([box.id for box in boxes], arrows, first), arrows)
    widest = max((len(layer) for layer in layers), default=1)
    width = widest * (WIDTH + ACROSS) + 2 * EDGE
    height = len(layers) * (HEIGHT + DOWN) + 2 * EDGE
    spots: dict[str, tuple[float, float]] = {}
    for number, layer in enumerate(layers):
        left = (width - len(layer) * (WIDTH + ACROSS) + ACROSS) / 2
        for at, name in enumerate(layer):
            spots[name] = (left + at * (WIDTH + ACROSS), EDGE + number * (HEIGHT + DOWN))
    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label={quoteattr(title)}>'
        ),
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#4a5759;stroke:none"/>'
            "</marker></defs>"
        ),
    ]
    out += [_arrow(arrow, spots, width) for arrow in arrows if arrow.end in spots]
    out += [_box(box, spots[box.id]) for box in boxes]
    return "\n".join((*out, "</svg>")) + "\n"


def _arrow(arrow: Arrow, spots: Mapping[str, tuple[float, float]], width: float) -> str:
    x1, y1 = spots[arrow.start]
    x2, y2 = spots[arrow.end]
    if y2 > y1:
        x1, y1, x2 = x1 + WIDTH / 2, y1 + HEIGHT, x2 + WIDTH / 2
        bend = max(24.0, (y2 - y1) / 2)
        line = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
        kind, at_x, at_y = "", x1 + (x2 - x1) * 0.72 + 4, y2 - (y2 - y1) * 0.3
    else:  # back up, or along: around the nearer side
        right = x1 + x2 + WIDTH > width
        side = WIDTH if right else 0
        far = (1 if right else -1) * (ACROSS + abs(y1 - y2) / 8)
        x1, y1, x2, y2 = x1 + side, y1 + HEIGHT / 2, x2 + side, y2 + HEIGHT / 2
        line = (
            f"M{x1:.0f} {y1:.0f}C{x1 + far:.0f} {y1:.0f} {x2 + far:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
        )
        kind, at_x, at_y = ' class="up"', (x1 + x2) / 2 + far * 0.75, (y1 + y2) / 2
    label = shorten(arrow.label, 26, placeholder="…")
    words = f'<text class="label" x="{at_x:.0f}" y="{at_y:.0f}">{escape(label)}</text>'
    return f'<path{kind} d="{line}" marker-end="url(#tip)"/>{words if label else ""}'


def _box(box: Box, spot: tuple[float, float]) -> str:
    x, y = spot
    words = " ".join(box.words.replace("*", "").split())
    first, second = shorten(words, 30, placeholder="…"), ""
    if len(words) > 30:
        first = words[:30].rpartition(" ")[0] or words[:30]
        second = shorten(words[len(first) :], 28, placeholder="…")
    return (
        f'<g class="{box.kind}"><title>{escape(words or box.name)}</title>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="9"/>'
        f'<text class="name" x="{x + 10:.0f}" y="{y + 18:.0f}">{escape(box.name[:28])}</text>'
        f'<text x="{x + 10:.0f}" y="{y + 36:.0f}">{escape(first)}</text>'
        f'<text x="{x + 10:.0f}" y="{y + 52:.0f}">{escape(second)}</text></g>'
    )
