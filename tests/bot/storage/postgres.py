"""A PostgreSQL server of the tests' own, on loopback, gone with them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def server() -> Iterator[str]:
    """Run a server, and yield the URL of its database."""
    bin_folder = programs()
    assert bin_folder is not None
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="niangjia-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    if user is not None:
        shutil.chown(folder, user)
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        subprocess.run([bin_folder / program, *arguments], user=user, cwd=folder, check=True, capture_output=True)

    run("initdb", "-D", str(data), "-A", "trust", "-U", "niangjia", "-E", "UTF8", "--no-sync", "--locale=C")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql+psycopg://niangjia@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
