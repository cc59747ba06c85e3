import gzip
import json
from pathlib import Path

import pytest

from ingest.readers import ReadError, iter_documents, read
from ingest.sources import Failure
from ingest.splitter import split
from knowledge.model import Document, DocumentKind
from tests.ingest.files import source_file, written

LINES = [
    {"id": 7, "law": "中华人民共和国劳动法", "article": "第一条", "text": "为了保护劳动者。"},
    {"id": "b-2", "title": "问答", "text": "工会免费吗？\r\n免费。"},
]


def jsonl(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_every_record_is_a_document_with_its_own_id(tmp_path: Path, name: str) -> None:
    data = jsonl(*LINES).encode()
    law, other = read(source_file(written(tmp_path, name, gzip.compress(data) if name.endswith("gz") else data)))
    assert (law.record, law.law, law.title, law.kind) == (7, "劳动法", "劳动法", DocumentKind.RECORD)
    assert law.blocks[0].article == "第一条"
    assert (other.record, other.law, other.title, other.text) == ("b-2", None, "问答", "工会免费吗？\n免费。")


def test_records_of_one_file_have_passages_of_different_ids(tmp_path: Path) -> None:
    same = [{"id": number, "law": "某法", "article": "第一条", "text": "同样的话。"} for number in (1, 2)]
    documents = read(source_file(written(tmp_path, "a.jsonl", jsonl(*same))))
    assert len({passage.id for document in documents for passage in split(document)}) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "is no JSON record"),
        ("[1]", "an object is needed"),
        ('{"law": "a", "text": "b"}', "has no id"),
        ('{"id": true, "law": "a", "text": "b"}', "has no id"),
        ('{"id": 9, "text": "b"}', "needs a law or a title"),
        ('{"id": 9, "law": "a", "text": " "}', "needs text"),
        ('{"id": 9, "law": "a", "text": 3}', "has a text that is no text"),
        ('{"id": 7, "law": "a", "text": "b"}', "repeats the id 7"),
    ],
)
def test_a_bad_line_is_a_failure_with_its_number_and_the_others_go_in(tmp_path: Path, line: str, reason: str) -> None:
    path = written(tmp_path, "a.jsonl", jsonl(LINES[0]) + line + "\n\n" + jsonl(LINES[1]))
    first, failure, last = iter_documents(source_file(path))
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(failure, Failure)
    assert (failure.line, reason in failure.reason) == (2, True)


def test_reading_all_at_once_names_the_bad_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", jsonl(LINES[0]) + "{\n")
    with pytest.raises(ReadError, match=r"a\.jsonl line 2 is no JSON record"):
        read(source_file(path))


def test_a_gzip_that_was_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    data = gzip.compress(
        jsonl(*({"id": n, "law": "某法", "text": f"第{n}句。{'工' * n}"} for n in range(2_000))).encode()
    )
    *documents, failure = iter_documents(source_file(written(tmp_path, "a.jsonl.gz", data[: len(data) // 2])))
    assert documents
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("is broken")
