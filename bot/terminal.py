"""Shows an answer in a terminal, whose own line breaks know nothing of Chinese."""

import re

from rich.cells import cell_len
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.answers.model import Answer
from bot.texts import source_name

WIDEST = 100  # cells; a longer line is hard to read
_INDENT = "   "

# What stays together: a word or figure, or one character, with the brackets before it and the marks behind it.
_UNIT = re.compile(r"[《（“‘「【]*(?:[!-~]+|\S)[，。、；：？！…》）”’」】]*|\s")


def print_answer(answer: Answer, console: Console) -> None:
    """Print the answer in a frame, and its sources with their quotes below."""
    width = min(console.width, WIDEST)
    text = Text("\n".join(wrapped(answer.text, width - 6)))
    console.print(Panel(text, title="娘家", title_align="left", border_style="red", padding=(1, 2), width=width))
    for number, citation in enumerate(answer.citations, 1):
        place = f" · {citation.path[-1]}" if citation.path and citation.law is None else ""
        console.print(Text(f"{number}. {source_name(citation)}{place}", style="bold"))
        for line in wrapped(f"“{citation.quote}”", width - len(_INDENT)):
            console.print(Text(f"{_INDENT}{line}" if line else "", style="dim"))


def wrapped(text: str, width: int) -> list[str]:
    """Return the text's lines, none wider than `width` cells unless a single word is."""
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width)]


def _lines(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for unit in _UNIT.findall(paragraph):
        if cell_len(lines[-1] + unit.rstrip()) > width and lines[-1]:
            lines.append("")
        if lines[-1] or not unit.isspace():
            lines[-1] += unit
    return [line.rstrip() for line in lines]
