"""The papers that staff bring: drafts, what two people let in, and what was taken out again, as files below a home.

`drafts/<id>.md`, `approved/<id>.md` and `retired/<id>.<number>.md` hold the texts, `register/<id>.json` who did what.
Only `approved` is indexed. One bot writes here, so a lock within it is enough.

The register says what is to be before a text is moved, so the next start finishes what a kill cut short.
"""

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import orjson

from knowledge.errors import NiangjiaError
from knowledge.files import put

FOLDER = "knowledge"  # below the home
APPROVED = "approved"  # the folder's name is what the sources of its documents begin with
_ID = re.compile(r"[0-9a-f]{8}")


class ShelfError(NiangjiaError):
    """Say why a paper was left as it is."""


class OwnDraftError(ShelfError):
    """Say that whoever wrote a draft cannot approve it."""


class MovedOnError(ShelfError):
    """Say that the paper is no longer what was looked at."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a paper: a draft, then approved, then ended; people are staff ids."""

    number: int  # 1, 2, 3 …
    title: str
    origin: str  # name of the file that it came from, "" for one that was written here
    writers: tuple[str, ...]  # everybody whose hand is in it, the last one last
    written_at: datetime
    digest: str  # of its file, as a manifest states it
    regions: tuple[str, ...] = ()  # where it holds; () everywhere
    approved_by: str | None = None
    approved_at: datetime | None = None
    ended_by: str | None = None  # who retired it, or approved the next one
    ended_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody has approved it yet."""
        return self.approved_at is None

    @property
    def is_approved(self) -> bool:
        """Tell whether it belongs into the index."""
        return self.approved_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with all its versions, the first one first."""

    id: str  # 8 hexadecimal digits
    versions: tuple[Version, ...]

    @property
    def title(self) -> str:
        """Return the newest title."""
        return self.versions[-1].title

    @property
    def draft(self) -> Version | None:
        """Return the version that waits for approval."""
        return next((version for version in self.versions if version.is_draft), None)

    @property
    def approved(self) -> Version | None:
        """Return the version that belongs into the index."""
        return next((version for version in self.versions if version.is_approved), None)

    @property
    def places(self) -> list[tuple[str, ...]]:
        """Return where each version holds that waits or belongs into the index, or else where the last one did."""
        live = [version.regions for version in self.versions if version.ended_at is None]
        return live or [self.versions[-1].regions]

    @property
    def source(self) -> str:
        """Return the name by which the index knows it."""
        return f"{APPROVED}/{self.id}.md"


def digest_of(text: str) -> str:
    """Return what a manifest states of a file that holds the text."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


class Shelf:
    """Keeps the papers of one home."""

    def __init__(self, folder: Path) -> None:
        """What a kill cut short is finished at once."""
        self._folder = folder
        self._lock = threading.Lock()
        self._settle()

    def papers(self) -> list[Paper]:
        """Return all papers, the last written first."""
        return sorted(self._papers(), key=lambda paper: paper.versions[-1].written_at, reverse=True)

    def paper(self, paper_id: str) -> Paper | None:
        """Return a paper, None if there is none."""
        return self._load(self._register(paper_id)) if _ID.fullmatch(paper_id) else None

    def text(self, paper: Paper, version: Version) -> str:
        """Return a version's Markdown; raise OSError where its file was taken away."""
        return self._file(paper.id, version).read_text("utf8")

    def write(
        self,
        text: str,
        title: str,
        *,
        by: str,
        at: datetime,
        origin: str = "",
        regions: tuple[str, ...] = (),
        paper_id: str | None = None,
    ) -> Paper:
        """Keep a draft: of a new paper, or of the next version of one that is there, over the draft that waits."""
        with self._lock:
            paper = self._known(paper_id) if paper_id else Paper(secrets.token_hex(4), ())
            waiting = paper.draft
            writers = (*(other for other in waiting.writers if other != by), by) if waiting else (by,)
            number = waiting.number if waiting else len(paper.versions) + 1
            origin = origin or (waiting.origin if waiting else "")
            draft = Version(number, title, origin, writers, at, digest_of(text), regions)
            others = tuple(each for each in paper.versions if not each.is_draft)
            # Who writes is known before the text lies there, or after a kill they could approve their own words.
            self._keep(Paper(paper.id, (*others, replace(waiting, writers=writers) if waiting else draft)))
            put(self._file(paper.id, draft), text)
            return self._keep(Paper(paper.id, (*others, draft)))

    def drop(self, paper_id: str) -> None:
        """Throw a draft away, and the paper with it if it never was anything else."""
        with self._lock:
            paper = self._known(paper_id)
            draft = self._draft(paper)
            left = Paper(paper.id, tuple(version for version in paper.versions if version is not draft))
            self._file(paper.id, draft).unlink(missing_ok=True)
            if left.versions:
                self._keep(left)
            else:
                self._register(paper.id).unlink(missing_ok=True)

    def approve(self, paper_id: str, seen: str, *, by: str, at: datetime) -> Paper:
        """Let the draft in, if its digest is what was `seen`; raise OwnDraftError or MovedOnError."""
        with self._lock:
            paper = self._known(paper_id)
            draft = self._draft(paper)
            if by in draft.writers:
                raise OwnDraftError("Whoever wrote a draft cannot approve it: ask a colleague.")
            if draft.digest != seen or not _holds(self._file(paper.id, draft), draft):
                raise MovedOnError("The draft was changed meanwhile: read it again.")
            ended = tuple(_ended(version, by, at) for version in paper.versions if version is not draft)
            approved = replace(draft, approved_by=by, approved_at=at)
            return self._settled(self._keep(Paper(paper.id, (*ended, approved))))

    def retire(self, paper_id: str, *, by: str, at: datetime) -> Paper:
        """Take the approved version out of what the next index is made of."""
        with self._lock:
            paper = self._known(paper_id)
            if paper.approved is None:
                raise MovedOnError("There is nothing approved to retire.")
            return self._settled(self._keep(Paper(paper.id, tuple(_ended(each, by, at) for each in paper.versions))))

    def _settle(self) -> None:
        """Let each text lie where the register says, and the register say what lies there of drafts."""
        for path in self._registers():
            with suppress(ShelfError):  # whoever opens the page is told of a register that cannot be read
                if paper := self._load(path):
                    self._settled(self._with_its_draft(paper))

    def _with_its_draft(self, paper: Paper) -> Paper:
        """Return the paper with the draft as it lies there, without one whose text never came or is gone."""
        draft = paper.draft
        if draft is None or _holds(file := self._file(paper.id, draft), draft):
            return paper
        others = tuple(version for version in paper.versions if version is not draft)
        if file.exists():
            return self._keep(Paper(paper.id, (*others, replace(draft, digest=_digest(file)))))
        if others:
            return self._keep(Paper(paper.id, others))
        self._register(paper.id).unlink(missing_ok=True)
        return Paper(paper.id, ())

    def _settled(self, paper: Paper) -> Paper:
        """Move the texts to where their versions are by now: what has ended, then what takes its place."""
        approved, waiting = self._folder / APPROVED / f"{paper.id}.md", self._folder / "drafts" / f"{paper.id}.md"
        for version in paper.versions:
            target = self._file(paper.id, version)
            if version.ended_at is not None and not target.exists() and _holds(approved, version):
                put(target, approved.read_bytes())
        if paper.approved is None:
            approved.unlink(missing_ok=True)
        elif paper.draft is None and _holds(waiting, paper.approved):
            approved.parent.mkdir(parents=True, exist_ok=True)
            waiting.replace(approved)
        return paper

    def _draft(self, paper: Paper) -> Version:
        if paper.draft is None:
            raise MovedOnError("There is no draft any more: somebody has approved it or thrown it away.")
        return paper.draft

    def _known(self, paper_id: str) -> Paper:
        paper = self.paper(paper_id)
        if paper is None:
            raise MovedOnError("There is no such paper any more.")
        return paper

    def _file(self, paper_id: str, version: Version) -> Path:
        if version.is_draft:
            return self._folder / "drafts" / f"{paper_id}.md"
        if version.is_approved:
            return self._folder / APPROVED / f"{paper_id}.md"
        return self._folder / "retired" / f"{paper_id}.{version.number}.md"

    def _register(self, paper_id: str) -> Path:
        return self._folder / "register" / f"{paper_id}.json"

    def _keep(self, paper: Paper) -> Paper:
        put(self._register(paper.id), orjson.dumps(paper, option=orjson.OPT_INDENT_2))
        return paper

    def _registers(self) -> list[Path]:
        """Return the files of all papers, without the half of one that a kill left."""
        return [path for path in (self._folder / "register").glob("*.json") if _ID.fullmatch(path.stem)]

    def _papers(self) -> Iterator[Paper]:
        for path in self._registers():
            if paper := self._load(path):
                yield paper

    def _load(self, path: Path) -> Paper | None:
        try:
            fields = orjson.loads(path.read_bytes())
            return Paper(fields["id"], tuple(map(_version, fields["versions"])))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise ShelfError(f"{path} cannot be read ({error}); mend it or take it away.") from error


def _digest(file: Path) -> str:
    return blake2b(file.read_bytes(), digest_size=16).hexdigest()


def _holds(file: Path, version: Version) -> bool:
    return file.exists() and _digest(file) == version.digest


def _ended(version: Version, by: str, at: datetime) -> Version:
    """Return the version as it ends, if it is the approved one."""
    return replace(version, ended_by=by, ended_at=at) if version.is_approved else version


def _version(fields: dict[str, str | None]) -> Version:
    moments = {
        name: datetime.fromisoformat(value) if (value := fields[name]) else None
        for name in ("written_at", "approved_at", "ended_at")
    }
    lists = {name: tuple(fields.get(name) or ()) for name in ("writers", "regions")}
    return Version(**{**fields, **moments, **lists})  # type: ignore[arg-type]
