"""Packages of npm for tests, as their lock file pins them by hashes."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.examples.programs import NODE

if TYPE_CHECKING:
    from pathlib import Path

NPM = shutil.which("npm")
NO_NETWORK = re.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT")
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")


def install(source: Path, target: Path) -> Path:
    """Copy a folder and install what its lock file pins; skip where that cannot be."""
    if NODE is None or NPM is None:
        pytest.skip("node or npm is missing, so no npm client is run")
    shutil.copytree(source, target, dirs_exist_ok=True)
    done = subprocess.run(  # noqa: S603 - our own words
        [NPM, "ci", *QUIET],
        cwd=target,
        capture_output=True,
        text=True,
        check=False,
    )
    if NO_NETWORK.search(done.stderr):
        pytest.skip("no npm registry answers, so no npm client is run")
    assert done.returncode == 0, done.stderr
    return target
