"""All pages of the knowledge."""

from fastapi import APIRouter

from bot.desk.knowledge.indexes import indexes
from bot.desk.knowledge.trying import trying
from bot.desk.knowledge.workshop import Workshop
from bot.desk.rooms import Rooms


def knowledge_pages(rooms: Rooms, shop: Workshop) -> tuple[APIRouter, ...]:
    """Return the routes, group by group."""
    return indexes(rooms, shop), trying(rooms, shop)
