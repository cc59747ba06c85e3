"""The chat page over HTTP: messages go to the inbox, replies come from the outbox, quotes open in their documents."""

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

import orjson
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from bot.cases.evidence import LARGEST
from bot.channels.web import errors
from bot.channels.web.documents import Documents, Place, record_of, view_document
from bot.channels.web.gate import Gate, UploadLimits
from bot.channels.web.page import Message, Page, messages_of
from bot.channels.web.uploads import ACCEPTED, MOST, REFERENCE, Uploads
from bot.channels.web.visitor import Visitor, new_visitor, visitor_of
from bot.dialogue.actions import Action
from bot.dialogue.ports import Inbox, Outbox, OutboxReply
from bot.messages import Button, Channel, Incoming
from bot.pages.guard import SecurityHeaders, check_same_origin, limited_body
from bot.pages.limits import Rate, Slots, TokenBuckets, network_of
from bot.pages.refusals import Refused, too_long
from knowledge.regions import Region

EXAMPLES = (
    "老板拖欠工资，我该怎么办？",
    "没签劳动合同，能要双倍工资吗？",
    "上班受了伤，怎么认定工伤？",
    "加班费怎么算？",
    "家里有困难，工会能帮什么？",
    "送外卖、开网约车能入会吗？",
)
COMMANDS = (  # what a messenger has in its menu; workers see the label only
    Button("请工会帮忙", "/report"),
    Button("人工", "/human"),
    Button("申请服务", "/apply"),
    Button("我的事", "/my"),
)
MAX_TEXT = 2_000  # characters of one message
MAX_BODY = 32_768  # bytes: 2,000 characters as a form encodes them, nine bytes each, and some room
MAX_ACTION = 64  # bytes, as of every button
SHOWN = 200  # replies on a page that is opened again
MAX_ID = 2**53
FORGET = "/forget"  # the dialogue's own word for it
_MESSAGES, _ADDRESS_MESSAGES, _READS = Rate(10, 0.5), Rate(120, 10), Rate(600, 60)
_UPLOADS = UploadLimits()
_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the page takes from one visitor, and from one address, behind which a whole factory may sit."""

    messages: Rate = _MESSAGES
    address_messages: Rate = _ADDRESS_MESSAGES
    reads: Rate = _READS  # of one address: pages, polls and documents
    uploads: UploadLimits = _UPLOADS
    streams: int = 6  # of one visitor at a time
    address_streams: int = 400
    heartbeat: float = 15.0  # seconds of silence after which a stream shows that it lives
    stream_seconds: float = 600.0  # a stream ends after this and the browser opens the next
    patience: float = 3.0  # seconds that a page without scripts waits for its answer


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sends: words or a tap, under a key of its own that makes a repeat harmless."""

    key: str
    text: str
    action: str | None
    files: tuple[str, ...] = ()  # references, see uploads.py


Seen = Annotated[Visitor, Depends(visitor_of)]
After = Annotated[int, Query(ge=0, le=MAX_ID)]


def build_web(
    inbox: Inbox,
    outbox: Outbox,
    documents: Documents,
    uploads: Uploads,
    regions: Callable[[], Sequence[Region]] = tuple,
    limits: Limits | None = None,
    stopping: asyncio.Event | None = None,
) -> ASGIApp:
    """Return the application of the chat page; its streams end as soon as `stopping` is set.

    `regions` gives those that a worker chooses from at the moment.
    """
    channel = _WebChannel(inbox, outbox, documents, uploads, regions, limits or Limits(), stopping or asyncio.Event())
    return SecurityHeaders(GZipMiddleware(channel.app, 700))


class _WebChannel:
    def __init__(
        self,
        inbox: Inbox,
        outbox: Outbox,
        documents: Documents,
        uploads: Uploads,
        regions: Callable[[], Sequence[Region]],
        limits: Limits,
        stopping: asyncio.Event,
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._documents = documents
        self._regions = regions
        self._limits = limits
        self._stopping = stopping
        self._uploads = uploads
        self._page = Page()
        self._visitor_messages = TokenBuckets(limits.messages)
        self._address_messages = TokenBuckets(limits.address_messages)
        self._reads = TokenBuckets(limits.reads)
        self._gate = Gate(limits.uploads)
        self._visitor_streams = Slots(limits.streams)
        self._address_streams = Slots(limits.address_streams)
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        self._route(self.app)

    def _route(self, app: FastAPI) -> None:
        app.add_api_route("/", self.chat)
        app.add_api_route("/", self.chat, methods=["HEAD"], include_in_schema=False)  # both would be one operation
        app.add_api_route("/chat/messages", self.send, methods=["POST"])
        app.add_api_route("/chat/files", self.upload, methods=["POST"])
        app.add_api_route("/chat/replies", self.replies)
        app.add_api_route("/chat/stream", self.stream, dependencies=[Depends(self._slot)])
        app.add_api_route("/chat/forget", self.forget, methods=["POST"])
        app.add_api_route("/documents/{source:path}", self.document)
        app.add_api_route("/static/{path:path}", self.static)
        app.add_exception_handler(Refused, self._refuse)
        app.add_exception_handler(RequestValidationError, self._refuse)
        app.add_exception_handler(HTTPException, self._refuse)
        app.add_exception_handler(Exception, self._refuse)

    async def chat(self, request: Request, visitor: Seen, k: str = "") -> Response:
        """Show the page with the conversation so far; `k` is the key of a message sent without scripts."""
        self._reads.take(_address(request))
        replies = await self._outbox.after(Channel.WEB, visitor.chat) if visitor.known else []
        waiting = _KEY.fullmatch(k) is not None and visitor.known and not _answers(replies, visitor, k)
        if waiting:
            last = replies[-1].id if replies else 0
            replies += await self._outbox.wait(Channel.WEB, visitor.chat, last, self._limits.patience)
            waiting = not _answers(replies, visitor, k)
        response = HTMLResponse(
            self._page.render(
                "chat.html",
                look=_look(request),
                messages=[message for message in self._drawn(replies[-SHOWN:], visitor) if not message.notice],
                unions=self._unions(),
                examples=EXAMPLES,
                commands=COMMANDS,
                key=secrets.token_hex(16),
                limit=MAX_TEXT,
                accepted=ACCEPTED,
                largest=LARGEST,
                most=MOST,
                waiting=k if waiting else "",
            )
        )
        visitor.keep(response)
        return response

    async def send(self, request: Request, visitor: Seen) -> Response:
        """Hand a message or a tap to the inbox; a script is told 202, a form is led back to the page."""
        check_same_origin(request.headers)
        if not visitor.known:
            raise errors.no_cookie()
        self._address_messages.take(_address(request))
        self._visitor_messages.take(visitor.chat)
        sent = await _sent(request)
        key = _prefix(visitor) + sent.key
        files = self._uploads.attachments(sent.files, key)
        accepted = await self._inbox.accept(Incoming(Channel.WEB, visitor.chat, key, sent.text, sent.action, files))
        if _is_json(request):
            return JSONResponse({"accepted": accepted}, 202)
        return RedirectResponse(f"/?k={sent.key}#end", 303)

    async def upload(self, request: Request, visitor: Seen) -> Response:
        """Take in files; a script is told their references, a form has sent its message with them."""
        check_same_origin(request.headers)
        if not visitor.known:
            raise errors.no_cookie()
        async with self._gate.parts(request, visitor.chat, _address(request)) as parts:
            sent = next((part.data.decode("ascii", "replace") for part in parts if part.name == "key"), "")
            files = [part for part in parts if part.filename]  # where none was chosen, a form sends one without a name
            if not _KEY.fullmatch(sent):
                raise errors.malformed()
            if not files:
                raise errors.no_file()
            if len(files) > MOST:
                raise errors.too_many_files(MOST)
            key = _prefix(visitor) + sent
            references = tuple([await self._uploads.take(bytes(part.data), part.filename or "", key) for part in files])
        if _is_script(request):
            return JSONResponse({"files": references}, 201)
        incoming = Incoming(Channel.WEB, visitor.chat, key, attachments=self._uploads.attachments(references, key))
        await self._inbox.accept(incoming)
        return RedirectResponse(f"/?k={sent}#end", 303)

    async def replies(self, request: Request, visitor: Seen, after: After = 0) -> Response:
        """Return the replies after an id, for browsers in which the stream does not come through."""
        self._reads.take(_address(request))
        found = await self._outbox.after(Channel.WEB, visitor.chat, after) if visitor.known else []
        return JSONResponse({"replies": [self._told(message) for message in self._drawn(found, visitor)]})

    async def stream(
        self,
        request: Request,
        visitor: Seen,
        after: After = 0,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Send the replies as they come; a browser that lost the line says where it was."""
        if not visitor.known:
            raise errors.no_cookie()
        if last_event_id and re.fullmatch(r"\d{1,15}", last_event_id, re.ASCII):
            after = max(after, int(last_event_id))
        return EventSourceResponse(self._events(visitor, after), headers={"X-Accel-Buffering": "no"})

    async def _slot(self, request: Request, visitor: Seen) -> AsyncIterator[None]:
        with self._visitor_streams.hold(visitor.chat), self._address_streams.hold(_address(request)):
            yield

    async def _events(self, visitor: Visitor, after: int) -> AsyncIterator[bytes]:
        # The first event tells the page at once whether a proxy holds the stream back.
        yield format_sse_event(event="ping", data_str="", retry=2000)
        until = time.monotonic() + self._limits.stream_seconds
        while time.monotonic() < until and not self._stopping.is_set():
            found = await self._news(visitor, after)
            for message in self._drawn(found, visitor):
                after = message.id
                data = orjson.dumps(self._told(message)).decode()
                yield format_sse_event(event="reply", id=str(message.id), data_str=data)
            if not found:
                yield format_sse_event(event="ping", data_str="")

    async def _news(self, visitor: Visitor, after: int) -> Sequence[OutboxReply]:
        """Return the next replies; none after a heartbeat of silence, or where the server is about to stop."""
        replies = asyncio.ensure_future(self._outbox.wait(Channel.WEB, visitor.chat, after, self._limits.heartbeat))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((replies, stop), return_when=asyncio.FIRST_COMPLETED)
            return replies.result() if replies.done() else []
        finally:
            replies.cancel()
            stop.cancel()

    async def forget(self, request: Request, visitor: Seen) -> Response:
        """Have everything of this conversation deleted, and begin a new one."""
        check_same_origin(request.headers)
        self._address_messages.take(_address(request))
        if visitor.known:
            key = _prefix(visitor) + secrets.token_hex(16)
            await self._inbox.accept(Incoming(Channel.WEB, visitor.chat, key, FORGET))
        response = RedirectResponse("/", 303)
        new_visitor(request).keep(response)
        return response

    def document(  # reads from disk, so that it has a thread of its own
        self,
        request: Request,
        source: str,
        start: int | None = None,
        end: int | None = None,
        at: int | None = None,
        fingerprint: Annotated[str | None, Query(alias="print")] = None,
        record: Annotated[str | None, Query(max_length=200)] = None,
        reply: Annotated[int | None, Query(ge=0, le=MAX_ID)] = None,
    ) -> Response:
        """Show a document of the index at a quote."""
        self._reads.take(_address(request))
        place = Place(start, end, fingerprint, at, record_of(record))
        document = self._documents.document(source, place.record)
        if document is None:
            raise errors.not_found()
        view = view_document(document, place, reply)
        back = "/" if reply is None else f"/#r{reply}"
        html = self._page.render("document.html", look=_look(request), view=view, back=back)
        return HTMLResponse(html, headers={"Cache-Control": "private, max-age=60", "X-Robots-Tag": "noindex"})

    async def static(self, path: str) -> Response:
        """Return a file of the page."""
        file = self._page.files.get(f"/static/{path}")
        if file is None:
            raise errors.not_found()
        return file.response()

    def _drawn(self, replies: Sequence[OutboxReply], visitor: Visitor) -> list[Message]:
        return messages_of(replies, _prefix(visitor), (*self._unions(), *COMMANDS))

    def _unions(self) -> list[Button]:
        return [Action.REGION.button(region.union, region.id) for region in self._regions()]

    def _told(self, message: Message) -> dict[str, object]:
        return {
            "id": message.id,
            "key": message.key,
            "notice": message.text if message.notice else None,
            "html": self._page.fragment(message),
        }

    async def _refuse(self, request: Request, error: Exception) -> Response:
        refused = errors.refusal_of(error)
        if _is_script(request) or request.url.path in ("/chat/stream", "/chat/replies"):
            return JSONResponse({"error": refused.text}, refused.status, headers=refused.headers)
        html = self._page.render("lost.html", look=_look(request), title=refused.title, text=refused.text)
        return HTMLResponse(html, refused.status, headers=refused.headers)


async def _sent(request: Request) -> Sent:
    """Read a message from JSON, as scripts send it, or from a form; raise the refusal that says what is wrong."""
    body = await limited_body(request, MAX_BODY, MAX_TEXT)
    try:
        fields = orjson.loads(body) if _is_json(request) else dict(parse_qsl(body.decode(), max_num_fields=8))
        key, text, action = fields.get("key", ""), fields.get("text") or "", fields.get("action") or None
        files = tuple(fields.get("files") or ())
        valid = (
            _KEY.fullmatch(key)
            and isinstance(text, str)
            and (action is None or len(action.encode()) <= MAX_ACTION)
            and all(isinstance(reference, str) and len(reference) <= REFERENCE for reference in files)
        )
    except (ValueError, AttributeError, TypeError) as error:
        raise errors.malformed() from error
    if not valid:
        raise errors.malformed()
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > MAX_TEXT:
        raise too_long(MAX_TEXT)
    if not text and action is None and not files:
        raise errors.empty()
    return Sent(key, text, action, files)


def _prefix(visitor: Visitor) -> str:
    # Keys are unique in a channel, and a browser only knows its own.
    return f"{visitor.chat}:"


def _answers(replies: Sequence[OutboxReply], visitor: Visitor, key: str) -> bool:
    return any(stored.key == _prefix(visitor) + key for stored in replies)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _is_script(request: Request) -> bool:
    """Tell whether the answer is for a script of ours rather than to be shown."""
    return _is_json(request) or request.headers.get("accept", "").startswith("application/json")


def _address(request: Request) -> str:
    return network_of(request.client.host) if request.client else ""


def _look(request: Request) -> dict[str, str]:
    """Return the chosen text size and colours; "" is the browser's own."""
    size, theme = request.cookies.get("size", ""), request.cookies.get("theme", "")
    return {
        "size": size if size in ("large", "huge") else "",
        "theme": theme if theme in ("light", "dark") else "",
    }
