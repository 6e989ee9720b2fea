"""Where nothing can be written, callers are told to try again, as readiness is."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from service.store import database
from tests.service.env import ServiceEnv
from tests.service.web.conftest import api_of, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.service.web.conftest import ApiClient

SIZE = 8 * 1024 * 1024
FEW_BYTES = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of eight megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount") or "mount"
    words = [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our words
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk cannot be mounted here; it needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607


@pytest.fixture
def on_small_disk(small_disk: Path, sqlite_template: Path) -> Iterator[ApiClient]:
    shutil.copy(sqlite_template, small_disk)
    env = ServiceEnv(f"sqlite:///{small_disk}/{sqlite_template.name}")
    yield api_of(env)
    env.close()


def fill(folder: Path) -> Path:
    """Write until not a byte more fits; return the file."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * FEW_BYTES)
        except OSError:
            return filler


def statuses(api: ApiClient, connection: object) -> dict[str, int]:
    return {
        "ready": api.client.get("/readyz").status_code,
        "alive": api.client.get("/healthz").status_code,
        "webhook": api.send(connection, event()).status_code,
        "read": api.call("GET", "/api/connections").status_code,
    }


def test_full_disk_is_told_and_passes(
    on_small_disk: ApiClient, small_disk: Path
) -> None:
    connection = on_small_disk.ready()
    filler = fill(small_disk)
    full = {"ready": 503, "alive": 200, "webhook": 503, "read": 200}
    assert statuses(on_small_disk, connection) == full
    assert on_small_disk.client.get("/readyz").headers["Retry-After"] == "5"
    filler.unlink()
    well = {"ready": 200, "alive": 200, "webhook": 202, "read": 200}
    assert statuses(on_small_disk, connection) == well


def test_database_that_another_process_keeps_locked_is_told_and_passes(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    env = ServiceEnv(sqlite_url)
    api = api_of(env)
    connection = api.ready()
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = statuses(api, connection)
        other.execute("ROLLBACK")
    passed = statuses(api, connection)
    env.close()
    assert locked == {"ready": 503, "alive": 200, "webhook": 503, "read": 200}
    assert passed == {"ready": 200, "alive": 200, "webhook": 202, "read": 200}


def test_store_that_can_be_written_is_ready(database_url: str) -> None:
    env = ServiceEnv(database_url)
    answer = api_of(env).client.get("/readyz")
    env.close()
    assert answer.json == {"status": "ready"}
