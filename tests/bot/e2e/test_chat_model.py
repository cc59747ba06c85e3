"""A configured chat model, as an operator meets it: every process is a real one, and so is the service."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import texts
from knowledge.embedder import Embedder
from tests.bot.answers.house import MOVING, NEW_LEAVE
from tests.bot.e2e.serving import PATIENCE, serving, start
from tests.bot.e2e.visitor import visiting
from tests.library import index, write
from tests.llm_api import KEY, MODEL, Fault, LlmApi, Said

ATTEMPTS = 3  # for a busy machine may be slower than a worker is made to wait
TOLD = "搬家请假的，单位应当给五天搬家假。"
QUOTE = "职工因为搬家需要请假的，用人单位应当给予五天搬家假"


@pytest.fixture
async def api() -> AsyncIterator[LlmApi]:
    async with LlmApi() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, encoder: Embedder) -> Path:
    """A home whose index is one act."""
    index(tmp_path, write(tmp_path / "documents", {"搬家假.md": NEW_LEAVE}), encoder)
    return tmp_path


def settings(api: LlmApi) -> dict[str, str]:
    return {"LLM_BASE_URL": api.base, "LLM_MODEL": MODEL, "LLM_API_KEY": KEY, "LOG_LEVEL": "DEBUG"}


def worded(data: Any) -> dict[str, Any]:
    """Word the answer; whoever asks how the message is to be read, as happens where the rules waver, is told so."""
    if "message" in data:
        return {"intent": "咨询", "categories": ["工时与休假"], "urgency": "普通", "danger": None, "words": "搬家"}
    number = next(one["passage"] for one in data["passages"] if QUOTE in one["text"])
    return {"answered": True, "claims": [{"text": TOLD, "passage": number, "quote": QUOTE}]}


async def run(home: Path, *words: str, **chosen: str) -> tuple[int, str, str]:
    """Run `niangjia` to its end with these settings; return exit code, output and complaints."""
    process = await start(home, *words, **chosen)
    async with asyncio.timeout(PATIENCE):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def test_an_answer_in_a_terminal_is_the_models_with_its_source(home: Path, api: LlmApi) -> None:
    for _ in range(ATTEMPTS):
        api.script[:] = [Said(worded)]
        code, output, errors = await run(home, "ask", MOVING, "--json", **settings(api))
        assert (code, errors) == (0, "")
        record = json.loads(output)
        if TOLD in record["answer"]:
            break
    assert record["answer"] == f"{TOLD}（出处1）\n\n{texts.COMPOSED}"
    assert record["citations"][0]["source"] == "documents/搬家假.md"
    assert QUOTE in record["citations"][0]["quote"]
    assert set(api.keys) == {KEY}


async def test_a_worker_on_the_page_gets_it_too_and_the_extractive_answer_when_the_service_fails(
    home: Path, api: LlmApi
) -> None:
    async with serving(home, **settings(api)) as bot:
        async with visiting(bot.url) as visitor:
            for _ in range(ATTEMPTS):
                api.script[:] = [Said(worded), Said(worded)]
                if TOLD in await visitor.says(MOVING):
                    break
            assert f"{TOLD}（出处1）" in visitor.heard
            assert "<span>出处1" in visitor.heard, "the card of the source bears its number"
            api.script[:] = [Said(fault=Fault.ERROR)]
            again = await visitor.says(MOVING)
        bot.process.terminate()
        code, errors = await bot.ends()
    assert code == 0
    assert "五天搬家假" in again
    assert TOLD not in again
    assert "chat.failed" in errors
    assert KEY not in errors
    assert "搬家" not in errors


async def test_half_a_configuration_is_one_sentence(home: Path) -> None:
    code, _, errors = await run(home, "ask", MOVING, LLM_MODEL=MODEL)
    assert code == 1
    assert len(errors.strip().splitlines()) == 1
    assert "LLM_BASE_URL" in errors


async def test_questions_are_written_reviewed_and_then_indexed(tmp_path: Path, api: LlmApi) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = write(
        tmp_path / "lib", {"驿站.md": "# 驿站\n\n## 谁能用\n\n环卫工人、快递员和外卖骑手都能进来歇脚喝水。\n"}
    )
    api.says({"questions": ["跑外卖的能进驿站不", "这段材料说了什么"]})
    code, output, errors = await run(home, "ingest", str(folder), "--write-questions", **settings(api))
    assert code == 0, errors
    assert "1 questions wait for review" in errors
    assert KEY not in output + errors
    code, output, _ = await run(home, "questions", "list")
    assert "1  跑外卖的能进驿站不" in output
    code, output, _ = await run(home, "questions", "approve", "--all")
    assert "niangjia ingest" in output
    code, output, _ = await run(home, "ingest", "--json")
    assert json.loads(output)["built"]


async def test_a_bot_without_a_model_does_not_load_what_talks_to_one(home: Path) -> None:
    code = (
        "import sys; from bot.respondent import open_respondent; from bot.settings import Settings\n"
        f"settings = Settings(_env_file=None, niangjia_home={str(home)!r}, llm_base_url=None, llm_model=None)\n"
        "with open_respondent(settings): print('langchain_openai' in sys.modules, 'openai' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    output, _ = await process.communicate()
    assert output.decode().strip() == "False False"
