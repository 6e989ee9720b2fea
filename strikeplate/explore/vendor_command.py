"""`codes`: plays seeded calls against a vendor's server, and tells what differs.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage; 3 nothing was played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore.compare import Counts
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_side import generate, play
from strikeplate.subjects.vendor import start_vendor
from strikeplate.summary import HARNESS_ERROR, NOT_CONFORMANT
from strikeplate.toml_file import suggest
from strikeplate.verdict import Inconclusive, Misuse, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.explore.compare import Difference
    from strikeplate.explore.vendor_side import Run

EXAMPLES = """\b
Examples:
  python -m strikeplate codes --vendor nuki
  python -m strikeplate codes --server mutant:opens_to_revoked_visits
  python -m strikeplate codes --server https://api.nuki.io --vendor nuki \\
    --lock "Front door" --lock "Back door" --runs 1
"""


@click.command("codes", epilog=EXAMPLES)
@click.option(
    "--server",
    default="fake",
    show_default=True,
    help="What is asked: fake, mutant:NAME, or a URL.",
)
@click.option("--vendor", multiple=True, metavar="NAME", help="Only these vendors.")
@click.option(
    "--lock", multiple=True, metavar="NAME", help="Which of its locks may be used."
)
@click.option(
    "--profile", default="reference", show_default=True, help="Its name or file."
)
@click.option("--seed", default=7, show_default=True, help="The first run's seed.")
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="So many of each vendor.",
)
def command(  # noqa: PLR0913 - as many as the command has options
    *,
    server: str,
    vendor: Sequence[str],
    lock: Sequence[str],
    profile: str,
    seed: int,
    runs: int,
) -> int:
    """Make, change and delete codes at a vendor's server, and try them at its doors."""
    for name in vendor:
        if name not in CLIENTS:
            raise Misuse(f"nothing calls {name!r}; {suggest(name, CLIENTS)}")
    options = Options(profile=profile, vendors=(server,), locks=tuple(lock))
    run_config = resolve_config(options)
    (target, *_), known = run_config.targets["vendor"], run_config.vocabularies
    again = f"python -m strikeplate codes --server {server} --runs 1"
    session = Session(again)
    with start_vendor(target, known, run_config.profile.locks) as fakes:
        shared = TargetContext(
            fakes, None, run_config.profile, known, str(options.seed)
        )
        for number in range(runs):
            for name in vendor or CLIENTS:
                session.play(generate(seed + number, name), shared)
    click.echo("\n".join(session.summary()))
    if session.found:
        return NOT_CONFORMANT
    return 0 if session.counts.statements else HARNESS_ERROR


class Session:
    """Runs against one server, and what they showed: each kind of difference once."""

    def __init__(self, again: str) -> None:
        self.again = again
        self.played = 0
        self.counts = Counts()
        self.found: list[Difference] = []
        self.unjudged: set[str] = set()

    def play(self, run: Run, shared: TargetContext) -> None:
        """Play a run, and print what it shows that none before has shown."""
        try:
            differences, playing = play(run, shared)
        except (NotApplicable, Inconclusive) as obstacle:
            self.unjudged.add(f"{run.vendor}: {obstacle}")
            return
        self.played += 1
        self.counts.add_all(playing.counts)
        self.unjudged |= {f"{run.vendor}: {why}" for why in playing.unjudged}
        for each in differences:
            if each.kind not in {known.kind for known in self.found}:
                self.found.append(each)
                again = f"  {self.again} --vendor {run.vendor} --seed {run.seed}"
                click.echo("\n".join((*run.lines(), f"  {each}", again, "")))

    def summary(self) -> Iterator[str]:
        """Yield what was played and what it showed."""
        held = sum(self.counts.statements.values())
        rules = len(self.counts.statements)
        yield (
            f"{self.played} runs, {self.counts.moments} moments, {held} statements of "
            f"{rules} rules held against what was seen"
        )
        yield from (f"not judged: {why}" for why in sorted(self.unjudged))
        yield from map(str, self.found)
        yield f"{len(self.found)} differences"
