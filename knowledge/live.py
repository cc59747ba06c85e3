"""Follow `CURRENT`: answer from the generation that serves, and move to the next one without losing a question."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from knowledge.embedder import Embedder
from knowledge.errors import NiangjiaError
from knowledge.generation import Generation, Generations

CHECK_SECONDS = 1.0  # between two looks at CURRENT

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Lease:
    """A generation and how many questions it is answering; closed by the last one after it was replaced."""

    generation: Generation
    users: int = 0
    retired: bool = False


class LiveGeneration:
    """Hand out the serving generation. A new one is opened in the background while the old one goes on answering."""

    def __init__(self, generations: Generations, embedder: Embedder) -> None:
        """Open the serving generation; raise GenerationError where there is none that fits the embedder."""
        self._generations = generations
        self._embedder = embedder
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._lease = _Lease(generations.open(embedder))
        self._refused: str | None = None  # the generation that could not be opened: it is not tried again
        self._checked = time.monotonic()

    @contextmanager
    def use(self) -> Iterator[Generation]:
        """Hold the serving generation for one question; it stays open until the last that holds it is done."""
        with self._lock:
            if time.monotonic() - self._checked >= CHECK_SECONDS:
                self._follow()
            lease = self._lease
            lease.users += 1
        try:
            yield lease.generation
        finally:
            with self._lock:
                lease.users -= 1
                done = lease.retired and lease.users == 0
            if done:
                lease.generation.close()

    @contextmanager
    def lend(self, generation: str | None) -> Iterator[Generation]:
        """Hold any generation for one question, the serving one if None; raise GenerationError if it is not there."""
        if generation in {None, self._lease.generation.id}:
            with self.use() as serving:
                yield serving
            return
        opened = self._generations.open(self._embedder, generation)
        try:
            yield opened
        finally:
            opened.close()

    def refresh(self) -> None:
        """Look at CURRENT now and wait until what it names serves, or was refused."""
        with self._lock:
            self._follow()
            opening = self._opening
        if opening is not None:
            opening.join()

    def close(self) -> None:
        """Close the generation as soon as nobody holds it."""
        with self._lock:
            opening = self._opening
        if opening is not None:
            opening.join()
        self._retire(self._lease)

    def _follow(self) -> None:
        """Begin to open what CURRENT names, if it is something new; the caller holds the lock."""
        self._checked = time.monotonic()
        current = self._generations.current()
        if current in {None, self._lease.generation.id, self._refused} or self._opening is not None:
            return
        self._opening = threading.Thread(target=self._open, args=(current,), name="open-generation", daemon=True)
        self._opening.start()

    def _open(self, generation: str) -> None:
        try:
            fresh = _Lease(self._generations.open(self._embedder, generation))
        except NiangjiaError as error:
            _log.warning("The index %s is not served: %s", generation, error)
            with self._lock:
                self._opening, self._refused = None, generation
            return
        with self._lock:
            self._opening, self._refused = None, None
            old, self._lease = self._lease, fresh
        self._retire(old)

    def _retire(self, lease: _Lease) -> None:
        with self._lock:
            first, lease.retired = not lease.retired, True
            idle = first and lease.users == 0
        if idle:
            lease.generation.close()
