"""What answers workers: pins before what the desk has confirmed, before the index, and the dialogue around them."""

from collections.abc import Mapping

from bot.answers.answerer import ConcurrentAnswerer
from bot.answers.local import LocalAnswerer
from bot.answers.pinned import PinnedAnswerer
from bot.app.configured import buttons_of, carrying_of, reader_of
from bot.app.parts import Parts
from bot.cases.model import KeptFile
from bot.desk.messenger.staffroom import Staffroom
from bot.dialogue.dialogue import Dialogue, Surroundings, build_dialogue
from bot.dialogue.ports import Files
from bot.dialogue.second_reader import SecondReader
from bot.messages import Attachment, Channel, Incoming
from bot.respondent import open_chat, open_confirmed, open_wording
from bot.storage.storage import utc_now
from bot.triage.triager import load_triager
from knowledge.organizations import regions_with


class ChannelFiles:
    """Brings files into the evidence room, each channel's in its own way."""

    def __init__(self, files: Mapping[Channel, Files]) -> None:
        self._files = files

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        """Keep one attachment of `incoming`; see `Files`."""
        return await self._files[incoming.channel].keep(incoming, attachment)


def dialogue_of(parts: Parts) -> Dialogue:
    """Return the dialogue; raise NiangjiaError where only half of a chat model is configured."""
    settings, storage = parts.settings, parts.storage
    chat = open_chat(settings)
    local = LocalAnswerer(
        open_wording(chat, parts.answerer, parts.live) or ConcurrentAnswerer(parts.answerer),
        open_confirmed(parts.home, parts.organizations),
    )
    files: dict[Channel, Files] = {Channel.WEB: parts.uploads}
    if parts.telegram is not None:
        files[Channel.TELEGRAM] = parts.telegram.files(storage.evidence)
    return build_dialogue(
        Surroundings(
            PinnedAnswerer(local, parts.pins, parts.live.use, regions_with(parts.organizations)),
            load_triager(parts.home),
            storage.cases,
            ChannelFiles(files),
            parts.duty,
            utc_now,
            settings.retention_days,
            settings.case_retention_days,
            Staffroom(parts.room, parts.linking, buttons_of(parts.seal), parts.links),
            parts.calendar,
            SecondReader(chat) if chat else None,
            parts.categories,
            parts.organizations,
            carrying_of(parts.seal),
            reader_of(settings),
        )
    )
