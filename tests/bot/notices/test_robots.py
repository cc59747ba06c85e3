import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.responses import Response

from bot.delivery import RetryLater, Undeliverable
from bot.notices import words
from bot.notices.model import Dispatch, Medium, Notice
from bot.notices.robots import MINUTE, PER_MINUTE, DingTalkRobot, Pace, WeComRobot
from tests.bot.notices.notes import CASE, EMERGENCY, OVERDUE, dispatch, links
from tests.bot.notices.robot_server import SECRET, RobotServer, broken, refusal, robots


def real_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[RobotServer]:
    async with robots() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def to_wecom(server: RobotServer, notice: Notice = OVERDUE) -> Dispatch:
    return dispatch(Medium.WECOM, server.wecom_url, notice)


def to_dingtalk(server: RobotServer, notice: Notice = OVERDUE, secret: str | None = SECRET) -> Dispatch:
    return dispatch(Medium.DINGTALK, server.dingtalk_url, notice, secret=secret)


async def test_wecom_is_told_in_plain_words_with_a_link_to_the_desk(
    server: RobotServer, client: httpx.AsyncClient
) -> None:
    await WeComRobot(client, links(), real_now).send(to_wecom(server))
    (told,) = server.wecom
    assert told["content"].splitlines() == [
        "娘家【紧急】已经超过办理时限，已告知单位负责人",
        f"编号：{CASE}",
        "类别：欠薪",
        "工会：荆州市总工会",
        "时限：11月20日 17:30",
        f"打开工作台：https://bot.example.org/desk/cases/{CASE}",
        words.NO_PERSONS,
    ]
    assert told["mentioned_list"] == []


async def test_an_emergency_calls_everybody_in_a_group_and_brings_the_link_to_take_it(
    server: RobotServer, client: httpx.AsyncClient
) -> None:
    await WeComRobot(client, links(), real_now).send(to_wecom(server, EMERGENCY))
    await DingTalkRobot(client, links(), real_now).send(to_dingtalk(server, EMERGENCY))
    assert server.wecom[0]["mentioned_list"] == ["@all"]
    assert server.dingtalk[0]["at"] == {"isAtAll": True}
    for text in (server.wecom[0]["content"], server.dingtalk[0]["text"]["content"]):
        assert f"{words.TAKE}：https://bot.example.org/take/{CASE}." in text


async def test_dingtalk_takes_what_is_signed_and_the_calls_of_one_robot_differ(
    server: RobotServer, client: httpx.AsyncClient
) -> None:
    robot = DingTalkRobot(client, links(), real_now)
    await robot.send(to_dingtalk(server))
    assert [body["msgtype"] for body in server.dingtalk] == ["text"]
    assert server.dingtalk[0]["at"] == {"isAtAll": False}
    with pytest.raises(Undeliverable, match="310000"):
        await robot.send(to_dingtalk(server, secret="SECwrong"))
    with pytest.raises(Undeliverable, match="310000"):
        await robot.send(to_dingtalk(server, secret=None))


async def test_a_clock_that_is_hours_wrong_is_told_as_a_refusal(server: RobotServer, client: httpx.AsyncClient) -> None:
    late = DingTalkRobot(client, links(), lambda: real_now() - timedelta(hours=2))
    with pytest.raises(Undeliverable, match="310000"):
        await late.send(to_dingtalk(server))


async def test_a_removed_robot_is_told_as_a_refusal_without_its_key(
    server: RobotServer, client: httpx.AsyncClient
) -> None:
    gone = dispatch(Medium.WECOM, f"{server.base}/cgi-bin/webhook/send?key=hidden-key")
    with pytest.raises(Undeliverable, match="93000") as refused:
        await WeComRobot(client, links(), real_now).send(gone)
    assert "hidden-key" not in str(refused.value)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [(refusal(45009), 60), (refusal(45033), 5), (refusal(-1), None), (broken(502), None), (broken(429), None)],
)
async def test_what_wecom_may_take_later_is_tried_later(
    server: RobotServer, client: httpx.AsyncClient, fault: Response, seconds: float | None
) -> None:
    server.fault = fault
    with pytest.raises(RetryLater) as later:
        await WeComRobot(client, links(), real_now).send(to_wecom(server))
    assert later.value.seconds == seconds


@pytest.mark.parametrize("code", [130101, 410100])
async def test_dingtalk_is_left_alone_for_ten_minutes_when_it_had_too_much(
    server: RobotServer, client: httpx.AsyncClient, code: int
) -> None:
    server.fault = refusal(code)
    with pytest.raises(RetryLater) as later:
        await DingTalkRobot(client, links(), real_now).send(to_dingtalk(server))
    assert later.value.seconds == 600


@pytest.mark.parametrize("text", ["<html>log in first</html>", '{"ok": true}', "[]", '{"errcode": null}'])
async def test_an_answer_that_is_not_the_robots_own_is_no_success(
    server: RobotServer, client: httpx.AsyncClient, text: str
) -> None:
    server.fault = broken(200, text)
    with pytest.raises(RetryLater, match="not its own"):
        await WeComRobot(client, links(), real_now).send(to_wecom(server))


async def test_a_wrong_path_is_told_as_a_refusal(server: RobotServer, client: httpx.AsyncClient) -> None:
    with pytest.raises(Undeliverable, match="HTTP 404"):
        await WeComRobot(client, links(), real_now).send(dispatch(Medium.WECOM, f"{server.base}/nowhere?key=1"))


async def test_a_robot_out_of_reach_or_silent_is_tried_later(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notices.robots.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/send?key=1"
        with pytest.raises(RetryLater, match="ReadTimeout"):
            await WeComRobot(client, links(), real_now).send(dispatch(Medium.WECOM, address))
    with pytest.raises(RetryLater, match="ConnectError"):
        await WeComRobot(client, links(), real_now).send(dispatch(Medium.WECOM, address))


async def test_a_flood_of_notices_stays_within_what_a_robot_may_say_and_leaves_room_for_an_emergency(
    server: RobotServer, client: httpx.AsyncClient
) -> None:
    robot = DingTalkRobot(client, links(), real_now, Pace())
    results = await asyncio.gather(*(robot.send(to_dingtalk(server)) for _ in range(40)), return_exceptions=True)
    assert {type(result) for result in results} == {type(None), RetryLater}
    for _ in range(5):
        await robot.send(to_dingtalk(server, EMERGENCY))
    with pytest.raises(RetryLater):
        await robot.send(to_dingtalk(server, EMERGENCY))
    assert len(server.dingtalk) == PER_MINUTE


def test_a_robot_may_speak_again_when_its_oldest_message_is_a_minute_old() -> None:
    moment = 0.0
    pace = Pace(lambda: moment)
    for _ in range(3):
        pace.take("a", 3)
        moment += 10
    with pytest.raises(RetryLater) as later:
        pace.take("a", 3)
    assert later.value.seconds == MINUTE - 30
    pace.take("b", 3)
    moment = MINUTE
    pace.take("a", 3)
