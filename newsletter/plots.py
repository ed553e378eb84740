"""A small writer of SVG plots: numbers in, text out. Pure.

Everything is drawn in ``currentColor``, so that a plot fits light and dark pages; it has a title
and a description for those who cannot see it, and neither scripts nor styles of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 180
# In pixels; on a narrower page its place scrolls, rather than that nobody can read the numbers.
NARROWEST, WIDEST = 480, 680
# What a step between two ticks may be: round numbers, and round lengths of time in seconds.
ROUND = (1, 2, 5, 10)
ROUND_TIMES = (
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
    172800, 432000, 864000,
)  # fmt: skip
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 26, 26
_TICKS_ACROSS = 6
_TICKS_UP = 4
_FONT = 'font-family="inherit" font-size="12" fill="currentColor"'

Label = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar of ``width`` from each x on, of height y."""

    points: Sequence[tuple[float, float]]
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Points in order of x, joined; ``is_dashed`` tells it from another. None is a gap."""

    points: Sequence[tuple[float, float | None]]
    name: str
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot, its y beginning at 0. ``description`` says in words what it shows."""

    title: str
    description: str
    series: Sequence[Bars | Line]
    x_label: Label
    y_label: Label
    x_range: tuple[float, float] | None = None  # none: as far as the points go
    x_steps: Sequence[float] = ROUND
    y_steps: Sequence[float] = ROUND
    name: str = "plot"  # distinguishes several on one page


def svg(plot: Plot) -> str:
    """The plot as one SVG element; it is as wide as its place, and keeps its shape."""
    frame = _Frame.around(plot)
    titles = f"{plot.name}-title {plot.name}-text"
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{escape(titles)}" width="100%" '
        f'style="min-width:{NARROWEST}px;max-width:{WIDEST}px">',
        f'<title id="{escape(plot.name)}-title">{escape(plot.title)}</title>',
        f'<desc id="{escape(plot.name)}-text">{escape(plot.description)}</desc>',
        f'<text x="0" y="12" font-weight="600" {_FONT}>{escape(plot.title)}</text>',
        *_legend(plot),
        *_across(frame, plot),
        *_up(frame, plot),
    ]
    for one in plot.series:
        pieces += _bars(frame, one) if isinstance(one, Bars) else _line(frame, one)
    return "".join([*pieces, "</svg>"])


def ticks(least: float, most: float, count: int, steps: Sequence[float] = ROUND) -> list[float]:
    """Round numbers between the two, at most ``count`` and one. ``steps`` are what a step may be,
    and tens and tenths of them."""
    span = most - least
    if span <= 0:
        return [least]
    step = _step(span / count, steps)
    first = math.ceil(least / step)
    return [number * step for number in range(first, math.floor(most / step) + 1)]


def _step(wanted: float, steps: Sequence[float]) -> float:
    scale = 1.0
    while steps[-1] * scale < wanted:
        scale *= 10
    while steps[0] * scale > wanted * 10:
        scale /= 10
    return next(step * scale for step in steps if step * scale >= wanted)


@dataclass(frozen=True, slots=True)
class _Frame:
    """From numbers to places on the drawing."""

    least: float
    most: float
    top: float

    @classmethod
    def around(cls, plot: Plot) -> _Frame:
        across: list[float] = list(plot.x_range or ())
        up: list[float] = []
        for one in plot.series:
            extra = one.width if isinstance(one, Bars) else 0.0
            across += [place for x, _ in one.points for place in (x, x + extra)]
            up += [y for _, y in one.points if y is not None]
        least, most = (min(across), max(across)) if across else (0.0, 1.0)
        top = max([*up, 0.0])
        # Up to the first round number that holds it, so that the highest point is not the edge.
        step = _step(top / _TICKS_UP, plot.y_steps) if top > 0 else 1.0
        return cls(least, most if most > least else least + 1, math.ceil(top / step or 1) * step)

    def x(self, value: float) -> float:
        wide = WIDTH - _LEFT - _RIGHT
        return _LEFT + wide * (value - self.least) / (self.most - self.least)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self.top


def _legend(plot: Plot) -> Iterator[str]:
    """The names of the lines, beside the title; a sign is taken to be seven wide."""
    left = 8 * len(plot.title) + 24
    for line in plot.series:
        if isinstance(line, Line):
            yield f'<path d="M{left} 8h26" {_stroke(line)}/>'
            yield f'<text x="{left + 32}" y="12" {_FONT}>{escape(line.name)}</text>'
            left += 32 + 7 * len(line.name) + 18


def _across(frame: _Frame, plot: Plot) -> Iterator[str]:
    base = HEIGHT - _BOTTOM
    yield f'<path d="M{_LEFT} {base}H{WIDTH - _RIGHT}" stroke="currentColor" stroke-width="1"/>'
    for value in ticks(frame.least, frame.most, _TICKS_ACROSS, plot.x_steps):
        x = frame.x(value)
        yield f'<path d="M{x:.1f} {base}v4" stroke="currentColor"/>'
        place = "end" if x > WIDTH - _RIGHT - 24 else "middle"
        yield (
            f'<text x="{x:.1f}" y="{base + 18}" text-anchor="{place}" {_FONT}>'
            f"{escape(plot.x_label(value))}</text>"
        )


def _up(frame: _Frame, plot: Plot) -> Iterator[str]:
    for value in ticks(0, frame.top, _TICKS_UP, plot.y_steps):
        y = frame.y(value)
        yield (
            f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="currentColor" '
            f'stroke-opacity="0.15"/><text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" '
            f"{_FONT}>{escape(plot.y_label(value))}</text>"
        )


def _bars(frame: _Frame, bars: Bars) -> Iterator[str]:
    base = frame.y(0)
    path = []
    for x, y in bars.points:
        left, right = frame.x(x), frame.x(x + bars.width)
        # A hair of room between bars, as long as they are wide enough for it.
        wide = max(right - left - (1 if right - left > 3 else 0), 1.0)
        path.append(f"M{left:.1f} {base:.1f}v{frame.y(y) - base:.1f}h{wide:.1f}V{base:.1f}z")
    yield f'<path d="{"".join(path)}" fill="currentColor" fill-opacity="0.6"/>'


def _line(frame: _Frame, line: Line) -> Iterator[str]:
    path: list[str] = []
    is_on = False
    for x, y in line.points:
        if y is not None:
            # A point between two gaps is drawn as a dot, by its round ends.
            path.append(f"{'L' if is_on else 'M'}{frame.x(x):.1f} {frame.y(y):.1f}")
            path += [] if is_on else ["h0"]
        is_on = y is not None
    yield f'<path d="{"".join(path)}" {_stroke(line)}/>'


def _stroke(line: Line) -> str:
    dashes = ' stroke-dasharray="2 5"' if line.is_dashed else ""
    return (
        'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        f'stroke-linejoin="round"{dashes}'
    )
