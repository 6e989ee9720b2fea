"""`sweep`: plays one booking again for each single fault, and tells whom it harms.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage; 3 no fault was played.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strikeplate.config import Options, resolve_config
from strikeplate.explore.command import as_json, begun, chosen_offers, report
from strikeplate.explore.single_faults import SingleFaults, table
from strikeplate.summary import HARNESS_ERROR, NOT_CONFORMANT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.explore.session import Found

EXAMPLES = """\b
Examples:
  python -m strikeplate sweep --vendor nuki
  python -m strikeplate sweep --profile mine.toml --budget 40
  python -m strikeplate sweep --seed 12 --json results/sweep.json
"""
TRIES = 40
"""So many histories are played to shrink one; they are short from the beginning."""


@click.command("sweep", epilog=EXAMPLES)
@click.option(
    "--profile", default="reference", show_default=True, help="Its name or file."
)
@click.option("--subject", metavar="CONNECT", help="Instead of the profile's.")
@click.option("--vendor", multiple=True, metavar="NAME", help="Only these vendors.")
@click.option("--seed", default=7, show_default=True, help="Draws zone, dates, rule.")
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="At most so many faults of each vendor, of every kind in turn (all).",
)
@click.option("--results", default="results/sweep", metavar="FOLDER")
@click.option("--json", "into", metavar="FILE", help="Write what was found, as JSON.")
def command(  # noqa: PLR0913 - as many as the command has options
    *,
    profile: str,
    subject: str | None,
    vendor: Sequence[str],
    seed: int,
    budget: int | None,
    results: str,
    into: str | None,
) -> int:
    """Play each single fault of a vendor or a platform, and tell whom it harms.

    A booking is made, changed and cancelled. Each call to the vendor is refused once,
    fails once after the vendor acted, loses its answer once, and is answered too late
    once; each event is lost, doubled, early, late and out of order.
    """
    subjects = (subject,) if subject else ()
    run_config = resolve_config(Options(profile=profile, subjects=subjects))
    offers, folder = chosen_offers(run_config, vendor), Path(results)

    def show(found: Found) -> None:
        click.echo("\n" + report(found, folder, run_config.profile.profile))

    with begun(run_config) as exploration:
        exploration.tries = TRIES
        sweep = SingleFaults(exploration, on_found=show)
        for offer in offers:
            sweep.play(seed, offer, budget)
            click.echo(_played(sweep, offer.vendor))
    click.echo("\n".join(summary(sweep)))
    if into is not None:
        Path(into).write_text(as_json(exploration.found), encoding="utf-8")
    if exploration.found:
        return NOT_CONFORMANT
    return 0 if sweep.played else HARNESS_ERROR


def _played(sweep: SingleFaults, vendor: str) -> str:
    """Return how many faults of a vendor were played in each course."""
    by_course: Counter[str] = Counter()
    for (each, course, _), number in sweep.played.items():
        if each == vendor:
            by_course[course] += number
    told = (f"{course} {number}" for course, number in by_course.items())
    return f"{vendor}: {', '.join(told) or 'no'} faults played"


def summary(sweep: SingleFaults) -> Iterator[str]:
    """Yield what was played, and what it led to, the worst first."""
    counts = sweep.exploration.counts
    held = sum(counts.statements.values())
    yield (
        f"{sweep.played.total()} faults, {counts.moments} moments, {held} statements "
        f"of {len(counts.statements)} rules held against what was seen"
    )
    for name, why in sweep.exploration.unjudged.items():
        yield f"not judged: {name}: {why}"
    for missed in sweep.missed:
        yield f"not played: {missed}"
    yield from table(sweep.harms)
    yield f"{len(sweep.harms)} harms, {len(sweep.exploration.found)} differences"
