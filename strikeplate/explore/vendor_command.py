"""`codes`: plays seeded calls against a vendor's server, and tells what differs.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage; 3 nothing was played.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore.counts import Counts
from strikeplate.explore.history import read
from strikeplate.explore.shrink import shortest
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_generate import generate
from strikeplate.explore.vendor_hooks import Receiver
from strikeplate.explore.vendor_run import WAYS, Run
from strikeplate.explore.vendor_side import begun, play
from strikeplate.subjects.live_vendor import LiveVendor
from strikeplate.subjects.vendor import start_vendor
from strikeplate.summary import HARNESS_ERROR, NOT_CONFORMANT
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault, Inconclusive, Misuse, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.explore.compare import Difference

EXAMPLES = """\b
Examples:
  python -m strikeplate codes --vendor nuki
  python -m strikeplate codes --server mutant:opens_to_revoked_visits
  python -m strikeplate codes --history results/codes/nuki-12-NUK-03.json
  python -m strikeplate codes --server https://api.nuki.io --vendor nuki \\
    --lock "Front door" --lock "Back door" --runs 1
"""
TRIES = 60
"""So many runs are played at most to shrink one."""


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
@click.option("--history", metavar="FILE", help="Play this run alone.")
@click.option("--results", default="results/codes", metavar="FOLDER")
def command(  # noqa: PLR0913 - as many as the command has options
    *,
    server: str,
    vendor: Sequence[str],
    lock: Sequence[str],
    profile: str,
    seed: int,
    runs: int,
    history: str | None,
    results: str,
) -> int:
    """Make, change and delete codes at a vendor's server, and try them at its doors."""
    for name in vendor:
        if name not in CLIENTS:
            raise Misuse(f"nothing calls {name!r}; {suggest(name, CLIENTS)}")
    options = Options(profile=profile, vendors=(server,), locks=tuple(lock))
    run_config = resolve_config(options)
    (target, *_), known = run_config.targets["vendor"], run_config.vocabularies
    planned = [
        generate(seed + number, name)
        for number in range(runs)
        for name in vendor or CLIENTS
    ]
    if history is not None:
        planned = [read(Path(history), Run)]
    with (
        start_vendor(target, known, run_config.profile.locks) as fakes,
        closing(Receiver()) as receiver,
    ):
        shared = TargetContext(
            fakes, None, run_config.profile, known, str(options.seed)
        )
        session = Session(shared, receiver)
        for run in planned:
            for found in session.play(run):
                click.echo(report(found, Path(results), server))
    click.echo("\n".join(session.summary()))
    if session.found:
        return NOT_CONFORMANT
    return 0 if session.counts.statements else HARNESS_ERROR


@dataclass(frozen=True)
class Found:
    """One difference, and the shortest run that shows it."""

    difference: Difference
    run: Run


class Session:
    """Runs against one server, and what they showed: each kind of difference once."""

    def __init__(
        self, shared: TargetContext, receiver: Receiver, tries: int = TRIES
    ) -> None:
        self.shared = shared
        self.receiver = receiver
        self.tries = 0 if isinstance(shared.fakes, LiveVendor) else tries
        self.played = 0
        self.counts = Counts()
        self.found: list[Found] = []
        self.unjudged: set[str] = set()
        self._known: set[tuple[str, ...]] = set()

    def play(self, run: Run) -> Iterator[Found]:
        """Play a run, and yield what it shows that none before has shown, shrunk."""
        try:
            differences, playing = play(run, self.shared, self.receiver)
        except (NotApplicable, Inconclusive) as obstacle:
            self.unjudged.add(f"{run.vendor}: {obstacle}")
            return
        self.played += 1
        self.counts.add_all(playing.counts)
        self.unjudged |= {f"{run.vendor}: {why}" for why in playing.unjudged}
        for each in differences:
            key = (run.vendor, *each.kind)
            if key not in self._known:
                self._known.add(key)
                found = Found(*shortest(run, each, self._seen, WAYS, self.tries))
                self.found.append(found)
                yield found

    def _seen(self, run: Run) -> Iterator[Difference]:
        """Play a shorter run, and yield what it shows as it is seen."""
        obstacles = NotApplicable, Inconclusive, HarnessFault
        with suppress(*obstacles), begun(run, self.shared, self.receiver) as playing:
            yield from playing.differences()

    def summary(self) -> Iterator[str]:
        """Yield what was played and what it showed."""
        held = sum(self.counts.statements.values())
        rules = len(self.counts.statements)
        yield (
            f"{self.played} runs, {self.counts.moments} moments, {held} statements of "
            f"{rules} rules held against what was seen"
        )
        yield from (f"not judged: {why}" for why in sorted(self.unjudged))
        yield from (str(found.difference) for found in self.found)
        yield f"{len(self.found)} differences"


def report(found: Found, folder: Path, server: str) -> str:
    """Keep the run of a difference, and return it with the command that repeats it."""
    run, rule = found.run, found.difference.rule
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{run.vendor}-{run.seed}-{rule}.json"
    file.write_text(run.dumps(), encoding="utf-8")
    again = f"python -m strikeplate codes --server {server} --history {file}"
    return "\n".join((*run.lines(), f"  {found.difference}", f"  {again}", ""))
