"""The bot is killed without warning, again and again, and every message is answered all the same."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.bot.dialogue.mortal import CHATS

MESSAGES = 120
KILLED_AFTER = (5, 30, 31, 60, 85, 110)  # replies that the messenger has taken


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def start(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.bot.dialogue.mortal", str(home), str(MESSAGES)])


def unrecorded(home: Path, taken_before: int) -> set[str]:
    """Return the replies that the messenger took in this life and we have not recorded: the only ones to go out again.

    `taken_before` is how many it had taken in earlier lives: one that still waits from these was counted there.
    """
    with sqlite3.connect(home / "niangjia.db") as connection:
        waiting = {str(row_id) for (row_id,) in connection.execute("SELECT id FROM outbox WHERE status = 'waiting'")}
    return waiting & {line.split()[0] for line in lines(home / "messenger")[taken_before:]}


def test_killed_at_any_moment_nothing_is_lost_and_doubles_fall_only_between_acceptance_and_record(
    tmp_path: Path,
) -> None:
    in_the_window: Counter[str] = Counter()
    for taken in KILLED_AFTER:
        before = len(lines(tmp_path / "messenger"))
        bot = start(tmp_path)
        deadline = time.monotonic() + 60
        while len(lines(tmp_path / "messenger")) < taken and bot.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        assert bot.poll() is None, "the bot ended before it could be killed"
        os.kill(bot.pid, signal.SIGKILL)
        bot.wait()
        in_the_window.update(unrecorded(tmp_path, before))

    assert start(tmp_path).wait(timeout=120) == 0

    taken_lines = [line.split() for line in lines(tmp_path / "messenger")]
    assert {key for _, _, key in taken_lines} == {str(number) for number in range(MESSAGES)}
    for chat in range(CHATS):
        keys = dict.fromkeys(int(key) for _, where, key in taken_lines if where == f"chat{chat}")
        assert list(keys) == sorted(keys), "a chat's replies came in another order than its messages"

    sent = Counter(outbox_id for outbox_id, _, _ in taken_lines)
    assert len(sent) == MESSAGES, "a message was answered twice"
    doubles = {outbox_id: count - 1 for outbox_id, count in sent.items() if count > 1}
    assert doubles == dict(in_the_window), "a reply went out twice outside the one window"
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        assert connection.execute("SELECT DISTINCT status FROM outbox").fetchall() == [("done",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
