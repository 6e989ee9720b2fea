"""Thresholds pass or fail as the files say, and mistakes in them are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadtests.thresholds import FIGURES, checks, read
from loadtests.workload import SHAPES
from strikeplate.verdict import Misuse
from tests.loadtests.test_report import sample

if TYPE_CHECKING:
    from pathlib import Path

    from loadtests.thresholds import Check, Figures

MEASURED: Figures = {
    "answers": {"p50": 0.1, "p99": 2.5},
    "hazards": {"lost": 0.0},
    "convergence": {"converged": None},
}


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    path = tmp_path / "limits.toml"
    path.write_text(
        "[answers]\np50 = 0.1\np99 = 2\n[hazards]\nlost = 0\n"
        "[convergence]\nconverged = 9\n"
        "[rush.answers]\np99 = 3\n"
    )
    return path


def checked(limits: Path, shape: str = "steady") -> dict[str, Check]:
    return {each.name: each for each in checks(read(shape, limits), MEASURED)}


def test_figure_equal_to_its_limit_passes(limits: Path) -> None:
    found = checked(limits)
    assert found["answers: p50"].passed
    assert found["hazards: lost"].passed
    assert not found["answers: p99"].passed


def test_figure_never_reached_fails(limits: Path) -> None:
    assert not checked(limits)["convergence: converged"].passed


def test_shape_has_limits_of_its_own(limits: Path) -> None:
    found = checked(limits, "rush")
    assert found["answers: p99"].passed
    assert found["answers: p50"].limit == 0.1


def test_limit_without_a_figure_is_not_checked(limits: Path) -> None:
    assert "convergence: recovered" not in checked(limits)


def test_users_file_replaces_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("[answers]\np95 = 0.25\n")
    ours, found = read("steady"), read("steady", path)
    assert found == ours | {("answers", "p95"): 0.25}
    assert found["hazards", "lost"] == 0


def test_users_general_limit_holds_for_every_shape(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("[answers]\np95 = 0.25\n")
    assert read("rush")["answers", "p95"] == 5.0
    assert read("rush", path)["answers", "p95"] == 0.25


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[anwsers]\np50 = 1\n", "did you mean 'answers'"),
        ("[answers]\np59 = 1\n", r"figure in \[answers\]: 'p59'; did you mean 'p9"),
        ("[hazards]\nlots = 1\n", "did you mean 'lost'"),
        ("[rush.anwsers]\np50 = 1\n", "did you mean 'answers'"),
        ("[rush.answers]\np59 = 1\n", r"figure in \[rush.answers\]: 'p59'"),
        ('[answers]\np50 = "fast"\n', "p50 must be a number, got 'fast'"),
        ("[answers]\np50 = true\n", "p50 must be a number, got True"),
        ("[answers]\np50 = nan\n", "p50 must be 0 or above, got nan"),
        ("[hazards]\nlost = -1\n", "lost must be 0 or above, got -1"),
        ("answers = 3\n", r"\[answers\] must be a table, not 3"),
    ],
)
def test_mistake_is_named_with_the_nearest_word(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(text)
    with pytest.raises(Misuse, match=says):
        read("steady", path)


def test_every_figure_of_a_run_can_have_a_limit() -> None:
    measured = {
        (table, name) for table, found in sample().figures.items() for name in found
    }
    known = {(table, name) for table, names in FIGURES.items() for name in names}
    assert measured <= known
    assert known - measured <= {("growth", "service"), ("growth", "fakes")}
    assert set(read("steady")) <= known


@pytest.mark.parametrize("shape", SHAPES)
def test_our_file_allows_no_hazards(shape: str) -> None:
    measured: Figures = {t: dict.fromkeys(names, 0.0) for t, names in FIGURES.items()}
    measured["hazards"] = dict.fromkeys(FIGURES["hazards"], 1.0)
    exceeded = {c.name for c in checks(read(shape), measured) if not c.passed}
    assert exceeded == {f"hazards: {name}" for name in FIGURES["hazards"]}
