"""A call as it came over the wire, and what became of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.telegram_api.errors import BadRequestError


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes


@dataclass
class Call:
    """One call of a method; `outcome` is "ok", an HTTP status, or how the wire broke."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    outcome: str = "pending"
    at: float = 0.0  # monotonic seconds

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name, default)
        if not isinstance(value, str):
            raise BadRequestError(f'field "{name}" must be of type String')
        return value

    def number(self, name: str, default: int | None = None) -> int:
        try:
            return int(str(self.params.get(name, default)))
        except ValueError:
            raise BadRequestError(f'field "{name}" must be a Number') from None

    def flag(self, name: str) -> bool:
        return self.params.get(name) in (True, "true", "True", "1", 1)

    def structure(self, name: str) -> Any:
        """Return a field that forms carry as JSON within a string; None where it is left out."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequestError(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_call(request: web.Request) -> Call:
    """Read a call from query and body: a JSON object, a urlencoded form or a multipart one."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            params |= json.loads(await request.read() or b"{}")
        except ValueError:
            raise BadRequestError("can't parse JSON object") from None
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader) and part.name
            content = bytes(await part.read())
            params[part.name] = Upload(part.filename, content) if part.filename else content.decode()
    elif request.can_read_body:
        params |= dict(await request.post())
    return Call(request.match_info["method"].lower(), params)
