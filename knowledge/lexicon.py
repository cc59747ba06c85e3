"""Know what workers mean by their words: 工钱 is 工资, 冇得 is 没有, 公伤 is a slip for 工伤, gongzi is 工资.

Slips, pinyin and traditional characters are put right, for nobody writes the passages so. A worker's own word stays,
since passages and the bank's questions may hold it too, and the words of the law are added to it with less weight.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

from knowledge import idioms
from knowledge.errors import NiangjiaError
from knowledge.words import Codes, Weights, asked_terms, normalize

LEXICON = Path(__file__).parent / "lexicon"

_LETTERS = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_APART = 8  # pinyin syllables, written apart, that one entry may hold
_WHOLE = 80  # letters of pinyin without a break that are read, at most


class LexiconError(NiangjiaError):
    """Say which entry of the lexicon is wrong."""


class Kind(StrEnum):
    """Why a word is not the one that documents use."""

    COLLOQUIAL = "colloquial"
    DIALECT = "dialect"
    TYPO = "typo"
    PINYIN = "pinyin"


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of workers."""

    word: str
    means: tuple[str, ...]  # of a slip or of pinyin one, which takes its place
    sense: str
    kind: Kind
    not_in: tuple[str, ...] = ()  # longer words that hold it and mean something else


class Lexicon:
    """Reads questions. One left-to-right scan prefers the longest word, so that 公会 in 办公会 is no union."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._slips = _Scan(entry for entry in self.entries if entry.kind is Kind.TYPO)
        self._words = _Scan(entry for entry in self.entries if entry.kind in (Kind.COLLOQUIAL, Kind.DIALECT))
        self._pinyin = {entry.word: entry.means[0] for entry in self.entries if entry.kind is Kind.PINYIN}
        self._longest = max(map(len, self._pinyin), default=0)
        self._simplified = OpenCC("t2s")
        self._known_corrected = lru_cache(maxsize=256)(self._corrected)  # each question is read several times

    def corrected(self, question: str) -> str:
        """Return the question normalized, in simplified characters, slips, pinyin and figures of speech put right."""
        return self._known_corrected(question)

    def _corrected(self, question: str) -> str:
        # Character by character: OpenCC's phrases make 破坯土地 of 破坏土地.
        plain = self._simplified.convert("\n".join(normalize(question))).replace("\n", "")
        plain = _LETTERS.sub(self._spelt_out, plain)
        pieces, end = [], 0
        for start, stop, entry in self._slips.find(plain):
            pieces += [plain[end:start], entry.means[0]]
            end = stop
        return idioms.plain("".join((*pieces, plain[end:])))

    def meanings(self, corrected: str) -> tuple[str, ...]:
        """Return the words of the law that a corrected question's words mean, each once, in the question's order."""
        return tuple(dict.fromkeys(chain.from_iterable(entry.means for _, _, entry in self._words.find(corrected))))

    def terms(self, question: str) -> tuple[Codes, Weights]:
        """Return the sorted terms of a question and of what it means, and what each counts."""
        corrected = self.corrected(question)
        return asked_terms(corrected, self.meanings(corrected))

    def _spelt_out(self, match: re.Match[str]) -> str:
        """Return a run of Latin words with those in Chinese that are pinyin, syllables together or apart."""
        words = re.split(r"[ ']", match[0])
        read: list[str] = []
        while words:
            for count in range(min(_APART, len(words)), 0, -1):
                if chinese := self._in_chinese("".join(words[:count])):
                    break
            read.append(chinese or words[0])
            del words[:count]
        return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", " ".join(read))

    def _in_chinese(self, letters: str) -> str | None:
        """Return what pinyin words, written without a break, say; None unless all of it is pinyin that we know."""
        if len(letters) > _WHOLE:
            return None
        read: list[str | None] = [""]  # what the first n letters say
        for end in range(1, len(letters) + 1):
            starts = range(max(0, end - self._longest), end)
            halves = ((read[start], self._pinyin.get(letters[start:end])) for start in starts)
            read.append(next((before + word for before, word in halves if before is not None and word), None))
        return read[-1]


class _Scan:
    """Finds entries in text."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._found: dict[str, Entry | None] = {}
        for entry in entries:
            self._found |= {word: self._found.get(word) for word in entry.not_in}
            self._found[entry.word] = entry
        lengths: dict[str, set[int]] = {}
        for word in self._found:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, Entry]]:
        """Yield the span of each word and its entry; a longer word, such as those in `not_in`, hides a shorter one."""
        start = 0
        while start < len(text):
            for length in self._lengths.get(text[start], ()):
                word, end = text[start : start + length], start + length
                if word in self._found and not (_joins(text, start) or _joins(text, end)):
                    if entry := self._found[word]:
                        yield start, end, entry
                    start = end
                    break
            else:
                start += 1


def _joins(text: str, at: int) -> bool:
    """Tell whether the characters before and at `at` are of one Latin word or of one number."""
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return bool(around) and around.isascii() and (around.isalpha() or around.isdigit())


@cache
def load_lexicon(folder: Path = LEXICON) -> Lexicon:
    """Read the lexicon once; raise LexiconError at the first entry that is wrong."""
    entries = [entry for file in sorted(folder.glob("*.yaml")) for entry in _entries(file)]
    known: dict[str, Entry] = {}
    for entry in entries:
        if entry.word in known:
            raise LexiconError(f"{entry.word} stands twice in the lexicon: keep one.")
        known[entry.word] = entry
    return Lexicon(entries)


def _entries(file: Path) -> Iterator[Entry]:
    data: Mapping[str, Any] = yaml.load(file.read_text("utf8"), Loader=yaml.CSafeLoader) or {}
    for row in data.get("entries") or ():
        try:
            entry = Entry(
                row["word"], tuple(row["means"]), row["sense"], Kind(data["kind"]), tuple(row.get("not_in", ()))
            )
            _check(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise LexiconError(f"{file.name}: {row} needs word, means and sense, as text ({error}).") from error
        yield entry


def _check(entry: Entry) -> None:
    if not all(isinstance(text, str) and text for text in (entry.word, entry.sense, *entry.means, *entry.not_in)):
        raise ValueError("empty or not text")
    if entry.word != normalize(entry.word):
        raise ValueError("the word is not in half-width small letters")
    if not entry.means or entry.word in entry.means:
        raise ValueError("the word means itself or nothing")
    if entry.kind in (Kind.TYPO, Kind.PINYIN) and len(entry.means) > 1:
        raise ValueError("what is put right means one thing")
    if not all(entry.word in longer and entry.word != longer for longer in entry.not_in):
        raise ValueError("not_in names longer words that hold the word")
