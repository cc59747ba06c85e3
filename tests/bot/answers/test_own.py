import pytest

from bot.answers.answerer import Answerer
from bot.answers.model import Answer, AnswerStatus
from bot.answers.own import is_rule, led, nearness
from knowledge.model import DocumentKind, ScoredPassage, Scores
from tests.bot.answers.passages import found
from tests.bot.answers.union_rules import GENERAL, OWN


def leads(answer: Answer) -> bool:
    """Tell whether a union's own rule comes first."""
    return bool(answer.citations) and answer.citations[0].source.startswith("rules/")


# --- with the shipped documents and the unions' own ---


@pytest.mark.parametrize(
    ("region", "question", "told"),
    [
        ("十堰", "职工书屋几点开门", "九点"),
        ("十堰", "借书要不要押金", "不收押金"),
        ("十堰", "书屋一次能借几本", "四本"),
        ("荆州城发", "高温津贴一个月多少钱", "四百元"),
        ("荆州城发", "疗休养的标准是多少钱", "两千五百元"),
    ],
)
@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "named"])
def test_what_the_union_laid_down_itself_comes_first(
    ruled: Answerer, region: str, question: str, told: str, chosen: bool
) -> None:
    answer = ruled.answer(question, region=region) if chosen else ruled.answer(f"{region}{question}")
    assert leads(answer)
    assert told in answer.text.partition("\n\n")[0]


def test_most_that_the_unions_tell_themselves_is_told_by_their_own_words(ruled: Answerer) -> None:
    answers = [(ruled.answer(question, region=region), told) for region, question, told in OWN]
    assert sum(leads(answer) for answer, _ in answers) >= 29
    assert sum(told in answer.text for answer, told in answers) >= 28
    assert all(answer.status is AnswerStatus.ANSWERED for answer, _ in answers)


def test_what_their_rules_only_touch_is_mostly_left_to_law_and_guides(ruled: Answerer) -> None:
    answers = [ruled.answer(question, region=region) for region, question in GENERAL]
    assert sum(leads(answer) for answer in answers) <= 5


def test_where_the_rule_leads_the_law_has_its_say_after_it(ruled: Answerer) -> None:
    answer = ruled.answer("借书要不要押金", region="十堰")
    assert len(answer.citations) > 1
    assert not all(citation.source.startswith("rules/") for citation in answer.citations)


def test_another_unions_rule_never_leads(ruled: Answerer) -> None:
    for question in ("职工书屋几点开门", "书屋一次能借几本", "十堰书屋一次能借几本"):
        assert not leads(ruled.answer(question, region="随州"))
        assert not leads(ruled.answer(f"随州{question.removeprefix('十堰')}"))


def test_without_any_place_the_order_is_that_of_the_search(ruled: Answerer) -> None:
    answer = ruled.answer("借书要不要押金")
    assert answer.passages[0].passage.source == answer.citations[0].source == "documents/services/workers-libraries.md"


# --- by hand ---


def rule(cosine: float, bm25: float) -> ScoredPassage:
    one = found("每次借四本。", source="rules/a.md", kind=DocumentKind.GUIDE, regions=("十堰",))
    return ScoredPassage(one.passage, 0.4, Scores(cosine=cosine, bm25=bm25))


def guide(cosine: float, bm25: float) -> ScoredPassage:
    one = found("借几本，每家不同。", source="documents/b.md", kind=DocumentKind.GUIDE)
    return ScoredPassage(one.passage, 1.0, Scores(cosine=cosine, bm25=bm25))


def test_nearness_is_the_mean_of_meaning_and_words() -> None:
    own = rule(0.4, 15.0)
    assert nearness([own], [guide(0.8, 20.0), own]) == pytest.approx((0.5 + 0.75) / 2)
    assert nearness([own], [own]) == 1
    assert nearness([rule(0.0, 0.0)], [guide(0.0, 0.0)]) == 0


def test_what_leads_comes_first_and_places_keep_their_scores() -> None:
    own, other = rule(0.4, 15.0), guide(0.8, 20.0)
    order = led(own, [other, own])
    assert [one.passage for one in order] == [own.passage, other.passage]
    assert [one.score for one in order] == [1.0, 0.4]


@pytest.mark.parametrize(
    ("details", "rules"),
    [
        ({"source": "rules/a.md", "kind": DocumentKind.GUIDE, "regions": ("十堰",)}, True),
        ({"source": "rules/a.xlsx", "kind": DocumentKind.TABLE, "regions": ("十堰",)}, True),
        ({"source": "rules/a.md", "kind": DocumentKind.GUIDE}, False),
        ({"source": "documents/services/a.md", "kind": DocumentKind.GUIDE, "regions": ("十堰",)}, False),
        ({"source": "seeds/a.txt", "kind": DocumentKind.REPORT, "regions": ("十堰",)}, False),
    ],
)
def test_a_rule_is_what_a_union_laid_down_and_neither_reported_nor_shipped(
    details: dict[str, object], rules: bool
) -> None:
    assert is_rule(found("开放到晚上八点。", **details).passage) is rules  # type: ignore[arg-type]
