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


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the address of a server that runs meanwhile."""
    with tempfile.TemporaryDirectory(prefix="pg-") as home:
        owner = USER if os.getuid() == 0 else None
        if owner:
            shutil.chown(home, owner)
        data = Path(home, "data")
        _run(folder / "initdb", "-D", data, "-U", "tests", "-A", "trust", user=owner)
        options = f"{QUICK} -k {home}"
        start = ("-D", data, "-w", "-o", options, "-l", f"{home}/log", "start")
        _run(folder / "pg_ctl", *start, user=owner)
        try:
            yield f"postgresql://tests@/postgres?host={home}"
        finally:
            _run(folder / "pg_ctl", "-D", data, "-m", "immediate", "stop", user=owner)


def _run(*command: object, user: str | None) -> None:
    words = [str(word) for word in command]
    subprocess.run(  # noqa: S603 (the server's own binaries)
        words, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL
    )
