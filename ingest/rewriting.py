"""Write a document of any format as Markdown of which the reader makes the same sections and facts again."""

from collections.abc import Iterator

import yaml

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
    front = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=1_000_000)
    body = document.text if document.kind is DocumentKind.STATUTE else "\n\n".join(_sections(document))
    return f"---\n{front}---\n\n{body.strip()}\n"


def _sections(document: Document) -> Iterator[str]:
    path: tuple[str, ...] = ()
    for block in sorted(document.blocks, key=lambda block: block.start):
        same = next((at for at, pair in enumerate(zip(path, block.path, strict=False)) if pair[0] != pair[1]), None)
        new = min(len(path), len(block.path)) if same is None else same
        for depth in range(new, len(block.path)):
            yield f"{'#' * min(6, depth + 2)} {block.path[depth]}"
        path = block.path
        yield document.text[block.start : block.end]
