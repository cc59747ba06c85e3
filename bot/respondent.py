"""What answers from the index, put together for the bot, the command line and `niangjia eval`."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answers.answerer import Answerer, ConcurrentAnswerer
from bot.answers.chat.answerer import ChatAnswerer
from bot.answers.chat.questioner import ChatQuestioner
from bot.answers.history import heard_with
from bot.answers.local import Confirmed
from bot.answers.model import Answer, AnswerStatus
from bot.dialogue.courtesy import courtesy
from bot.dialogue.emergency import crisis
from bot.dialogue.human import handoff
from bot.dialogue.wrongs import wrong_in
from bot.settings import Settings
from bot.triage.triager import load_triager
from knowledge.embedder import open_embedder
from knowledge.errors import NiangjiaError
from knowledge.generation import Generation, Generations
from knowledge.live import LiveGeneration
from knowledge.organizations import Organizations, load_organizations, regions_with
from knowledge.parameters import follow_parameters
from knowledge.regions import Regions
from knowledge.reranker import open_reranker
from knowledge.stations import follow_stations

if TYPE_CHECKING:
    from bot.answers.chat.model import ChatModel


class Respondent:
    """Answers one question after another without a conversation: danger first, as the dialogue does."""

    def __init__(self, answer: Callable[..., Answer], regions: Regions) -> None:
        """`answer` takes what `Answerer.answer` takes."""
        self._answer = answer
        self._regions = regions
        self._triager = load_triager()

    def answer(
        self, question: str, *, region: str | None, history: Sequence[str], as_of: date | None, limit: int
    ) -> Answer:
        """Answer `question`; `history` holds the earlier turns, oldest first."""
        read = self._triager.triage(question)
        if read.danger and not read.doubtful:
            return crisis(read.danger)
        wrong = wrong_in(question, read, region, self._regions)
        asked, region = (wrong.story, wrong.region) if wrong else (question, region)
        answer = (
            handoff(question)
            or courtesy(question)
            or self._answer(asked, region=region, history=heard_with(history, question), as_of=as_of, limit=limit)
        )
        return crisis(read.danger) if read.danger and answer.status is not AnswerStatus.ANSWERED else answer


@contextmanager
def open_respondent(settings: Settings) -> Iterator[Respondent]:
    """Open the index for the command line, and what the home's desk has confirmed."""
    home = settings.niangjia_home
    organizations = load_organizations(home=home)
    confirmed, regions = open_confirmed(home, organizations), regions_with(organizations)
    with open_answerer(settings) as (answerer, live):
        wording = open_wording(open_chat(settings), answerer, live)
        if wording is None:
            yield Respondent(_locally(confirmed, answerer.answer), regions)
            return
        with asyncio.Runner() as runner:
            worded = _locally(confirmed, lambda asked, **how: runner.run(wording.answer(asked, **how)))
            yield Respondent(worded, regions)


def open_confirmed(home: Path, organizations: Organizations) -> Confirmed:
    """Return what tells the amounts and places that the home's desk has confirmed, as they stand at each question."""
    return Confirmed(
        follow_parameters(home), follow_stations(home), regions_with(organizations), organizations=organizations
    )


def _locally(confirmed: Confirmed, answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return `answer` with what is confirmed for the place asked about, as `LocalAnswerer` gives it."""

    def answered(
        question: str, *, region: str | None, history: Sequence[str], as_of: date | None, limit: int
    ) -> Answer:
        told = confirmed.told(question, region, history, as_of)
        if told is not None and not told.beside:
            return told.alone()
        found = answer(question, region=region, history=history, as_of=as_of, limit=limit)
        return told.after(found) if told else found

    return answered


@contextmanager
def open_generation(settings: Settings, generation: str | None = None) -> Iterator[tuple[Generation, Respondent]]:
    """Open one generation, the serving one by default, and what answers from it, whatever serves meanwhile."""
    embedder, reranker = open_embedder(settings.embedding_model), open_reranker(settings.reranker_model)
    opened = Generations(settings.niangjia_home).open(embedder, generation)
    try:
        regions = _regions(settings)
        yield opened, Respondent(Answerer(lambda: nullcontext(opened), embedder, regions, reranker).answer, regions)
    finally:
        opened.close()


def _regions(settings: Settings) -> Regions:
    return regions_with(load_organizations(home=settings.niangjia_home))


def open_chat(settings: Settings, *, somebody_waits: bool = True) -> "ChatModel | None":
    """Return the configured chat model, or None; it gives up soon if somebody waits for it."""
    if settings.llm_base_url is None and settings.llm_model is None:
        return None
    if settings.llm_base_url is None or settings.llm_model is None:
        raise NiangjiaError("A chat model needs both LLM_BASE_URL and LLM_MODEL: set the other, or empty both.")
    # langchain-openai takes a second to import, which a bot without a model need not wait for.
    from bot.answers.chat.model import ANSWERING, WRITING, ChatModel

    patience = ANSWERING if somebody_waits else WRITING
    return ChatModel(settings.llm_base_url, settings.llm_model, settings.llm_api_key, patience)


def open_questioner(settings: Settings) -> ChatQuestioner | None:
    """Return what writes questions for passages, if a chat model is configured."""
    model = open_chat(settings, somebody_waits=False)
    return ChatQuestioner(model, model.name) if model else None


def open_wording(model: "ChatModel | None", answerer: Answerer, live: LiveGeneration) -> ChatAnswerer | None:
    """Return what answers in the chat model's words, if there is one."""
    return ChatAnswerer(ConcurrentAnswerer(answerer), model, live.use) if model else None


@contextmanager
def open_answerer(settings: Settings) -> Iterator[tuple[Answerer, LiveGeneration]]:
    """Open the serving index, whichever it comes to be, and what answers from it."""
    embedder, reranker = open_embedder(settings.embedding_model), open_reranker(settings.reranker_model)
    live = LiveGeneration(Generations(settings.niangjia_home), embedder)
    try:
        yield Answerer(live.use, embedder, _regions(settings), reranker), live
    finally:
        live.close()
