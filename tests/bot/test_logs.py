import subprocess
import sys

SPEAK = """
import logging, structlog
from bot.logs import configure_logs
configure_logs({level!r})
log = structlog.get_logger("bot.test")
log.info("message.taken", chat="7")
log.warning("message.failed")
try:
    raise ValueError("first line\\nsecond line")
except ValueError:
    log.exception("worker.failed")
logging.getLogger("some.library").info("chatter")
logging.getLogger("some.library").warning("trouble")
"""


def spoken(level: str) -> list[str]:
    """Return what a process with this level writes to standard error; it writes nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", SPEAK.format(level=level)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_an_event_is_one_line_with_its_time_and_level() -> None:
    taken, failed, raised, library = spoken("INFO")
    assert "level='info'" in taken
    assert "event='message.taken'" in taken
    assert "chat='7'" in taken
    assert taken.startswith("timestamp='20")
    assert "message.failed" in failed
    assert "worker.failed" in raised
    assert "ValueError" in raised, "the traceback stays in the line of its event"
    assert library == "WARNING some.library: trouble"


def test_a_higher_level_is_quieter() -> None:
    lines = spoken("ERROR")
    assert len(lines) == 1
    assert "worker.failed" in lines[0]
