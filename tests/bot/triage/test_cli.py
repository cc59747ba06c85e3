import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from bot.triage.cli import BatchError
from knowledge.organizations import Level, Organization, OwnEntries, own_file, write_own

run = CliRunner().invoke


def test_a_message_is_read_with_its_reasons() -> None:
    told = run(app, ["triage", "在沙市，老板欠我们18个人三个月工资"])
    assert told.exit_code == 0
    assert all(word in told.stdout for word in ("诉求", "欠薪", "紧急", "18", "荆州市", "沙市区总工会", "写了沙市"))


def test_the_unions_of_the_home_are_those_that_the_bot_serves(tmp_path: Path) -> None:
    own = Organization("十堰东城工业园工会", Level.COUNTY, "十堰", "十堰市总工会", ("东城工业园",))
    write_own(own_file(tmp_path), OwnEntries((own,)))
    asked = ["triage", "我在东城工业园上班，老板三个月没发工资", "--json"]
    assert json.loads(run(app, [*asked, "--home", str(tmp_path)]).stdout)["organization"] == own.name
    environment = {"NIANGJIA_HOME": str(tmp_path)}
    assert json.loads(run(app, asked, env=environment).stdout)["organization"] == own.name
    other = {"NIANGJIA_HOME": str(tmp_path / "other")}
    assert json.loads(run(app, asked, env=other).stdout)["organization"] is None


def test_a_message_is_read_as_json() -> None:
    told = json.loads(run(app, ["triage", "产假有几天", "--json"]).stdout)
    assert (told["intent"], told["category"], told["region"], told["organization"]) == (
        "咨询",
        "女职工权益",
        None,
        None,
    )
    assert told["reasons"][0]["label"] == "意图"


def test_a_batch_gives_a_line_for_each_message_in_order(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    rows = [{"id": "b", "text": "我不想活了"}, {"id": "a", "text": "十堰的驿站几点开门"}]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", "utf8")
    first, second = map(json.loads, run(app, ["triage", "--batch", str(file)]).stdout.splitlines())
    assert (first["id"], first["intent"], first["urgency"]) == ("b", "危机", "特急")
    assert (second["id"], second["region"], second["people"]) == ("a", "十堰", 1)
    assert {"category", "also", "organization", "elapsed_ms"} <= second.keys()


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id": 1, "text": "你好"}\n{"id": 2}\n', "utf8")
    told = run(app, ["triage", "--batch", str(file)])
    assert isinstance(told.exception, BatchError)
    assert "line 2" in str(told.exception)


def test_either_a_message_or_a_batch_is_wanted() -> None:
    assert run(app, ["triage"]).exit_code == 2
