"""Every vendor's folder has the shape that `fakes/README.md` writes down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import fakes.vendors

HOME = Path(fakes.vendors.__file__).parent
FOLDERS = sorted(path.parent.name for path in HOME.glob("*/__init__.py"))
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)
ROWS = dict(
    ROW.findall(
        (HOME.parent / "README.md")
        .read_text(encoding="utf-8")
        .partition("## The shape of a vendor's folder")[2]
        .partition("\n## ")[0]
    )
)
SHAPE = {name for name in ROWS if "/" not in name}
BEYOND = {name.rstrip("/") for name in ROWS} - SHAPE
OPTIONAL = {"notices.py"}


def names_in(folder: str) -> set[str]:
    """Return the names in a folder, a package counting as the module of its name."""
    entries = [each for each in (HOME / folder).iterdir() if each.name != "__pycache__"]
    return {
        f"{each.name}.py" if f"{each.name}.py" in SHAPE else each.name
        for each in entries
    }


def test_tables_are_found_in_the_readme() -> None:
    assert {"state.py", "routes.py", "delivery.py"} <= SHAPE
    assert BEYOND


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_role_has_its_file(folder: str) -> None:
    assert SHAPE - OPTIONAL - names_in(folder) == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_other_file_is_declared_with_a_reason(folder: str) -> None:
    others = {f"{folder}/{name}" for name in names_in(folder) - SHAPE}
    declared = {name for name in BEYOND if name.startswith(f"{folder}/")}
    assert others == declared, "declare it in fakes/README.md, or use a role's name"
