"""The report: one page of HTML that needs nothing else, and the same as JSON.

Law: it shows what the result says and reckons nothing itself; it reads without a
script, in the light and in the dark. Locust's own report lies beside it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic_core import to_json

from loadtests.audit import HAZARDS, NOT_REVOCABLE
from loadtests.plots import COLOURS, plot, style
from loadtests.series import charts

if TYPE_CHECKING:
    from loadtests.result import Result

TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 200  # findings in the page; the JSON has all


def write(result: Result, folder: Path) -> None:
    """Write the JSON and the page into a folder."""
    (folder / "result.json").write_bytes(to_json(result))
    (folder / "report.html").write_text(html(result), encoding="utf-8")


def html(result: Result) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bands = sorted(set(result.info.fault_periods.values()))
    hazards = [each for each in result.findings if each.hazard != NOT_REVOCABLE]
    return environment.get_template("report.html").render(
        result=result,
        info=result.info,
        headline=headline(result),
        meanings=HAZARDS,
        not_revocable=NOT_REVOCABLE,
        style=style,
        colours=COLOURS,
        findings=hazards[:SHOWN],
        more=max(len(hazards) - SHOWN, 0),
        plots=[(chart, plot(chart, bands)) for chart in charts(result)],
    )


def headline(result: Result) -> str:
    """Return in one sentence how it went."""
    failed = [check for check in result.checks if not check.passed]
    met = Counter({name: n for name, n in result.hazards.items() if n})
    hazards = ", ".join(f"{n} {name}" for name, n in met.items()) or "none"
    passed = f"{len(failed)} of {len(result.checks)} thresholds failed"
    told = f"{result.bookings} bookings audited at the doors, hazards: {hazards}"
    return f"{passed if failed else 'all thresholds passed'}; {told}"


def summary(result: Result) -> str:
    """Return what is said at the end of a run, a few lines."""
    info = result.info
    lines = [
        f"{info.subject}: {headline(result)}",
        f"  {info.shape} {info.rate:g}/s, {info.seconds:g} s; {info.faults}",
        *(
            f"  failed: {check.name} is {_shown(check.value)}, limit {check.limit:g}"
            for check in result.checks
            if not check.passed
        ),
        *(
            f"  {vendor}: code at the door after {each.p50:.2f} s (half), "
            f"{each.p95:.2f} s (95 of 100), {each.slowest:.2f} s (slowest)"
            for vendor, each in result.to_code.items()
        ),
    ]
    if result.answers:
        own = result.answers
        lines.append(
            f"  answers: {own.p50 * 1000:.0f} ms (half), {own.p99 * 1000:.0f} ms "
            f"(99 of 100); at rest {_shown(result.converged)} s after the last event"
        )
    if info.client_bound:
        lines.append("  the senders were at their own limit: figures are theirs")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"
