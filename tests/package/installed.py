"""The wheel, built from this checkout and installed into an environment of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, and a folder to call it from."""

    wheel: Path
    scripts: Path
    folder: Path

    def __call__(self, *words: object) -> CompletedProcess[str]:
        program, *arguments = map(str, words)
        return subprocess.run(  # noqa: S603 - our own words
            [str(self.scripts / program), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def run(*words: object) -> None:
    subprocess.run([*map(str, words)], check=True, cwd=ROOT, capture_output=True)  # noqa: S603 - our own words


def built(place: Path) -> Path:
    """Build the wheel into a folder, without the network, and return its path."""
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    run(*PIP, "wheel", ".", *offline, "--wheel-dir", place)
    (wheel,) = place.glob("*.whl")
    return wheel


def documented_tests() -> str:
    """Return the tests that docs/pytest.md shows."""
    page = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return str(code)
