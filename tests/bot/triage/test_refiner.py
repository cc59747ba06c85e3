from dataclasses import replace

import pytest

from bot.triage.model import Danger, Intent, Label, Triage
from bot.triage.refiner import Refinement, refined
from knowledge.vocabulary import Category, Urgency

QUESTION = Triage(Intent.QUESTION, (Category.OTHER,), Urgency.NORMAL, unsure=True)
GRIEVANCE = Triage(Intent.GRIEVANCE, (Category.WAGE_ARREARS,), Urgency.URGENT, unsure=True)
CRISIS = Triage(Intent.CRISIS, (Category.MENTAL_HEALTH,), Urgency.EMERGENCY, Danger.SELF_HARM)


class Says:
    def __init__(self, refinement: Refinement) -> None:
        self.refinement = refinement
        self.asked = 0

    async def refine(self, text: str, read: Triage) -> Refinement:
        self.asked += 1
        return self.refinement


async def test_a_refiner_may_change_intent_and_matter() -> None:
    says = Says(Refinement(Intent.GRIEVANCE, (Category.WAGE_ARREARS, Category.CONTRACT), words="那个账没影子"))
    read = await refined("…", QUESTION, says)
    assert (read.intent, read.categories) == (Intent.GRIEVANCE, (Category.WAGE_ARREARS, Category.CONTRACT))
    assert "那个账没影子" in read.why(Label.INTENT)[0]


async def test_a_refiner_never_lowers_an_urgency() -> None:
    assert await refined("…", GRIEVANCE, Says(Refinement(urgency=Urgency.NORMAL))) == GRIEVANCE


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.EMERGENCY])
async def test_a_refiner_may_raise_an_urgency_but_the_highest_belongs_to_danger(urgency: Urgency) -> None:
    assert (await refined("…", QUESTION, Says(Refinement(urgency=urgency)))).urgency is Urgency.URGENT


async def test_what_is_to_be_acted_on_stays_so_and_its_category_is_not_lost() -> None:
    read = await refined("…", GRIEVANCE, Says(Refinement(Intent.SMALL_TALK, (Category.OTHER,))))
    assert read.intent is Intent.GRIEVANCE
    assert read.categories == (Category.OTHER, Category.WAGE_ARREARS)


@pytest.mark.parametrize("doubtful", [True, False])
async def test_danger_waits_for_no_refiner_and_none_calls_it_off(doubtful: bool) -> None:
    says = Says(Refinement(Intent.SMALL_TALK, urgency=Urgency.NORMAL))
    crisis = replace(CRISIS, doubtful=doubtful, unsure=True)
    assert await refined("…", crisis, says) == crisis
    assert says.asked == 0


async def test_what_is_sure_is_not_read_again() -> None:
    says = Says(Refinement(Intent.GRIEVANCE))
    sure = replace(QUESTION, unsure=False)
    assert await refined("…", sure, says) == sure
    assert says.asked == 0


@pytest.mark.parametrize(("danger", "doubtful"), [(Danger.THREAT, True), (Danger.SELF_HARM, False)])
async def test_a_refiner_that_sees_danger_raises_the_alarm(danger: Danger, doubtful: bool) -> None:
    read = await refined("…", QUESTION, Says(Refinement(danger=danger)))
    assert (read.intent, read.urgency, read.danger) == (Intent.CRISIS, Urgency.EMERGENCY, danger)
    assert read.doubtful is doubtful


async def test_a_crisis_without_a_danger_is_none() -> None:
    assert await refined("…", QUESTION, Says(Refinement(Intent.CRISIS))) == QUESTION
