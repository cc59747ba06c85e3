"""Has a chat model word an answer from passages, and takes it only if every claim is proved."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.answers.chat.ports import ChatError, Completing, Message, fenced
from bot.answers.chat.prompts import COMPOSE, REWRITE
from bot.answers.chat.proof import Draft, Proved, added_numbers, prove, shared
from knowledge.model import Passage

_ROUNDS = 2  # the draft, and one repair
_LONGEST_QUESTION = 200  # characters of a question that was rewritten
_OWN_WORDS = 0.3  # share of its pairs of characters that must be the worker's

Parsed = TypeVar("Parsed", bound=BaseModel)


class _Question(BaseModel):
    question: str


async def compose(
    model: Completing, question: str, earlier: Sequence[str], passages: Sequence[Passage]
) -> list[Proved]:
    """Return the proved claims that answer the question, none where the passages do not hold the answer.

    Raises ChatError where there is no answer, or one that is still wrong after the model was told what is.
    """
    given = [told(number, passage) for number, passage in enumerate(passages, 1)]
    messages = [COMPOSE, fenced({"question": question, "earlier": list(earlier), "passages": given})]
    faults: list[str] = []
    for _ in range(_ROUNDS):
        text = await model.complete(messages)
        draft = parsed(Draft, text)
        if not draft.answered:
            return []
        proved, faults = prove(draft, passages)
        if not faults:
            return proved
        messages += [Message("ai", text), fenced({"wrong": faults})]
    raise ChatError(f"the chat model's answer is not proved in {len(faults)} points")


async def rewrite(model: Completing, question: str, earlier: Sequence[str]) -> str | None:
    """Return the question as it stands alone; None where it adds what the worker never said.

    Raises ChatError where there is no answer.
    """
    text = await model.complete([REWRITE, fenced({"earlier": list(earlier), "question": question})])
    alone = parsed(_Question, text).question.strip()
    said = "\n".join((*earlier, question))
    if not 0 < len(alone) <= _LONGEST_QUESTION or added_numbers(alone, said) or shared(alone, said) < _OWN_WORDS:
        return None
    return alone


def told(number: int, passage: Passage) -> dict[str, object]:
    """Return a passage as a model is given it; what a worker may open is no secret."""
    return {
        "passage": number,
        "title": passage.title,
        "place": " ".join(passage.path),
        "date": passage.issued.isoformat() if passage.issued else None,
        "text": passage.text,
    }


def parsed(kind: type[Parsed], text: str) -> Parsed:
    """Read a JSON object, in a fence of Markdown or not."""
    bare = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        return kind.model_validate_json(bare)
    except ValidationError as error:
        raise ChatError("the chat model's answer is no JSON object as it was asked for") from error
