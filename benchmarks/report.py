"""What was measured, as lines of a table and as pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

_WIDTH, _HEIGHT, _MARGIN = 720, 300, 56
_COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce")


@dataclass(frozen=True)
class Line:
    """One line of the table. `met` is None where no goal was set; `why` tells why a goal is not met, where it is not."""

    what: str
    goal: str
    measured: str
    met: bool | None = None
    why: str = ""

    def __str__(self) -> str:
        return f"| {self.what} | {self.goal} | {self.measured} | {'' if self.met is None else 'yes' if self.met else '**no**'} |"


def table(lines: Sequence[Line]) -> list[str]:
    """The lines as Markdown, and below them why goals are not met."""
    reasons = dict.fromkeys(line.why for line in lines if line.met is False and line.why)
    told = [f"- {reason}" for reason in reasons]
    return [
        "| what | goal | measured | met |",
        "|---|---|---|---|",
        *map(str, lines),
        "",
        *(["Not met:", "", *told, ""] if told else []),
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(values: Sequence[float]) -> str:
    """Median and 95th percentile of seconds, to read."""
    return f"{median(values) * 1000:.1f} ms (p95 {percentile(values, 0.95) * 1000:.1f})"


def plot(title: str, unit: str, ticks: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """A line for each of `series` over the same `ticks`, as SVG."""
    top = max(max(values) for values in series.values()) * 1.1
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(ticks) - 1)

    def y(value: float) -> float:
        return _HEIGHT - _MARGIN - value / top * (_HEIGHT - 2 * _MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/><text x="{_MARGIN}" y="24" font-size="14">{title}</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        value = top * share
        parts.append(f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_MARGIN - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    parts.append(f'<text x="{_MARGIN}" y="{_MARGIN - 10}" fill="#555">{unit}</text>')
    for number, tick in enumerate(ticks):
        parts.append(f'<text x="{_MARGIN + number * step:.1f}" y="{_HEIGHT - _MARGIN + 18}" text-anchor="middle">{tick}</text>')
    for (name, values), colour, number in zip(series.items(), _COLOURS, range(len(series)), strict=False):
        points = " ".join(f"{_MARGIN + n * step:.1f},{y(value):.1f}" for n, value in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{_MARGIN + number * 164}" y="{_HEIGHT - 12}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])
