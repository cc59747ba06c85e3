"""A PostgreSQL server of the tests' own, on loopback, gone with them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"), Path("/opt/homebrew/opt"))


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest there is, or None."""
    found = [path.parent for folder in _FOLDERS if folder.is_dir() for path in folder.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return max(found, default=Path(on_path).parent if on_path else None)


def unprivileged() -> str | None:
    """Return the user that the server is run as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a folder of its own, which can be stopped and started again at the same port."""

    folder: Path
    port: int
    user: str | None

    @property
    def url(self) -> str:
        """Return the URL of its database."""
        return f"postgresql+psycopg://niangjia@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make the files."""
        self._run("initdb", "-A", "trust", "-U", "niangjia", "-E", "UTF8", "--no-sync", "--locale=C")

    def start(self) -> None:
        """Begin to serve."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """End at once, as if the machine went down."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        words = [str(bin_folder / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(words, user=self.user, cwd=self.folder, check=True, capture_output=True)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server until the block ends."""
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="niangjia-pg-"))
    folder.chmod(0o755)
    if user is not None:
        shutil.chown(folder, user)
    server = Server(folder, _free_port(), user)
    server.create()
    server.start()
    try:
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """Run a server, and yield the URL of its database."""
    with running() as one:
        yield one.url


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
