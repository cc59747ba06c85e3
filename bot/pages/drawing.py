"""How pages are drawn: templates, and static files named by their content."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the pages, with the address that changes whenever it does."""

    url: str
    media_type: str
    content: bytes

    def response(self) -> Response:
        """Return the file; as its address holds a hash of its content, it never goes stale."""
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(self.content, media_type=self.media_type, headers=headers)


class Drawing:
    """Draws HTML from a folder with `templates` and `static`; the templates escape what came from outside."""

    def __init__(self, folder: Path, globals_: Mapping[str, object], prefix: str = "") -> None:
        """`prefix` is the path that the pages are mounted under, if any; static files of all pages are added."""
        folders = (Path(__file__).parent / "static", folder / "static")
        static = [path for each in folders for path in sorted(each.iterdir()) if path.suffix in _TYPES]
        self.files = {file.url: file for file in (_static(path, prefix) for path in static)}
        urls = {Path(file.url).name: file.url for file in self.files.values()}
        self._templates = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals |= {"static": urls.__getitem__, **globals_}

    def render(self, template: str, **values: object) -> str:
        """Return the page of this template."""
        return self._templates.get_template(template).render(**values)


def _static(path: Path, prefix: str) -> StaticFile:
    content = path.read_bytes()
    digest = blake2b(content, digest_size=6).hexdigest()
    return StaticFile(f"{prefix}/static/{digest}/{path.name}", _TYPES[path.suffix], content)
