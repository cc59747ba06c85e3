"""Draw the figures as SVG that needs nothing else: coloured by the page's variables, light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from bot.evaluation.figures import Bin, Threshold

WIDTH, HEIGHT = 480, 300  # units of the drawing, which the page scales
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 20, 12, 44
_LATENCY_BARS = 24
_POINTS = 160  # of a curve: more cannot be seen


@dataclass(slots=True)
class _Frame:
    """Two axes, and marks between them."""

    title: str
    x: tuple[float, float]
    y: tuple[float, float]
    marks: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies in the drawing."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            round(_LEFT + across * (WIDTH - _LEFT - _RIGHT), 1),
            round(HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM), 1),
        )

    def ticks_y(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw lines across, each with what it stands for."""
        for value, words in ticks:
            x, y = self.at(self.x[0], value)
            self.marks.append(f'<path class="grid" d="M{x} {y}H{WIDTH - _RIGHT}"/>')
            self.marks.append(f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{escape(words)}</text>')

    def ticks_x(self, ticks: Sequence[tuple[float, str]], name: str = "") -> None:
        """Write below the drawing what stands where, and the name of it all."""
        for value, words in ticks:
            x, y = self.at(value, self.y[0])
            self.marks.append(f'<text x="{x}" y="{y + 16}" text-anchor="middle">{escape(words)}</text>')
        middle = (_LEFT + WIDTH - _RIGHT) / 2
        self.marks.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(name)}</text>')

    def bar(self, x: float, width: float, top: float, series: int, words: str) -> None:
        """Draw a bar from the ground up; `words` show when it is pointed at."""
        left, high = self.at(x, top)
        right, low = self.at(x + width, self.y[0])
        self.marks.append(
            f'<rect class="fill{series}" x="{left}" y="{high}" width="{max(right - left - 1, 0.5):.1f}" '
            f'height="{max(low - high, 0):.1f}"><title>{escape(words)}</title></rect>'
        )

    def line(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Draw a line through the points."""
        path = "L".join(f"{x} {y}" for x, y in (self.at(*point) for point in points))
        self.marks.append(f'<path class="{kind}" d="M{path}"/>')

    def dot(self, x: float, y: float, radius: float, series: int, words: str) -> None:
        """Draw a dot."""
        left, top = self.at(x, y)
        self.marks.append(
            f'<circle class="fill{series} dot" cx="{left}" cy="{top}" r="{radius:.1f}">'
            f"<title>{escape(words)}</title></circle>"
        )

    def svg(self) -> str:
        """Return the drawing."""
        marks = "\n".join(self.marks)
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(self.title)}">\n'
            f"<title>{escape(self.title)}</title>\n{marks}\n</svg>"
        )


def hits(cuts: Sequence[int], series: Sequence[Sequence[float | None]], title: str) -> str:
    """Draw hit@k of one or two runs as bars."""
    frame = _Frame(title, (0, len(cuts)), (0, 1))
    frame.ticks_y(_shares())
    width = 0.8 / len(series)
    for number, values in enumerate(series):
        for place, (cut, value) in enumerate(zip(cuts, values, strict=True)):
            if value is not None:
                frame.bar(place + 0.1 + number * width, width, value, number, f"hit@{cut}: {value:.3f}")
    frame.ticks_x([(place + 0.5, str(cut)) for place, cut in enumerate(cuts)], "among the first k passages")
    return frame.svg()


def calibration(series: Sequence[Sequence[Bin]], title: str) -> str:
    """Draw how often what was given a confidence could be answered; the area of a dot is the number of questions."""
    frame = _Frame(title, (0, 1), (0, 1))
    frame.ticks_y(_shares())
    frame.line([(0, 0), (1, 1)], "ideal")
    for number, bins in enumerate(series):
        known = [one for one in bins if one.confidence is not None and one.answerable is not None]
        total = sum(one.count for one in known) or 1
        points = [(one.confidence or 0.0, one.answerable or 0.0) for one in known]
        if points:
            frame.line(points, f"line{number}")
        for one, (confidence, answerable) in zip(known, points, strict=True):
            words = f"{one.low:.1f} to {one.high:.1f}: {one.count} questions, {answerable:.2f} of them answerable"
            frame.dot(confidence, answerable, 3 + 14 * (one.count / total) ** 0.5, number, words)
    frame.ticks_x(_shares(), "confidence")
    return frame.svg()


def refusals(series: Sequence[tuple[Sequence[Threshold], float | None, float | None]], title: str) -> str:
    """Draw what each threshold refuses; with each curve come the shares that were refused in fact."""
    frame = _Frame(title, (0, 1), (0, 1))
    frame.ticks_y(_shares())
    frame.line([(0, 0), (1, 1)], "ideal")
    for number, (curve, false_refusal, refused) in enumerate(series):
        step = max(1, len(curve) // _POINTS)
        thinned = [*curve[::step], *curve[-1:]]
        if thinned:
            frame.line([(one.false_refusal, one.refused) for one in thinned], f"line{number}")
        if false_refusal is not None and refused is not None:
            words = f"as it is: refuses {refused:.3f} of what nothing answers, and {false_refusal:.3f} of the rest"
            frame.dot(false_refusal, refused, 6, number, words)
    frame.ticks_x(_shares(), "refused, though the index holds it")
    return frame.svg()


def standalone(svg: str) -> str:
    """Return a drawing as a file of its own, with the colours that the page would give it."""
    style = (
        "svg{background:#fff}text{font:12px sans-serif;fill:#444}path{fill:none}.grid{stroke:#ddd}"
        ".ideal{stroke:#999;stroke-dasharray:4}.line0{stroke:#b3261e;stroke-width:2}.fill0{fill:#b3261e;fill-opacity:.7}"
    )
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        ">", f"><style>{style}</style>", 1
    )


def latency(series: Sequence[Sequence[float]], title: str) -> str:
    """Draw how long answers took, in milliseconds; the slowest hundredth are counted into the last bar."""
    known = sorted(value for values in series for value in values)
    top = max(known[int(len(known) * 0.99) - 1] if len(known) > 1 else known[-1], 0.1)
    counts = [[0] * _LATENCY_BARS for _ in series]
    for number, values in enumerate(series):
        for value in values:
            counts[number][min(int(value / top * _LATENCY_BARS), _LATENCY_BARS - 1)] += 1
    highest = max(max(row) for row in counts)
    frame = _Frame(title, (0, _LATENCY_BARS), (0, highest))
    frame.ticks_y([(value, str(value)) for value in sorted({0, highest // 2, highest})])
    width = 1 / len(series)
    for number, row in enumerate(counts):
        for place, count in enumerate(row):
            if count:
                words = f"from {place * top / _LATENCY_BARS:.1f} ms: {count} questions"
                frame.bar(place + number * width, width, count, number, words)
    ticks = [(part * _LATENCY_BARS, f"{part * top:.1f}") for part in (0, 0.25, 0.5, 0.75, 1)]
    frame.ticks_x(ticks, "milliseconds")
    return frame.svg()


def _shares() -> list[tuple[float, str]]:
    return [(value / 4, f"{value / 4:.2f}") for value in range(5)]
