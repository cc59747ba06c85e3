import re
from xml.etree import ElementTree

import pytest

from bot.evaluation import plots
from bot.evaluation.figures import calibration, refusal_curve
from knowledge.evaluation import CUTS
from tests.bot.evaluation.rows import answered, unanswerable

ROWS = [answered(confidence=number / 100, elapsed_ms=number) for number in range(1, 100)]
OTHERS = [unanswerable(confidence=number / 200) for number in range(99)]
TITLE = "它 <b> & “它”"


def drawn(svg: str) -> ElementTree.Element:
    """Parse a drawing and see that every mark lies within it."""
    root = ElementTree.fromstring(svg)
    for mark in root.iter():
        for name, most in (("x", plots.WIDTH), ("cx", plots.WIDTH), ("y", plots.HEIGHT), ("cy", plots.HEIGHT)):
            assert 0 <= float(mark.get(name, 0)) <= most
        if path := mark.get("d"):
            assert all(0 <= float(number) <= plots.WIDTH for number in re.findall(r"-?[\d.]+", path))
    return root


def of_kind(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [mark for mark in root.iter() if kind in mark.get("class", "").split()]


def test_each_share_is_a_bar_as_high_as_it_is() -> None:
    root = drawn(plots.hits(CUTS, [[0.5, 0.75, 1.0, None], [0.25, 0.5, 0.5, 0.5]], TITLE))
    heights = [float(bar.get("height", 0)) for bar in of_kind(root, "fill0")]
    assert heights == pytest.approx([heights[2] / 2, heights[2] * 0.75, heights[2]], abs=0.2)
    assert len(of_kind(root, "fill1")) == 4
    assert root.get("aria-label") == TITLE


def test_calibration_shows_how_many_questions_each_dot_is() -> None:
    root = drawn(plots.calibration([calibration(ROWS), calibration([])], TITLE))
    dots = of_kind(root, "dot")
    assert len(dots) == 10
    assert "10 questions" in (dots[1][0].text or "")
    assert of_kind(root, "line1") == []


def test_a_refusal_curve_has_its_operating_point() -> None:
    root = drawn(plots.refusals([(refusal_curve([*ROWS, *OTHERS]), 0.1, 0.8)], TITLE))
    (dot,) = of_kind(root, "dot")
    assert "0.800" in (dot[0].text or "")
    assert len(of_kind(root, "line0")) == 1


def test_latency_counts_every_answer_and_the_slowest_into_the_last_bar() -> None:
    times = [*range(1, 100), 10_000]
    root = drawn(plots.latency([times], TITLE))
    counts = [int(re.search(r": (\d+) questions", bar[0].text or "")[1]) for bar in of_kind(root, "fill0")]  # type: ignore[index]
    assert sum(counts) == 100
    assert counts[-1] >= 2


def test_one_answer_is_enough_to_draw() -> None:
    assert len(of_kind(drawn(plots.latency([[0.0]], TITLE)), "fill0")) == 1


def test_a_drawing_stands_alone_as_a_file() -> None:
    root = ElementTree.fromstring(plots.standalone(plots.calibration([calibration(ROWS)], TITLE)))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert ".line0" in (root[0].text or "")
