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

from loadtests.audit import FINAL, HAZARDS
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
    bands = sorted(set(result.course.trouble.values()))
    hazards = [each for each in result.findings if each.hazard != FINAL]
    return environment.get_template("report.html").render(
        result=result,
        course=result.course,
        headline=headline(result),
        meanings=HAZARDS,
        final=FINAL,
        style=style,
        colours=COLOURS,
        findings=hazards[:SHOWN],
        more=max(len(hazards) - SHOWN, 0),
        plots=[(chart, plot(chart, bands)) for chart in charts(result)],
    )


def headline(result: Result) -> str:
    """Return in one sentence how it went."""
    broken = [check for check in result.checks if not check.kept]
    met = Counter({name: n for name, n in result.hazards.items() if n})
    hazards = ", ".join(f"{n} {name}" for name, n in met.items()) or "none"
    kept = f"{len(broken)} of {len(result.checks)} thresholds broken"
    told = f"{result.bookings} bookings audited at the doors, hazards: {hazards}"
    return f"{kept if broken else 'all thresholds kept'}; {told}"


def summary(result: Result) -> str:
    """Return what is said at the end of a run, a few lines."""
    course = result.course
    lines = [
        f"{course.subject}: {headline(result)}",
        f"  {course.shape} {course.rate:g}/s, {course.seconds:g} s; {course.faults}",
        *(
            f"  broken: {check.name} is {_shown(check.value)}, limit {check.limit:g}"
            for check in result.checks
            if not check.kept
        ),
        *(
            f"  {vendor}: code at the door after {each.p50:.2f} s (half), "
            f"{each.p95:.2f} s (95 of 100), {each.most:.2f} s (slowest)"
            for vendor, each in result.to_code.items()
        ),
    ]
    if result.answers:
        own = result.answers
        lines.append(
            f"  answers: {own.p50 * 1000:.0f} ms (half), {own.p99 * 1000:.0f} ms "
            f"(99 of 100); at rest {_shown(result.converged)} s after the last event"
        )
    if course.client_bound:
        lines.append("  the senders were at their own limit: figures are theirs")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"
