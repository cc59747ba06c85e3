"""Measure how well passages are found: question sets → outcomes, one a question → figures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import fmean, quantiles

from knowledge.generation import Generation
from knowledge.model import Passage, ScoredPassage
from knowledge.question_set import Gold, Places, Question, Quote, Records, places_of, squeeze

CUTS = (1, 3, 5, 10)  # the k of hit@k
DEEP = 100  # passages that the recall of records needs
SHALLOW = 20  # passages that are enough for all else
RECALL_CUTS = (10, DEEP)
_SHOWN = 3  # passages kept of what was found
_EXCERPT = 60  # characters of each


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found for one question, in words and numbers that can be kept."""

    id: str
    question: str  # all turns, the last being asked
    group: str
    expected: str  # "" where nothing may answer
    absent: bool  # what answers is not in the index
    rank: int | None  # of the first find, 0 is best
    recall: tuple[float, ...]  # share of the records among the first RECALL_CUTS, () unless records are wanted
    found: tuple[str, ...]  # the best passages
    elapsed_ms: float

    @property
    def answerable(self) -> bool:
        """Tell whether something is known to answer the question, in the index or not."""
        return bool(self.expected)

    def hit(self, cut: int) -> bool:
        """Tell whether one of the first `cut` passages answers."""
        return self.rank is not None and self.rank < cut


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set comes to; shares are None where no question of the set tells."""

    questions: int  # that something answers
    absent: int  # of which what answers is not in the index; they count as not found
    hits: Mapping[int, float | None]
    mrr: float | None  # over the first ten
    recall: Mapping[int, float | None]
    median_ms: float
    p95_ms: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Figures":
        """Sum up at least one outcome."""
        asked = [outcome for outcome in outcomes if outcome.answerable]
        records = [outcome.recall for outcome in asked if outcome.recall]
        times = [outcome.elapsed_ms for outcome in outcomes]
        percentiles = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
        return cls(
            questions=len(asked),
            absent=sum(outcome.absent for outcome in asked),
            hits={cut: share(outcome.hit(cut) for outcome in asked) for cut in CUTS},
            mrr=share(
                1 / (outcome.rank + 1) if outcome.rank is not None and outcome.hit(10) else 0 for outcome in asked
            ),
            recall={cut: share(row[place] for row in records) for place, cut in enumerate(RECALL_CUTS)},
            median_ms=percentiles[9],
            p95_ms=percentiles[18],
        )


class Holdings:
    """Know where a generation holds what answers, to tell what is not found from what is not there."""

    def __init__(self, generation: Generation, sources: Collection[str] | None = None) -> None:
        """Read all passages of `generation`, which stays in use, or know those of some of its sources alone."""
        self._generation = generation
        self._sources = [source for source in generation.sources() if sources is None or source in sources]
        self._places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._records: defaultdict[int | str, set[str]] = defaultdict(set)
        known = frozenset(self._sources)
        for passage in generation.archive.all_passages() if known else ():
            if passage.source in known:
                for place in places_of(passage):
                    self._places[place].add(passage.source)
                if passage.record is not None:
                    self._records[passage.record].add(passage.source)

    def where(self, gold: Gold) -> set[str]:
        """Return the sources that hold the places, the records or the quote."""
        match gold:
            case Places(places):
                return set().union(*(self._places.get(place, ()) for place in places))
            case Records(ids):
                return set().union(*(self._records.get(record, ()) for record in ids))
            case Quote(file):
                named = (source for source in self._sources if squeeze(source).endswith(file))
                return {source for source in named if gold.stands_in(self._text(source))}

    def _text(self, source: str) -> str:
        document = self._generation.document(source)
        return squeeze(document.text) if document else ""


def depth(questions: Iterable[Question]) -> int:
    """Return how many passages the figures of a set need."""
    return DEEP if any(isinstance(question.gold, Records) for question in questions) else SHALLOW


def outcome(question: Question, found: Sequence[ScoredPassage], elapsed_ms: float, absent: bool = False) -> Outcome:
    """Hold what was found against what answers; `absent` says that the index seems not to hold it."""
    gold = question.gold
    passages = [one.passage for one in found]
    recall: tuple[float, ...] = ()
    rank = None
    if isinstance(gold, Records):
        # An article split into several passages counts once.
        ids = list(dict.fromkeys(passage.record for passage in passages))
        rank = next((place for place, record in enumerate(ids) if record in gold.ids), None)
        recall = tuple(len(gold.ids.intersection(ids[:cut])) / len(gold.ids) for cut in RECALL_CUTS)
    elif gold is not None:
        rank = next((place for place, passage in enumerate(passages) if gold.within(passage)), None)
    return Outcome(
        id=question.id,
        question=" ⏎ ".join(question.turns),
        group=question.group,
        expected=gold.label if gold else "",
        absent=absent and rank is None,
        rank=rank,
        recall=recall,
        found=tuple(_label(passage) for passage in passages[:_SHOWN]),
        elapsed_ms=round(elapsed_ms, 3),
    )


def share(values: Iterable[float]) -> float | None:
    """Return the mean, None of nothing."""
    known = list(values)
    return fmean(known) if known else None


def luck(won: int, lost: int) -> float:
    """Return the probability that chance alone loses at least `lost` of the questions that changed sides."""
    changed = won + lost
    return sum(comb(changed, count) for count in range(lost, changed + 1)) / float(2**changed)


def _label(passage: Passage) -> str:
    place = passage.article or " › ".join(passage.path[-1:]) or (f"#{passage.record}" if passage.record else "")
    excerpt = " ".join(passage.text.split())
    return f"{passage.law or passage.title} {place}: {excerpt[:_EXCERPT]}{'…' if len(excerpt) > _EXCERPT else ''}"
