"""A PostgreSQL server of the tests' own, where the machine has the binaries.

It runs as an unprivileged user, since the server refuses root, in a folder that is
gone afterwards, on a socket in that folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "nobody"
QUICK = "-c fsync=off -c listen_addresses= -c max_connections=40"


def binaries() -> Path | None:
    """Return the folder of the server's binaries, or None."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    if packaged:
        return packaged[-1].parent
    return Path(found).resolve().parent if found else None


class Postgres:
    """A server in a folder of its own, which can be stopped and started again."""

    def __init__(self, folder: Path, home: str) -> None:
        self._folder = folder
        self._home = home
        self._owner = USER if os.getuid() == 0 else None
        if self._owner:
            shutil.chown(home, self._owner)
        self._run("initdb", "-U", "tests", "-A", "trust")
        self.url = f"postgresql://tests@/postgres?host={home}"

    def start(self) -> None:
        options = f"{QUICK} -k {self._home}"
        self._run("pg_ctl", "-w", "-o", options, "-l", f"{self._home}/log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, command: str, *words: str) -> None:
        data = Path(self._home, "data")
        _run(self._folder / command, "-D", data, *words, user=self._owner)


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """Yield a server that runs meanwhile."""
    with tempfile.TemporaryDirectory(prefix="pg-") as home:
        server = Postgres(folder, home)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the address of a server that runs meanwhile."""
    with running(folder) as found:
        yield found.url


def _run(*command: object, user: str | None) -> None:
    words = [str(word) for word in command]
    subprocess.run(  # noqa: S603 (the server's own binaries)
        words, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL
    )
