"""The report: the rows as a table on the screen, as JSON, and as a page to commit."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from loadtests import now
from loadtests.bench import machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from loadtests.bench.measure import Row

VERDICT: Final = {True: "met", False: "MISSED", None: ""}
DISTURBED: Final = 0.15
"""From this share of the cores on, a rate says little; look at the processor time."""

NOTE: Final = """\
Only the ratios count, and the processor time behind them; rates belong to the machine.
Subject and baseline took turns, each pinned: servers on one core, callers and vendor on
another. "by CPU" is the same ratio by processor time a request. "others" is what share
of both cores went to other programs meanwhile; above 15 % a rate says little.
"""


def line(row: Row) -> str:
    """Return the row as it is shown while the bench runs."""
    shown = f"{_figure(row):>10} {_target(row):>10}  {VERDICT[row.met]:7}"
    cpu = "" if row.cpu is None else f" (by CPU {row.cpu:.2f} x)"
    noise = f" [others {row.others:.0%}]" if row.others > DISTURBED else ""
    return f"{shown}{row.goal.name}{cpu}{noise}\n{'':31}{row.detail}"


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Write all that was measured."""
    shown = {
        "at": _now().isoformat(),
        "machine": machine.described(),
        "rows": [asdict(row) | {"met": row.met} for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(shown, indent=1) + "\n")


def write_page(rows: Sequence[Row], path: Path) -> None:
    """Write the page that is committed, with its date and the kind of machine."""
    head = "| measured | figure | by CPU | goal | | others | behind it |"
    rule = "|---|---:|---:|---:|---|---:|---|"
    body = "\n".join([head, rule, *map(_cells, rows)])
    title = f"# Bench of {_now():%d %B %Y}"
    path.write_text(f"{title}\n\n{machine.described()}.\n\n{NOTE}\n{body}\n")


def _cells(row: Row) -> str:
    cpu = "" if row.cpu is None else f"{row.cpu:.2f} x"
    cells = (
        row.goal.name,
        _figure(row),
        cpu,
        _target(row),
        VERDICT[row.met],
        f"{row.others:.0%}",
        row.detail,
    )
    return "| " + " | ".join(cells) + " |"


def _figure(row: Row) -> str:
    return f"{row.figure:,.4g} {row.goal.unit}".strip()


def _target(row: Row) -> str:
    goal = row.goal
    if goal.target is None:
        return ""
    sign = "<=" if goal.at_most else ">="
    return f"{sign} {goal.target:g} {goal.unit}".strip()


def _now() -> datetime:
    return now().replace(microsecond=0)
