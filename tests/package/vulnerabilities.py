"""Looks up known vulnerabilities of the locked packages with pip-audit.

`python -m tests.package.vulnerabilities` ends with 0 if none is known, with 1 if some
are. Where pip-audit or its advisory service cannot be reached, it says so and ends with
0: a checkout without a network has to work.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
AWAY = re.compile(
    r"connect|resol|timed out|max retries|proxy|unavailable|HTTPError", re.IGNORECASE
)
FOUND = re.compile(r"Found \d+ known vulnerabilit")
UNKNOWN = "could not be audited"
NOT_LOOKED_UP = "vulnerabilities were not looked up: "


def conclude(code: int, said: str) -> tuple[int, str]:
    """Return the exit code and what to print, of how pip-audit ended."""
    unknown = said.count(UNKNOWN)
    if code == 0 and unknown:
        return 0, f"{NOT_LOOKED_UP}the service does not know {unknown} packages\n"
    if code == 0 or FOUND.search(said):
        return code, said
    if AWAY.search(said):
        return 0, f"{NOT_LOOKED_UP}the advisory service cannot be reached here\n"
    return code, said


def run(*words: str) -> tuple[int, str]:
    """Return the exit code of a program, and all that it said."""
    ended = subprocess.run(  # noqa: S603 - our own words
        words, capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


def main() -> int:
    """Audit the lock; return the exit code."""
    with tempfile.TemporaryDirectory() as home:
        python = str(Path(home, "bin", "python"))
        run(sys.executable, "-m", "venv", home)
        code, _ = run(python, "-m", "pip", "install", "--quiet", "pip-audit")
        if code:
            sys.stdout.write(f"{NOT_LOOKED_UP}pip-audit cannot be installed here\n")
            return 0
        lock = ("--disable-pip", "--requirement", str(LOCK))
        code, text = conclude(*run(python, "-m", "pip_audit", *lock))
    sys.stdout.write(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
