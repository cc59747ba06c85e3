"""The webhooks of group robots on the loopback, as strict as WeCom's and DingTalk's documents say."""

import asyncio
import socket
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as hmac
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

KEY, TOKEN, SECRET = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "566cc69da782ec", "SECc2f9b1d5"
PER_MINUTE = 20
KEYWORD = "娘家"


@dataclass
class RobotServer:
    """Two groups with a robot each; what they were told, and how the next call shall go wrong."""

    base: str = ""
    clock: Callable[[], float] = time.time
    wecom: list[dict[str, Any]] = field(default_factory=list)
    dingtalk: list[dict[str, Any]] = field(default_factory=list)
    fault: Response | None = None
    told: list[float] = field(default_factory=list)  # when, of both

    @property
    def wecom_url(self) -> str:
        return f"{self.base}/cgi-bin/webhook/send?key={KEY}"

    @property
    def dingtalk_url(self) -> str:
        return f"{self.base}/robot/send?access_token={TOKEN}"

    async def take_wecom(self, request: Request) -> Response:
        if self.fault is not None:
            return self.fault
        body = orjson.loads(await request.body())
        return JSONResponse(self._wecom(request.query_params.get("key"), body))

    async def take_dingtalk(self, request: Request) -> Response:
        if self.fault is not None:
            return self.fault
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"errcode": 43004, "errmsg": "无效的HTTP HEADER Content-Type"})
        return JSONResponse(self._dingtalk(dict(request.query_params), orjson.loads(await request.body())))

    def _wecom(self, key: str | None, body: dict[str, Any]) -> dict[str, Any]:
        if key != KEY:
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}
        text = body.get("text")
        if body.get("msgtype") != "text" or not isinstance(text, dict):
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if not isinstance(text.get("content"), str) or not set(text) <= {
            "content",
            "mentioned_list",
            "mentioned_mobile_list",
        }:
            return {"errcode": 40058, "errmsg": "invalid Request Parameter"}
        if len(text["content"].encode()) > 2048:
            return {"errcode": 40058, "errmsg": "content exceed max length 2048"}
        if self._too_often():
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.wecom.append(text)
        return {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("access_token") != TOKEN:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        if "sign" not in query or abs(int(query["timestamp"]) / 1000 - self.clock()) > 3600:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        if not self._is_signed(query["timestamp"], query["sign"]):
            return {"errcode": 310000, "errmsg": "sign not match"}
        text = body.get("text")
        if body.get("msgtype") != "text" or not isinstance(text, dict) or not isinstance(text.get("content"), str):
            return {"errcode": 40035, "errmsg": "缺少参数 json"}
        if KEYWORD not in text["content"]:
            return {"errcode": 310000, "errmsg": "keywords not in content"}
        if self._too_often():
            fast = "send too fast, exceed 20 times per minute"
            return {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "errcode": 130101, "errmsg": fast}
        self.dingtalk.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def _too_often(self) -> bool:
        now = self.clock()
        self.told = [at for at in self.told if at > now - 60] + [now]
        return len(self.told) > PER_MINUTE

    @staticmethod
    def _is_signed(timestamp: str, sign: str) -> bool:
        string_to_sign = f"{timestamp}\n{SECRET}"
        return b64encode(hmac(SECRET.encode(), string_to_sign.encode(), sha256).digest()).decode() == sign


@asynccontextmanager
async def robots() -> AsyncIterator[RobotServer]:
    """Serve both until the block ends."""
    robot = RobotServer()
    routes = [
        Route("/cgi-bin/webhook/send", robot.take_wecom, methods=["POST"]),
        Route("/robot/send", robot.take_dingtalk, methods=["POST"]),
    ]
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    robot.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield robot
    finally:
        server.should_exit = True
        await serving


def refusal(errcode: int) -> Response:
    return JSONResponse({"errcode": errcode, "errmsg": "…"})


def broken(status: int, text: str = "<html>") -> Response:
    return PlainTextResponse(text, status)
