"""The methods of the Bot API that Niangjia's channel may meet, with the checks that Telegram makes."""

import re
from pathlib import PurePath
from typing import Any

from tests.telegram_api.calls import Call, Upload
from tests.telegram_api.errors import ApiError, BadRequestError
from tests.telegram_api.markup import parse_html, trimmed, units
from tests.telegram_api.updates import Updates
from tests.telegram_api.world import Chat, Message, World

WEB_ADDRESS = re.compile(r"(https?://[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?)|(tg://\S+)")  # never a name without a dot
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
RAW_BYTES = 1 << 15
TOAST_CHARACTERS = 200
DOWNLOAD_BYTES = 20_000_000  # what a bot may fetch
ACTIONS = {"typing", "upload_photo", "upload_document", "upload_voice", "find_location"}
BUTTON_KINDS = {"callback_data", "url", "web_app", "switch_inline_query", "copy_text", "login_url", "pay"}


class Methods:
    """Answers calls; the names of its public methods are the API's, in lower case."""

    def __init__(self, world: World, updates: Updates) -> None:
        self._world = world
        self._updates = updates
        self.open_taps: set[str] = set()
        self.toasts: dict[str, str] = {}  # by callback query
        self.commands: list[dict[str, str]] = []
        self.actions: list[tuple[int, str]] = []  # chat and action

    async def call(self, call: Call) -> Any:
        """Run a call and return its result; raise ApiError where Telegram refuses."""
        method = None if call.method.startswith("_") or call.method == "call" else getattr(self, call.method, None)
        if not callable(method):
            raise ApiError(404, "Not Found: method not found")
        return await method(call)

    async def getme(self, call: Call) -> Any:
        return self._world.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def getupdates(self, call: Call) -> Any:
        await self._updates.allow(call.structure("allowed_updates"))
        return await self._updates.poll(
            call.number("offset", 0), min(100, max(1, call.number("limit", 100))), min(50, call.number("timeout", 0))
        )

    async def setwebhook(self, call: Call) -> Any:
        url, secret = call.text("url"), call.text("secret_token")
        if not url.startswith(("https://", "http://127.0.0.1:")):  # over the loopback a test may do without TLS
            raise BadRequestError("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise BadRequestError("secret token contains unallowed characters")
        await self._updates.allow(call.structure("allowed_updates"))
        if call.flag("drop_pending_updates"):
            await self._updates.drop()
        await self._updates.set_webhook(url, secret or None)
        return True

    async def deletewebhook(self, call: Call) -> Any:
        if call.flag("drop_pending_updates"):
            await self._updates.drop()
        await self._updates.set_webhook("", None)
        return True

    async def getwebhookinfo(self, call: Call) -> Any:
        info = {
            "url": self._updates.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        error = self._updates.last_error
        return info | ({"last_error_message": error} if error else {})

    async def sendmessage(self, call: Call) -> Any:
        chat = self._world.chat_for_bot(call.params.get("chat_id", ""))
        text, entities = self._formatted(call, "text", TEXT_UNITS)
        if not text:
            raise BadRequestError("message text is empty")
        return self._write(call, chat, text=text, entities=entities)

    async def sendphoto(self, call: Call) -> Any:
        file = self._upload(call, "photo")
        return self._captioned(call, {"photo": [file | {"width": 90, "height": 90}]})

    async def senddocument(self, call: Call) -> Any:
        return self._captioned(call, {"document": self._upload(call, "document")})

    async def editmessagetext(self, call: Call) -> Any:
        message = self._to_edit(call)
        text, entities = self._formatted(call, "text", TEXT_UNITS)
        if not text:
            raise BadRequestError("message text is empty")
        return self._edit(message, text, entities, self._keyboard(call))

    async def editmessagereplymarkup(self, call: Call) -> Any:
        message = self._to_edit(call)
        return self._edit(message, message.text, message.entities, self._keyboard(call))

    async def answercallbackquery(self, call: Call) -> Any:
        query, toast = call.text("callback_query_id"), call.text("text")
        if query not in self.open_taps:
            raise BadRequestError("query is too old and response timeout expired or query ID is invalid")
        if len(toast) > TOAST_CHARACTERS:
            raise BadRequestError("MESSAGE_TOO_LONG")
        self.toasts.setdefault(query, toast)  # a phone shows the first answer only
        return True

    async def sendchataction(self, call: Call) -> Any:
        chat = self._world.chat_for_bot(call.params.get("chat_id", ""))
        action = call.text("action")
        if action not in ACTIONS:
            raise BadRequestError("wrong parameter action in request")
        self.actions.append((chat.id, action))
        return True

    async def getfile(self, call: Call) -> Any:
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise BadRequestError("invalid file_id")
        if len(file.content) > DOWNLOAD_BYTES:
            raise BadRequestError("file is too big")
        return {"file_id": file.id, "file_unique_id": file.id, "file_size": len(file.content), "file_path": file.path}

    async def setmycommands(self, call: Call) -> Any:
        commands = call.structure("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise BadRequestError("can't parse commands: expected an Array of at most 100")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
                raise BadRequestError("BOT_COMMAND_INVALID")
            if not 1 <= len(command.get("description", "")) <= 256:
                raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    async def getmycommands(self, call: Call) -> Any:
        return self.commands

    def _formatted(self, call: Call, name: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
        text = call.text(name).replace("\0", "")
        prefix = "caption_" if name == "caption" else ""
        if len(text.encode()) > RAW_BYTES:
            raise BadRequestError("text is too long")
        mode = call.text("parse_mode").lower()
        if mode == "html":
            text, entities = parse_html(text)
        elif mode:
            raise BadRequestError("unsupported parse_mode")  # Markdown is not emulated
        else:
            entities = call.structure(f"{prefix}entities") or []
        text, entities = trimmed(text, entities)
        if units(text) > limit:
            raise BadRequestError("message caption is too long" if prefix else "message is too long")
        return text, entities

    def _keyboard(self, call: Call) -> list[list[dict[str, Any]]]:
        markup = call.structure("reply_markup") or {}
        if not isinstance(markup, dict):
            raise BadRequestError("object expected as reply markup")
        rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if not str(button.get("text", "")).strip():
                raise BadRequestError('can\'t parse inline keyboard button: Field "text" must be non-empty')
            if len(BUTTON_KINDS & button.keys()) != 1:
                raise BadRequestError(
                    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
                )
            if "url" in button and not WEB_ADDRESS.fullmatch(button["url"]):
                raise BadRequestError(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise BadRequestError("BUTTON_DATA_INVALID")
        if sum(map(len, rows)) > 100:
            raise BadRequestError("reply markup is too long")
        return [row for row in rows if row]

    def _upload(self, call: Call, name: str) -> dict[str, Any]:
        value = call.params.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = call.params.get(value.removeprefix("attach://"))
        if isinstance(value, Upload):
            if not value.content:
                raise BadRequestError("file must be non-empty")
            file, file_name = self._world.keep(value.content, PurePath(value.name).suffix), value.name
        elif isinstance(value, str) and value in self._world.files:
            file, file_name = self._world.files[value], PurePath(self._world.files[value].path).name
        else:
            raise BadRequestError("wrong remote file identifier specified: can't unserialize it")
        described = {"file_id": file.id, "file_unique_id": file.id, "file_size": len(file.content)}
        return described | ({"file_name": file_name} if name == "document" else {})

    def _captioned(self, call: Call, media: dict[str, Any]) -> Any:
        chat = self._world.chat_for_bot(call.params.get("chat_id", ""))
        text, entities = self._formatted(call, "caption", CAPTION_UNITS)
        return self._write(call, chat, text=text, entities=entities, media=media)

    def _write(self, call: Call, chat: Chat, **details: Any) -> Any:
        keyboard, silent, asks = self._keyboard(call), call.flag("disable_notification"), self._asks(call)
        written = self._world.write(chat, self._world.bot, keyboard=keyboard, silent=silent, asks=asks, **details)
        return written.as_json()

    @staticmethod
    def _asks(call: Call) -> bool:
        markup = call.structure("reply_markup") or {}
        if "force_reply" in markup and markup["force_reply"] is not True:
            raise BadRequestError("can't parse reply markup: force_reply must be True")
        return "force_reply" in markup

    def _to_edit(self, call: Call) -> Message:
        chat = self._world.chat_for_bot(call.params.get("chat_id", ""))
        message = self._world.messages.get((chat.id, call.number("message_id")))
        if message is None:
            raise BadRequestError("message to edit not found")
        if message.sender is not self._world.bot:
            raise BadRequestError("message can't be edited")
        return message

    @staticmethod
    def _edit(
        message: Message, text: str, entities: list[dict[str, Any]], keyboard: list[list[dict[str, Any]]]
    ) -> dict[str, Any]:
        if (message.text, message.entities, message.keyboard) == (text, entities, keyboard):
            raise BadRequestError(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        message.text, message.entities, message.keyboard = text, entities, keyboard
        message.edits += 1
        return message.as_json()
