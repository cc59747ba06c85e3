"""All pages of the knowledge."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from bot.desk.knowledge.documents import documents
from bot.desk.knowledge.drafts import drafts
from bot.desk.knowledge.gaps import gaps
from bot.desk.knowledge.golden_pages import golden_questions
from bot.desk.knowledge.indexes import indexes
from bot.desk.knowledge.papers import papers
from bot.desk.knowledge.pins import pins
from bot.desk.knowledge.trying import trying
from bot.desk.knowledge.workshop import Workshop
from bot.desk.rooms import Rooms


def knowledge_pages(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> tuple[APIRouter, ...]:
    """Return the routes, group by group."""
    return (
        documents(rooms, shop, now),
        drafts(rooms, shop, now),
        papers(rooms, shop, now),
        indexes(rooms, shop),
        trying(rooms, shop),
        gaps(rooms, shop),
        golden_questions(rooms, shop),
        pins(rooms, shop, now),
    )
