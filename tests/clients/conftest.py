"""The fakes as a process of their own, on a real socket, for clients as they come."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """`python -m fakes` on a free port."""
    port = str(free_port())
    command = [sys.executable, "-m", "fakes", "--port", port]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--control-token", "control"], stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield up(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


def up(base: str, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        try:
            requests.get(f"{base}/healthz", timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.02)  # a process that starts, not a clock that turns
        else:
            return base
    raise AssertionError("the fakes ended instead of serving")
