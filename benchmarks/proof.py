"""Try what a chat model's claims are held against with sentences whose truth is known.

    python -m benchmarks.proof LAWS

`LAWS` is a folder of acts. Our guides tell articles in our own words and name them: each such sentence is a claim that
should be taken for proved by its article. Held against another article of the same act, or with one of its numbers
changed, it should not. Prints the share of each that is.
"""

import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bot.answers.chat.proof import Claim, Draft, prove
from ingest.readers import iter_documents
from ingest.sources import BUILTIN_FOLDER, SourceFile, walk
from ingest.splitter import split
from knowledge.model import Document, Passage
from knowledge.numerals import NUMERAL
from knowledge.sentences import sentences

SHORTEST = 8  # characters of a claim

_NAMED = re.compile(rf"（《([^》]+)》(第{NUMERAL}条)）")
_LIST = re.compile(r"^\s*(?:\d+[.、]|[-*])\s*")
_NUMBER = re.compile(r"[二三四五六七八]|\d+")


def main() -> None:
    """Judge all sentences and print the shares."""
    random.seed(0)
    articles = {(p.law, p.article): p for p in _passages(Path(sys.argv[1])) if p.law and p.article}
    of_act = defaultdict(list)
    for law, article in articles:
        of_act[law].append(article)
    true, other, changed = [], [], []
    for text, law, article in _told():
        if (law, article) not in articles:
            continue
        passage = articles[law, article]
        true.append(_proved(text, passage))
        other.append(_proved(text, articles[law, random.choice([one for one in of_act[law] if one != article])]))
        if true[-1] and (number := _NUMBER.search(text)):
            changed.append(_proved(text[: number.start()] + _another(number[0]) + text[number.end() :], passage))
    for name, outcomes in (("its article", true), ("another of the act", other), ("a number changed", changed)):
        print(f"{name}: {sum(outcomes) / len(outcomes):.1%} of {len(outcomes)} are taken for proved")


def _told() -> Iterator[tuple[str, str, str]]:
    """Yield the sentences of our guides that name one article, without it, and the act and article."""
    for document in _documents(BUILTIN_FOLDER):
        for start, end in sentences(document.text):
            text = document.text[start:end]
            named = _NAMED.findall(text)
            text = _LIST.sub("", re.sub(r"（[^）]*）", "", text))
            if len(named) == 1 and len(text) >= SHORTEST:
                yield text, *named[0]


def _proved(text: str, passage: Passage) -> bool:
    """Tell whether the claim is taken for proved, quoting the sentence that is nearest to it."""
    spans = (passage.text[start:end] for start, end in sentences(passage.text))
    quote = max(spans, key=lambda one: len(_pairs(one) & _pairs(text)))
    return not prove(Draft(answered=True, claims=[Claim(text=text, passage=1, quote=quote)]), [passage])[1]


def _another(number: str) -> str:
    return str(int(number) + 1) if number.isdecimal() else "九"


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(text))


def _passages(folder: Path) -> Iterator[Passage]:
    for document in _documents(folder):
        yield from split(document)


def _documents(folder: Path) -> Iterator[Document]:
    for file in walk(folder):
        if isinstance(file, SourceFile):
            yield from (one for one in iter_documents(file) if isinstance(one, Document))


if __name__ == "__main__":
    main()
