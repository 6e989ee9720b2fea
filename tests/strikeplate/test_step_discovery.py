from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.bdd_guards import discover_steps
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from pathlib import Path

STEPS = """
import pytest
from pytest_bdd import given
@pytest.fixture
def {fixture}(): ...
@given("{step}")
def _(): ...
def plain(): ...
"""


def package(folder: Path, name: str, *modules: tuple[str, str]) -> str:
    (folder / name / "deep").mkdir(parents=True)
    (folder / name / "__init__.py").write_text("")
    (folder / name / "deep" / "__init__.py").write_text("")
    for number, (fixture, step) in enumerate(modules):
        place = folder / name / ("deep" if number else ".") / f"m{number}.py"
        place.write_text(STEPS.format(fixture=fixture, step=step))
    return name


def test_fixtures_and_steps_of_all_modules_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = package(tmp_path, "gathered", ("world", "a door"), ("people", "Ada"))
    assert sorted(discover_steps(name)) == [
        "people",
        "pytestbdd_stepdef_given_Ada",
        "pytestbdd_stepdef_given_a door",
        "world",
    ]


def test_name_that_two_modules_define_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = package(tmp_path, "doubled", ("world", "a door"), ("world", "Ada"))
    message = (
        r"'world' is defined twice, in doubled\.deep\.m1 and doubled\.m0; rename one"
    )
    with pytest.raises(HarnessFault, match=message):
        discover_steps(name)
