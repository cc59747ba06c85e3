"""What the API refuses, in Telegram's own words."""

from typing import Any


class ApiError(Exception):
    """Refuse a call with an HTTP status, a description and, for some, parameters that tell how to go on."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class BadRequestError(ApiError):
    """Refuse a call that will never succeed as it is."""

    def __init__(self, reason: str, **parameters: int) -> None:
        super().__init__(400, f"Bad Request: {reason}", **parameters)
