"""Thresholds: what a run must keep to, as `thresholds.toml` sets it.

Law: a figure that is missing is broken, unless nothing was there to be measured. A
shape's own table takes the place of the figures that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests.workload import SHAPES
from strikeplate.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.toml_file import Declaration

FILE = Path(__file__).with_name("thresholds.toml")
Figures = dict[str, dict[str, float | None]]
"""What was measured, by table and name; None: measured in vain."""


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


def checks(figures: Figures, shape: str, path: Path = FILE) -> list[Check]:
    """Return every limit with what was measured; Misuse says what no limit can be."""
    declared = read_toml(path)
    declared.only(declared.content, (*figures, *SHAPES), "table")
    limits = _limits(declared, declared.content, figures)
    own = declared.table(shape)
    return list(_checked(limits | _limits(declared, own, figures), figures))


def _limits(
    declared: Declaration, tables: Mapping[str, object], figures: Figures
) -> dict[tuple[str, str], float]:
    found = {}
    for table, entries in tables.items():
        if table not in figures:
            continue
        if not isinstance(entries, dict):
            raise declared.error(f"[{table}] must be a table, not {entries!r}")
        for name, limit in entries.items():
            if not isinstance(limit, int | float):
                text = f"[{table}] {name} must be a number, got {limit!r}"
                raise declared.error(text)
            found[table, name] = float(limit)
    return found


def _checked(
    limits: Mapping[tuple[str, str], float], figures: Figures
) -> Iterator[Check]:
    for (table, name), limit in limits.items():
        if name in figures[table]:
            yield Check(f"{table}: {name}", limit, figures[table][name])
