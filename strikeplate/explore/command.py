"""`explore`: plays histories by seed for a while, and tells what differs.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage; 3 nothing was played.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click
from freezegun import api  # the subject's clock may be ours, frozen

from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore.generate import generate
from strikeplate.explore.gherkin import scenario
from strikeplate.explore.history import History, read
from strikeplate.explore.session import Exploration, offers
from strikeplate.fakes_client import instant
from strikeplate.profiles.shape import duration
from strikeplate.subjects import start_subject
from strikeplate.summary import HARNESS_ERROR, NOT_CONFORMANT
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.config import RunConfig
    from strikeplate.explore.generate import Offer
    from strikeplate.explore.session import Found

EXAMPLES = """\b
Examples:
  python -m strikeplate explore --for 10m --seed 100
  python -m strikeplate explore --profile mine.toml --histories 20
  python -m strikeplate explore --history results/explore/nuki-12-CON-11.json
"""
HISTORIES = 20
MANY = 10**9


@click.command("explore", epilog=EXAMPLES)
@click.option(
    "--profile", default="reference", show_default=True, help="Its name or file."
)
@click.option("--subject", metavar="CONNECT", help="Instead of the profile's.")
@click.option("--vendor", multiple=True, metavar="NAME", help="Only these vendors.")
@click.option("--for", "span", metavar="TIME", help="Go on for so long: 90s, 10m, 1h.")
@click.option(
    "--histories",
    type=click.IntRange(min=1),
    help=f"So many of each vendor, unless a time is given ({HISTORIES}).",
)
@click.option("--seed", default=7, show_default=True, help="The first history's seed.")
@click.option("--history", metavar="FILE", help="Play this one alone.")
@click.option("--results", default="results/explore", metavar="FOLDER")
@click.option("--json", "into", metavar="FILE", help="Write what was found, as JSON.")
def command(  # noqa: PLR0913 - as many as the command has options
    *,
    profile: str,
    subject: str | None,
    vendor: Sequence[str],
    span: str | None,
    histories: int | None,
    seed: int,
    history: str | None,
    results: str,
    into: str | None,
) -> int:
    """Play seeded histories against an integration, and hold them against the rules."""
    subjects = (subject,) if subject else ()
    run_config = resolve_config(Options(profile=profile, subjects=subjects))
    planned = _one(history) or _planned(run_config, vendor, seed, histories, span)
    exploration = _explored(run_config, planned, Path(results))
    click.echo("\n".join(summary(exploration)))
    if into is not None:
        Path(into).write_text(as_json(exploration.found), encoding="utf-8")
    if exploration.found:
        return NOT_CONFORMANT
    return 0 if exploration.played else HARNESS_ERROR


def _one(file: str | None) -> Iterator[History] | None:
    return None if file is None else iter((read(Path(file), History),))


def _planned(
    run_config: RunConfig,
    vendors: Sequence[str],
    seed: int,
    number: int | None,
    span: str | None,
) -> Iterator[History]:
    """Yield one history of each vendor after the other, as many or as long as asked."""
    chosen = chosen_offers(run_config, vendors)
    until = api.real_monotonic() + _seconds(span) if span else None
    for index in count():
        if index >= (number or (MANY if span else HISTORIES)):
            return
        for offer in chosen:
            if until is not None and api.real_monotonic() > until:
                return
            yield generate(seed + index, offer)


def chosen_offers(run_config: RunConfig, vendors: Sequence[str]) -> list[Offer]:
    """Return what histories may use of each vendor that is asked for, or of all."""
    known = {offer.vendor: offer for offer in offers(run_config)}
    for name in vendors:
        if name not in known:
            raise Misuse(
                f"no histories can be made of {name!r}; {suggest(name, known)}"
            )
    if not known:
        raise Misuse("its profile declares no resource that histories could be made of")
    return [known[name] for name in vendors or known]


def _seconds(span: str) -> float:
    try:
        return duration(span).total_seconds()
    except ValueError as error:
        raise Misuse(f"--for: {error}") from None


def _explored(
    run_config: RunConfig, planned: Iterator[History], folder: Path
) -> Exploration:
    """Play what is planned against the first integration of a profile."""
    with begun(run_config) as exploration:
        for history in planned:
            new = exploration.explore(history)
            _progress(exploration, history)
            for found in new:
                click.echo("\n" + report(found, folder, run_config.profile.profile))
    return exploration


@contextmanager
def begun(run_config: RunConfig) -> Iterator[Exploration]:
    """Yield an exploration of the first integration of a profile, which is started."""
    profile, (target, *_) = run_config.profile, run_config.targets["service"]
    with closing(start_subject(target, profile)) as started:
        if not started.turnable:
            raise Misuse("histories need a clock that can be set; see [clock]")
        seed = str(run_config.options.seed)
        known = run_config.vocabularies
        yield Exploration(TargetContext(started.fakes, started, profile, known, seed))


def _progress(exploration: Exploration, history: History) -> None:
    """Say how far it is: one line that is written over on a terminal."""
    terminal = sys.stdout.isatty()
    found = len(exploration.found)
    text = (
        f"{history.vendor} {history.seed}: {exploration.played} played, {found} found"
    )
    if terminal:
        click.echo(f"\r{text}", nl=False)
    elif exploration.played % 20 == 0:
        click.echo(text)


def report(found: Found, folder: Path, profile: str) -> str:
    """Keep the history of a difference, and return it as a scenario and a command."""
    history, difference = found.history, found.difference
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{history.vendor}-{history.seed}-{difference.rule}.json"
    file.write_text(history.dumps(), encoding="utf-8")
    again = f"python -m strikeplate explore --profile {profile} --history {file}"
    return f"{scenario(history, difference)}\n  {again}\n"


def as_json(found: Sequence[Found]) -> str:
    """Return what was found, each with its history as a scenario, as JSON."""
    return json.dumps(
        [
            {
                "rule": each.difference.rule,
                "vendor": each.history.vendor,
                "seed": each.history.seed,
                "at": instant(each.difference.at),
                "sentence": each.difference.sentence,
                "harm": each.difference.harm,
                "scenario": scenario(each.history, each.difference),
            }
            for each in found
        ],
        indent=2,
    )


def summary(exploration: Exploration) -> Iterator[str]:
    """Yield what was played and what it showed."""
    counts = exploration.counts
    held = sum(counts.statements.values())
    yield (
        f"{exploration.played} histories, {counts.moments} moments, {held} statements "
        f"of {len(counts.statements)} rules held against what was seen"
    )
    for name, why in exploration.unjudged.items():
        yield f"not judged: {name}: {why}"
    for found in exploration.found:
        yield str(found.difference)
    yield f"{len(exploration.found)} differences"
