"""Thresholds: what a run must keep to, as `thresholds.toml` and the user's file set it.

Invariants: files are read before a run, so a mistake costs no run. A later file
replaces the limits that it names; a shape's own table replaces them for that shape. A
figure that was measured in vain exceeds its limit; one that a run does not have is not
checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests.audit import HAZARDS
from loadtests.workload import SHAPES
from strikeplate.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.toml_file import Declaration

FILE = Path(__file__).with_name("thresholds.toml")
Figures = dict[str, dict[str, float | None]]
"""What was measured, by table and name; None: measured in vain."""

FIGURES: dict[str, tuple[str, ...]] = {
    "answers": ("p50", "p95", "p99", "slowest"),
    "to_code": ("p50", "p95"),
    "rates": ("failures",),
    "hazards": tuple(HAZARDS),
    "convergence": ("converged", "recovered"),
    "growth": ("service", "fakes"),
}
"""Every figure that can have a limit, by table."""

Limits = dict[tuple[str, str], float]
"""By table and figure."""


@dataclass(frozen=True)
class Check:
    """One limit, and what was measured."""

    name: str
    limit: float
    value: float | None

    @property
    def passed(self) -> bool:
        """Whether the run kept to it."""
        return self.value is not None and self.value <= self.limit


def read(shape: str, *further: Path) -> Limits:
    """Return the limits of a shape, of `thresholds.toml` and then of each file given.

    Raises Misuse for a word or a value that cannot be a limit.
    """
    limits: Limits = {}
    for path in (FILE, *further):
        declared = read_toml(path)
        declared.only(declared.content, (*FIGURES, *SHAPES), "table")
        general = {n: each for n, each in declared.content.items() if n in FIGURES}
        limits |= _limits(declared, general)
        for each in SHAPES:
            own = _limits(declared, declared.table(each), f"{each}.")
            limits |= own if each == shape else {}
    return limits


def checks(limits: Limits, figures: Figures) -> list[Check]:
    """Return each limit whose figure the run has, with what was measured."""
    return [
        Check(f"{table}: {name}", limit, figures[table][name])
        for (table, name), limit in limits.items()
        if name in figures.get(table, {})
    ]


def _limits(
    declared: Declaration, tables: Mapping[str, object], prefix: str = ""
) -> Limits:
    declared.only(tables, FIGURES, "table")
    limits = {}
    for table, entries in tables.items():
        where = f"[{prefix}{table}]"
        if not isinstance(entries, dict):
            raise declared.error(f"{where} must be a table, not {entries!r}")
        declared.only(entries, FIGURES[table], f"figure in {where}:")
        for name, limit in entries.items():
            limits[table, name] = _number(declared, f"{where} {name}", limit)
    return limits


def _number(declared: Declaration, where: str, limit: object) -> float:
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        raise declared.error(f"{where} must be a number, got {limit!r}")
    if not isfinite(limit) or limit < 0:
        raise declared.error(f"{where} must be 0 or above, got {limit!r}")
    return float(limit)
