"""The report: one self-contained HTML page with charts, and the result as JSON.

Invariants: it shows the result and computes no verdict. The page needs no script, font
or file from elsewhere, and follows the light or dark scheme of the reader.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import to_json

from loadtests.audit import HAZARDS, NOT_REVOCABLE
from loadtests.charts import charts, shown, strip, times
from loadtests.result import WARM_SECONDS
from strikeplate.html import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loadtests.audit import Finding
    from loadtests.result import CodeTiming, Result
    from loadtests.thresholds import Check


TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 40  # findings in the page; the JSON has all
WORST = 8
FEW = {"p95": 20, "p99": 100}
"""A percentile of fewer samples is the slowest under another name: it is left out."""

UNITS = {"answers": "s", "to_code": "s", "convergence": "s", "growth": "MB/h"}
"""The unit of the thresholds of each table; others are numbers, or a share."""


def write(result: Result, folder: Path) -> None:
    """Write result.json and report.html into a folder."""
    (folder / "result.json").write_bytes(to_json(result))
    (folder / "report.html").write_text(html(result), encoding="utf-8")


def html(result: Result) -> str:
    """Return the page."""
    bands = result.info.fault_periods
    hazards = [each for each in result.findings if each.hazard != NOT_REVOCABLE]
    drawn = [
        (chart, [(line, strip(chart, line, bands)) for line in chart.drawn])
        for chart in charts(result)
    ]
    return render(
        "load.html",
        styles=["load.css"],
        own=TEMPLATES,
        result=result,
        info=result.info,
        headline=headline(result),
        meanings=HAZARDS,
        not_revocable=NOT_REVOCABLE,
        colours={vendor: n for n, vendor in enumerate(result.info.vendors)},
        shown=shown,
        times=times,
        percentile=percentile,
        limit=limit,
        few=FEW,
        warm=result.info.seconds >= WARM_SECONDS,
        findings=hazards[:SHOWN],
        more=max(len(hazards) - SHOWN, 0),
        plots=drawn,
        worst=worst(result),
        unseen=list(unseen(result)),
    )


def headline(result: Result) -> str:
    """Return the outcome in one sentence."""
    failed = [check for check in result.checks if not check.passed]
    met = Counter({name: n for name, n in result.hazards.items() if n})
    hazards = ", ".join(f"{n} {name}" for name, n in met.items()) or "none"
    passed = f"{len(failed)} of {len(result.checks)} thresholds failed"
    audited = f"{result.bookings} bookings audited at the doors, hazards: {hazards}"
    return f"{passed if failed else 'all thresholds passed'}; {audited}"


def summary(result: Result) -> str:
    """Return the outcome in the few lines that the command prints."""
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
            f"  {vendor}: code at the door after {each.p50:.2f} s (p50), "
            f"{each.p95:.2f} s (p95), {each.slowest:.2f} s (slowest)"
            for vendor, each in result.to_code.items()
        ),
    ]
    if result.answers:
        own = result.answers
        lines.append(
            f"  answers: {own.p50 * 1000:.0f} ms (p50), {own.p99 * 1000:.0f} ms "
            f"(p99); converged {_shown(result.converged)} s after the last event"
        )
    if info.client_bound:
        lines.append("  the senders reached their CPU limit: the figures describe them")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"


def percentile(name: str, seconds: float, count: int) -> str:
    """Return a percentile with its unit; a dash where there are too few samples."""
    return shown(seconds, "s") if count >= FEW.get(name, 0) else "-"


def limit(check: Check, value: float | None) -> str:
    """Return a figure of a threshold with its unit."""
    table = check.name.partition(":")[0]
    if table == "rates" and value is not None:
        return f"{value:.2%}"
    return shown(value, UNITS.get(table, ""))


def unseen(result: Result) -> Iterator[str]:
    """Yield what this run says nothing of, so that nobody takes it for looked at."""
    info = result.info
    if not info.fault_periods:
        yield "a vendor with a fault, and how it recovers: no fault was set"
    if info.seconds < WARM_SECONDS:
        minutes = WARM_SECONDS / 60
        yield f"growth of memory: a run under {minutes:g} minutes only warms up"
    for vendor in info.vendors:
        if vendor not in result.to_code:
            yield f"{vendor}: no code of its bookings was seen at a door"
    rare = [v for v, each in result.to_code.items() if each.count < FEW["p95"]]
    if rare:
        yield f"p95 of {', '.join(rare)}: fewer than {FEW['p95']} codes each"
    if not any(sample.work is not None for sample in result.samples):
        yield "its backlog: it does not tell"
    if not result.growth:
        yield "its memory and its share of the CPU: it was not started here"
    if result.not_revocable:
        yield f"the end of {result.not_revocable} codes that no vendor can revoke"


@dataclass(frozen=True)
class BookingTimeline:
    """One booking that went badly, or slowly: what happened, by the second."""

    name: str
    vendor: str
    why: str
    hazard: bool
    moments: tuple[tuple[float, str], ...]


def worst(result: Result) -> list[BookingTimeline]:
    """Return the worst bookings: those with a hazard, then the slowest."""
    timings = {timing.script: timing for timing in result.timings}
    found: dict[int, list[Finding]] = {}
    for finding in result.findings:
        if finding.hazard != NOT_REVOCABLE:
            found.setdefault(finding.script, []).append(finding)
    slow = sorted(timings.values(), key=lambda each: (-_took(each), each.script))
    scripts = dict.fromkeys([*found, *(each.script for each in slow)])
    return [
        _timeline(result, script, timings.get(script), found.get(script, []))
        for script in list(scripts)[:WORST]
    ]


def _took(timing: CodeTiming) -> float:
    """Return until when a customer waited; a code that never came is the longest."""
    if timing.to_code is None:
        return float("inf")
    return max(timing.to_code, timing.to_message or 0.0)


def _timeline(
    result: Result, script: int, timing: CodeTiming | None, findings: list[Finding]
) -> BookingTimeline:
    took = _took(timing) if timing else 0.0
    slow = f"{shown(took, 's')} until its customer had a code that opens"
    return BookingTimeline(
        name=findings[0].booking if findings else f"number {script}",
        vendor=timing.vendor if timing else findings[0].vendor,
        why="; ".join(f"{f.hazard}: {f.detail}" for f in findings) or slow,
        hazard=bool(findings),
        moments=tuple(sorted(_moments(result, script, timing))),
    )


def _moments(
    result: Result, script: int, timing: CodeTiming | None
) -> Iterator[tuple[float, str]]:
    """Yield what is known of a booking, each with its second of the run."""
    for each in (r for r in result.delivery_results if r.script == script):
        again = f", attempt {each.attempt}" if each.attempt > 1 else ""
        answer = f"answered {each.status}" if each.status else "not answered"
        late = f" after {shown(each.seconds, 's')}" if each.status else ""
        yield each.sent, f"event {each.nth + 1}{again}: {answer}{late}"
    if timing is None:
        return
    yield timing.due, "its code was due"
    if timing.at_the_door is not None:
        yield timing.at_the_door, "the code was at the door"
    if timing.sent_at is not None:
        yield timing.sent_at, "the message reached its customer"
