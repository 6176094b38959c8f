"""Pictures of what was measured, as SVG written by hand.

Text stays text. A title and a description say what is to be seen to those who hear it. A series has a
shape or a dash of its own, so that colour is never the only sign of it. A picture brings its own
ground, white or dark as the reader has it, and so reads well on any page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, floor, log10
from xml.sax.saxutils import escape

LIGHT = {
    ".ground": "#ffffff",
    ".ink": "#1d2a2c",
    ".quiet": "#57534e",
    ".grid": "#d6d3d1",
    ".band": "#f3f1ee",
    ".s0": "#155e63",
    ".s1": "#b45309",
    ".s2": "#6b21a8",
    ".s3": "#57606f",
}
DARK = {
    ".ground": "#14191a",
    ".ink": "#e9e7e4",
    ".quiet": "#b5b0aa",
    ".grid": "#3c4344",
    ".band": "#1e2526",
    ".s0": "#5fd0d3",
    ".s1": "#f5a44a",
    ".s2": "#cfa4f5",
    ".s3": "#a5b0c0",
}
SHAPES = (
    "text{font:12px system-ui,sans-serif;fill:currentColor}.strong{font-weight:600}"
    ".small{font-size:10.5px}.fill{fill:currentColor}.line{fill:none;stroke:currentColor}"
    ".thick{stroke-width:2.5}.mark{stroke:currentColor;stroke-width:2}"
    ".full{fill:currentColor}.hollow{fill:none}"
)
DASHES = ("", "7 3", "2 3", "9 3 2 3")


def _colours(colours: dict[str, str]) -> str:
    return "".join(f"{kind}{{color:{colour}}}" for kind, colour in colours.items())


@dataclass(frozen=True)
class Scale:
    """Where a value stands between two edges, along a line or by its power of ten."""

    start: float
    end: float
    low: float
    high: float
    powers: bool = False

    def at(self, value: float) -> float:
        low, high, value = (
            (log10(one) for one in (self.low, self.high, value))
            if self.powers
            else (self.low, self.high, value)
        )
        return round(self.start + (self.end - self.start) * (value - low) / (high - low), 1)


def powers(values: Iterable[float]) -> list[float]:
    """The powers of ten from below the least value to above the greatest."""
    known = sorted(values) or [1.0]
    low, high = floor(log10(known[0])), ceil(log10(known[-1]))
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


@dataclass
class Drawing:
    width: int
    height: int
    title: str
    description: str
    parts: list[str] = field(default_factory=list)

    def text(
        self, x: float, y: float, words: str, kind: str = "ink", *, anchor: str = "start"
    ) -> None:
        at = f'x="{x:g}" y="{y:g}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        self.parts.append(f'<text class="{kind}" {at}>{escape(words)}</text>')

    def line(self, x: float, y: float, to_x: float, to_y: float, kind: str = "grid") -> None:
        self.parts.append(f'<path class="line {kind}" d="M{x:g},{y:g} L{to_x:g},{to_y:g}"/>')

    def band(self, x: float, y: float, width: float, height: float, kind: str = "band") -> None:
        at = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        self.parts.append(f'<rect class="fill {kind}" {at}/>')

    def curve(self, points: Iterable[tuple[float, float]], series: int) -> None:
        """A thick line in the colour and the dash of a series."""
        way = " L".join(f"{x:g},{y:g}" for x, y in points)
        dash = f' stroke-dasharray="{DASHES[series]}"' if DASHES[series] else ""
        self.parts.append(f'<path class="line thick s{series}"{dash} d="M{way}"/>')

    def mark(self, x: float, y: float, shape: str, series: int, *, hollow: bool = False) -> None:
        """A disc, square, diamond or triangle around a point."""
        points = {
            "square": "M-4,-4 H4 V4 H-4 Z",
            "diamond": "M0,-5.5 L5.5,0 L0,5.5 L-5.5,0 Z",
            "triangle": "M0,-5 L5,4 L-5,4 Z",
            "disc": "M-4.5,0 a4.5,4.5 0 1 0 9,0 a4.5,4.5 0 1 0 -9,0 Z",
        }[shape]
        kind = "hollow" if hollow else "full"
        at = f'transform="translate({x:g} {y:g})"'
        self.parts.append(f'<path class="mark {kind} s{series}" {at} d="{points}"/>')

    def span(self, low: float, high: float, y: float, series: int) -> None:
        """An interval, with a cap at each end."""
        way = f"M{low:g},{y - 3:g} v6 M{low:g},{y:g} H{high:g} M{high:g},{y - 3:g} v6"
        self.parts.append(f'<path class="line s{series}" d="{way}"/>')

    def svg(self) -> str:
        size = f'viewBox="0 0 {self.width} {self.height}"'
        dark = f"@media (prefers-color-scheme:dark){{{_colours(DARK)}}}"
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(self.title)}</title>',
            f'<desc id="desc">{escape(self.description)}</desc>',
            f"<style>{SHAPES}{_colours(LIGHT)}{dark}</style>",
            f'<rect class="fill ground" width="{self.width}" height="{self.height}"/>',
        ]
        return "\n".join([*lines, *self.parts, "</svg>", ""])
