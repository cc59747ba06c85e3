"""Has a chat model write the questions that a passage answers, for `niangjia ingest --write-questions`."""

from pydantic import BaseModel

from bot.answers.chat.composer import parsed, told
from bot.answers.chat.ports import Completing, fenced
from bot.answers.chat.prompts import QUESTIONS
from knowledge.model import Passage


class _Questions(BaseModel):
    questions: list[str]


class ChatQuestioner:
    """Asks about one passage at a time."""

    def __init__(self, model: Completing, name: str) -> None:
        self.name = name
        self._model = model

    async def ask(self, passage: Passage) -> list[str]:
        """Return the questions; raise ChatError where nothing comes."""
        text = await self._model.complete([QUESTIONS, fenced(told(1, passage))])
        return parsed(_Questions, text).questions
