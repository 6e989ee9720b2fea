"""Thresholds pass or fail as the file says, and mistakes in it are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadtests.thresholds import checks
from loadtests.workload import SHAPES
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from pathlib import Path

    from loadtests.thresholds import Figures

FIGURES: Figures = {
    "answers": {"p50": 0.1, "p99": 2.5},
    "hazards": {"lost": 0.0},
    "convergence": {"converged": None},
}


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    path = tmp_path / "thresholds.toml"
    path.write_text(
        "[answers]\np50 = 0.1\np99 = 2\n[hazards]\nlost = 0\n"
        "[convergence]\nconverged = 9\n"
        "[rush.answers]\np99 = 3\n"
    )
    return path


def test_figure_equal_to_its_limit_passes(limits: Path) -> None:
    passed = {check.name: check.passed for check in checks(FIGURES, "steady", limits)}
    assert passed["answers: p50"]
    assert passed["hazards: lost"]
    assert not passed["answers: p99"]


def test_figure_never_reached_fails(limits: Path) -> None:
    passed = {check.name: check.passed for check in checks(FIGURES, "steady", limits)}
    assert not passed["convergence: converged"]


def test_shape_has_limits_of_its_own(limits: Path) -> None:
    found = {check.name: check for check in checks(FIGURES, "rush", limits)}
    assert found["answers: p99"].passed
    assert found["answers: p50"].limit == 0.1


def test_limit_without_a_figure_is_not_checked(limits: Path) -> None:
    without = {
        name: figures for name, figures in FIGURES.items() if name != "convergence"
    }
    names = [
        check.name for check in checks({**without, "convergence": {}}, "steady", limits)
    ]
    assert "convergence: converged" not in names


def test_unknown_table_is_refused_with_the_nearest(limits: Path) -> None:
    limits.write_text("[anwsers]\np50 = 1\n")
    with pytest.raises(Misuse, match="answers"):
        checks(FIGURES, "steady", limits)


def test_limit_that_is_no_number_is_refused(limits: Path) -> None:
    limits.write_text('[answers]\np50 = "fast"\n')
    with pytest.raises(Misuse, match="p50 must be a number, got 'fast'"):
        checks(FIGURES, "steady", limits)


@pytest.mark.parametrize("shape", SHAPES)
def test_our_file_allows_no_hazards(shape: str) -> None:
    measured: Figures = {
        "answers": {"p50": 0.0, "p95": 0.0, "p99": 0.0},
        "to_code": {"p50": 0.0, "p95": 0.0},
        "rates": {"failures": 0.0},
        "hazards": {"lost": 1.0, "doubled": 1.0, "stale": 1.0},
        "convergence": {"converged": 0.0, "recovered": 0.0},
        "growth": {"service": 0.0, "fakes": 0.0},
    }
    broken = {c.name for c in checks(measured, shape) if not c.passed}
    assert broken == {"hazards: lost", "hazards: doubled", "hazards: stale"}
