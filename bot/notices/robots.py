"""Notices into a group by its robot: WeCom (企业微信) and DingTalk (钉钉), both by a webhook.

Both answer HTTP 200 to nearly everything and say in `errcode` what came of it.
"""

import time
from abc import ABC, abstractmethod
from base64 import b64encode
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from hmac import digest
from typing import Any, ClassVar

import httpx

from bot.delivery import RetryLater, Undeliverable
from bot.notices import words
from bot.notices.links import Links
from bot.notices.model import Dispatch, Kind

TIMEOUT = 10.0  # seconds
MINUTE = 60.0  # seconds
PER_MINUTE = 20  # messages that either takes from one robot
KEPT_FREE = 5  # of these, so that an emergency always finds room
_BUSY = -1  # errcode of both: try again


class Pace:
    """Keeps within what a robot may say in a minute, for DingTalk silences for ten whoever says more."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: defaultdict[str, deque[float]] = defaultdict(deque)  # by the robot's address

    def take(self, robot: str, room: int) -> None:
        """Count a message if fewer than `room` were said within the minute; raise RetryLater with the wait if not."""
        now, said = self._clock(), self._said[robot]
        while said and said[0] <= now - MINUTE:
            said.popleft()
        if len(said) >= room:
            raise RetryLater("the robot has said enough for a minute", said[-room] + MINUTE - now)
        said.append(now)


class Robot(ABC):
    """A `Notifier` by webhook."""

    floods: ClassVar[Mapping[int, float]]  # errcode → seconds until it may speak again

    def __init__(
        self, client: httpx.AsyncClient, links: Links, now: Callable[[], datetime], pace: Pace | None = None
    ) -> None:
        self._client = client
        self._links = links
        self._now = now
        self._pace = pace or Pace()

    @abstractmethod
    def _payload(self, text: str, loud: bool) -> dict[str, Any]:
        """Return the message as the robot wants it; a loud one calls everybody in the group."""

    def _signed(self, dispatch: Dispatch) -> dict[str, str]:
        """Return what is added to the robot's address."""
        return {}

    async def send(self, dispatch: Dispatch) -> None:
        """Say the notice in the robot's group."""
        notice, now = dispatch.notice, self._now()
        loud = notice.kind is Kind.EMERGENCY
        self._pace.take(dispatch.address.target, PER_MINUTE if loud else PER_MINUTE - KEPT_FREE)
        take = self._links.take(notice, dispatch.address.entry, now)
        payload = self._payload(words.message(notice, self._links.desk(notice), take), loud)
        url = httpx.URL(dispatch.address.target).copy_merge_params(self._signed(dispatch))
        try:
            answer = await self._client.post(url, json=payload, timeout=TIMEOUT)
        except httpx.TransportError as error:
            raise RetryLater(f"the robot cannot be reached: {type(error).__name__}") from error
        self._judge(answer)

    def _judge(self, answer: httpx.Response) -> None:
        if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RetryLater(f"the robot's server has a fault of its own (HTTP {answer.status_code})")
        if answer.status_code != httpx.codes.OK:
            raise Undeliverable(f"the robot's address is refused (HTTP {answer.status_code})")
        try:
            code = int(answer.json()["errcode"])
        except (ValueError, KeyError, TypeError) as error:
            raise RetryLater("the robot's server gave an answer that is not its own") from error
        if code in self.floods:
            raise RetryLater("the robot's flood limit", self.floods[code])
        if code == _BUSY:
            raise RetryLater("the robot's server is busy")
        if code != 0:
            raise Undeliverable(f"the robot refuses it (errcode {code}): check its address, secret and keyword")


class WeComRobot(Robot):
    """A group's robot in 企业微信: https://developer.work.weixin.qq.com/document/path/91770."""

    floods: ClassVar = {45009: MINUTE, 45033: 5.0}  # too often; too many at once

    def _payload(self, text: str, loud: bool) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": text, "mentioned_list": ["@all"] if loud else []}}


class DingTalkRobot(Robot):
    """A group's robot in 钉钉: https://open.dingtalk.com/document/robots/custom-robot-access."""

    floods: ClassVar = dict.fromkeys((130101, 410100, 90030), 10 * MINUTE)  # it minds for ten minutes

    def _payload(self, text: str, loud: bool) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": loud}}

    def _signed(self, dispatch: Dispatch) -> dict[str, str]:
        secret = dispatch.address.secret
        if secret is None:
            return {}
        timestamp = str(int(self._now().timestamp() * 1000))
        signature = digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
        return {"timestamp": timestamp, "sign": b64encode(signature).decode()}
