"""Each threat of the threat model names tests, and each of these exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| (?!threat|---)(.+?) \| (.+?) \| (.+) \|$",
    (ROOT / "docs" / "threats.md").read_text(),
    re.MULTILINE,
)
DEFINED = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}


def test_every_threat_names_a_test_that_exists() -> None:
    assert len(ROWS) > 10
    unproved = {
        threat: named
        for threat, _, tests in ROWS
        if not (named := re.findall(r"`(test_\w+)`", tests))
        or not set(named) <= DEFINED
    }
    assert unproved == {}
