from bot.triage.model import Danger, Intent, Label, Triage
from bot.triage.refiner import Refinement, refined
from knowledge.vocabulary import Category, Urgency

QUESTION = Triage(Intent.QUESTION, (Category.OTHER,), Urgency.URGENT)
CRISIS = Triage(Intent.CRISIS, (Category.MENTAL_HEALTH,), Urgency.EMERGENCY, Danger.SELF_HARM)


class Says:
    def __init__(self, refinement: Refinement) -> None:
        self.refinement = refinement

    async def refine(self, text: str, read: Triage) -> Refinement:
        return self.refinement


async def test_a_refiner_may_change_intent_and_matter() -> None:
    says = Says(Refinement(Intent.GRIEVANCE, (Category.WAGE_ARREARS, Category.CONTRACT), why="说的是欠薪"))
    read = await refined("…", QUESTION, says)
    assert (read.intent, read.categories) == (Intent.GRIEVANCE, (Category.WAGE_ARREARS, Category.CONTRACT))
    assert read.why(Label.INTENT) == ("说的是欠薪",)


async def test_a_refiner_never_lowers_an_urgency() -> None:
    assert (await refined("…", QUESTION, Says(Refinement(urgency=Urgency.NORMAL)))) == QUESTION


async def test_a_refiner_may_raise_an_urgency() -> None:
    read = await refined("…", QUESTION, Says(Refinement(urgency=Urgency.EMERGENCY)))
    assert read.urgency == Urgency.EMERGENCY


async def test_a_refiner_never_calls_danger_off() -> None:
    assert (await refined("…", CRISIS, Says(Refinement(Intent.SMALL_TALK, urgency=Urgency.NORMAL)))) == CRISIS


async def test_a_refiner_that_sees_danger_raises_the_alarm() -> None:
    read = await refined("…", QUESTION, Says(Refinement(danger=Danger.THREAT)))
    assert (read.intent, read.urgency, read.danger) == (Intent.CRISIS, Urgency.EMERGENCY, Danger.THREAT)


async def test_a_crisis_without_a_danger_is_none() -> None:
    assert (await refined("…", QUESTION, Says(Refinement(Intent.CRISIS)))) == QUESTION
