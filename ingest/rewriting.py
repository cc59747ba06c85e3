"""Write a document of any format as Markdown of which the reader makes the same sections and facts again."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ingest.readers.errors import ReadError
from ingest.readers.markdown import FRONT_MATTER
from ingest.readers.shapes import document_of_markdown
from knowledge.model import Document, DocumentKind


def as_markdown(document: Document) -> str:
    """Return front matter and text; an act keeps its text as it stands, for its shape tells what it is."""
    stated = {
        "title": document.title,
        **({"kind": "report"} if document.kind is DocumentKind.REPORT else {}),
        "regions": list(document.regions),
        "categories": list(document.categories),
        "issued": document.issued,
        "effective": document.validity.effective,
        "expires": document.validity.expires,
    }
    body = document.text if document.kind is DocumentKind.STATUTE else "\n\n".join(_sections(document))
    return _joined(stated, body)


def with_head(text: str, source: str) -> str:
    """Return Markdown with front matter: its own, or else what the reader finds out by itself."""
    if FRONT_MATTER.match(text):
        return text
    document = document_of_markdown(text, source)
    if document.kind is DocumentKind.STATUTE:
        return as_markdown(document)
    return _joined({"title": document.title, "regions": list(document.regions)}, text)


def restated(text: str, stated: Mapping[str, Any]) -> str:
    """Return Markdown whose front matter says what is stated, and besides what it said before.

    `stated` holds its fields, and `report`: whether it is one, None to leave that open.
    """
    match = FRONT_MATTER.match(text)
    try:
        front = yaml.safe_load((match and match.group(1)) or "") or {}
    except yaml.YAMLError as error:
        raise ReadError("has front matter that is not valid YAML") from error
    if not isinstance(front, dict):
        raise ReadError("has front matter that is not valid YAML")
    fields = {name: value for name, value in stated.items() if name != "report"}
    if stated.get("report"):
        fields["kind"] = "report"
    elif stated.get("report") is False and front.get("kind") == "report":
        fields["kind"] = "guide"
    return _joined({**front, **fields}, text[match.end() :] if match else text)


def _joined(front: Mapping[str, Any], body: str) -> str:
    head = yaml.safe_dump(dict(front), allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"---\n{head}---\n\n{body.strip()}\n"


def _sections(document: Document) -> Iterator[str]:
    path: tuple[str, ...] = ()
    for block in sorted(document.blocks, key=lambda block: block.start):
        same = next((at for at, pair in enumerate(zip(path, block.path, strict=False)) if pair[0] != pair[1]), None)
        new = min(len(path), len(block.path)) if same is None else same
        for depth in range(new, len(block.path)):
            yield f"{'#' * min(6, depth + 2)} {block.path[depth]}"
        path = block.path
        yield document.text[block.start : block.end]
