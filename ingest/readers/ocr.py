"""Read words from pictures, where the `[ocr]` extra is installed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.readers.errors import ReadError


class OcrEngine(Protocol):
    """Finds the lines of text in a picture."""

    def lines(self, picture: NDArray[np.uint8]) -> list[str]:
        """Return the lines from top to bottom; `picture` is height × width × RGB."""


class RapidOcr:
    """RapidOCR on ONNX: carries its models, works offline, about a second a page."""

    def __init__(self) -> None:
        try:
            from rapidocr import RapidOCR  # the extra may be absent
        except ImportError as error:
            raise ReadError(
                "holds pictures of text: install the extra with `pip install 'niangjia[ocr]'` to read them"
            ) from error
        self._engine: Any = RapidOCR(params={"Global.log_level": "warning"})

    def lines(self, picture: NDArray[np.uint8]) -> list[str]:
        """Return the lines from top to bottom, boxes of one height from left to right on one line."""
        found = self._engine(picture[:, :, ::-1])  # the engine expects BGR
        return [] if found.txts is None else _in_lines(list(zip(found.boxes, found.txts, strict=True)))


def _in_lines(boxes: list[tuple[Any, str]]) -> list[str]:
    lines: list[tuple[float, list[tuple[float, str]]]] = []
    for box, words in sorted(boxes, key=lambda entry: float(np.mean(entry[0][:, 1]))):
        middle, height = float(np.mean(box[:, 1])), float(np.ptp(box[:, 1]))
        if lines and middle - lines[-1][0] < height / 2:
            lines[-1][1].append((float(box[:, 0].min()), words))
        else:
            lines.append((middle, [(float(box[:, 0].min()), words)]))
    return [" ".join(words for _, words in sorted(parts)) for _, parts in lines]


@cache
def ocr_engine() -> OcrEngine:
    """Return the engine, loaded once; raise `ReadError` where the extra is not installed."""
    return RapidOcr()


def read_picture(path: Path, engine: Callable[[], OcrEngine]) -> list[str]:
    """Return the lines of a picture file; raise `ReadError` for what is no picture or holds no words."""
    try:
        with Image.open(path) as image:
            picture = np.asarray(image.convert("RGB"))
    except (OSError, Image.DecompressionBombError, ValueError) as error:
        raise ReadError("is broken: it cannot be read as a picture") from error
    lines = engine().lines(picture)
    if not lines:
        raise ReadError("is a picture without words")
    return lines
