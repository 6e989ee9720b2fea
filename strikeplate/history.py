"""`history`: the runs of weeks on one page, with a badge of the newest.

`check --history FILE` adds one line for each run. The file is only ever added to, so it
can be kept by a CI system, or committed.

Invariants: a line holds names, dates, counts and rule ids: no reason, address, code or
person. The same file gives the same page and badge.

Exit codes: 0 the page is written, 2 the file cannot be read.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import TypeAdapter, ValidationError

from strikeplate import RESULTS
from strikeplate.badge import badge_of, svg
from strikeplate.html import ORDER, instant, render
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.badge import Badge
    from strikeplate.scenario_run import RunRecorder
    from strikeplate.summary import Summary

SCHEMA = 1
PAGE, PICTURE, BADGE = "history.html", "badge.svg", "badge.json"
DRAWN = 60
"""So many runs the plot shows, the newest; the table has all."""


@dataclass(frozen=True)
class Entry:
    """One run: what was judged, when, by what, and how it ended.

    `held` of `judged` MUST held, of `must` that exist for its vendors. `failed` names
    the MUST that were broken, expected or not; `verdicts` counts all rules.
    """

    at: str
    subject: str
    version: str
    suite: str
    commit: str | None
    profile: str
    seed: int
    exit_code: int
    outcome: str
    held: int
    judged: int
    must: int
    known: int
    failed: tuple[str, ...]
    verdicts: dict[str, int]
    only: tuple[str, ...] = ()
    schema: int = SCHEMA

    @property
    def when(self) -> str:
        """When it began, in UTC."""
        return instant(self.at.replace("+00:00", ""))

    @property
    def badge(self) -> Badge:
        """Its badge."""
        return badge_of(self.exit_code, self.held, self.judged, self.known)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rules ended in each verdict, in the order of pages."""
        found = {verdict: self.verdicts.get(verdict.value, 0) for verdict in ORDER}
        return {verdict: count for verdict, count in found.items() if count}


_ENTRY = TypeAdapter(Entry)


def entry(recorder: RunRecorder, summary: Summary) -> Entry:
    """Return the line of a run that ended."""
    config, circumstances = recorder.run_config, recorder.provenance()
    name, version = config.identity
    broken = [r.rule for r in summary.binding if r.verdict is Verdict.FAIL]
    verdicts = Counter(r.verdict.value for r in summary.requirements)
    return Entry(
        at=circumstances.at,
        subject=name,
        version=version,
        suite=circumstances.suite,
        commit=circumstances.commit,
        profile=config.profile.profile,
        seed=config.options.seed,
        exit_code=summary.exit_code,
        outcome=summary.word,
        held=sum(r.holds for r in summary.decided),
        judged=len(summary.decided),
        must=len(summary.binding),
        known=len(summary.expected),
        failed=tuple(sorted(broken)),
        verdicts=dict(sorted(verdicts.items())),
        only=config.options.only,
    )


def append(path: Path, new: Entry) -> None:
    """Add the line of a run to a file, made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(new), ensure_ascii=False) + "\n")


def read(path: Path) -> list[Entry]:
    """Return the runs of a file, the oldest first; Misuse names a wrong line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fix = "make it by check --history FILE"
        raise Misuse(f"{path}: cannot be read ({error}); {fix}") from None
    found = [_entry(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise Misuse(f"{path}: holds no run; add one by check --history {path}")
    return sorted(found, key=lambda each: each.at)


def check_file(path: Path) -> None:
    """Return if a run can be added to a file; Misuse says why not."""
    if path.is_dir():
        raise Misuse(f"--history {path}: a folder; name a file, such as {path}.ndjson")
    if path.exists() and path.read_bytes().strip():
        read(path)


def _entry(path: Path, number: int, line: str) -> Entry:
    where = f"{path}, line {number}"
    try:
        found = _ENTRY.validate_json(line)
    except ValidationError:
        raise Misuse(f"{where}: no run of a history; delete the line") from None
    if found.schema != SCHEMA:
        raise Misuse(f"{where}: has schema {found.schema}, this suite reads {SCHEMA}")
    return found


@dataclass(frozen=True)
class Step:
    """One run, and the MUST that began or ceased to fail since the run before."""

    number: int
    entry: Entry
    broke: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """The runs of one subject, the oldest first."""

    subject: str
    entries: tuple[Entry, ...]

    @property
    def newest(self) -> Entry:
        """The run that began last."""
        return self.entries[-1]

    @cached_property
    def steps(self) -> list[Step]:
        """Each run with what it changed; a run with `--only` is not compared."""
        found: list[Step] = []
        before: set[str] | None = None
        for number, each in enumerate(self.entries, 1):
            failed = set(each.failed)
            old = failed if each.only or before is None else before
            broke, mended = tuple(sorted(failed - old)), tuple(sorted(old - failed))
            found.append(Step(number, each, broke, mended))
            before = before if each.only else failed
        return found

    @property
    def bars(self) -> list[tuple[Step, list[tuple[Verdict, int, int]]]]:
        """Each run that is drawn: verdict, place from below, and number of rules."""
        return [(step, list(_stack(step.entry))) for step in self.steps[-DRAWN:]]

    @property
    def most(self) -> int:
        """The most rules that a drawn run had: the height of the plot."""
        sums = (sum(each.counts.values()) for each in self.entries[-DRAWN:])
        return max(sums, default=0) or 1

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts that occur, for the legend."""
        met = {verdict for each in self.entries for verdict in each.counts}
        return [verdict for verdict in ORDER if verdict in met]


FROM_BELOW = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
"""What stands on the ground of the plot, so that a few of them are seen."""


def _stack(found: Entry) -> Iterator[tuple[Verdict, int, int]]:
    below = 0
    for verdict in dict.fromkeys((*FROM_BELOW, *found.counts)):
        if count := found.counts.get(verdict, 0):
            yield verdict, below, count
            below += count


def courses(entries: Sequence[Entry]) -> list[Course]:
    """Return the runs of each subject, that of the newest run first."""
    names = dict.fromkeys(each.subject for each in reversed(entries))
    return [
        Course(name, tuple(each for each in entries if each.subject == name))
        for name in names
    ]


def page(entries: Sequence[Entry]) -> str:
    """Return the page."""
    found = courses(entries)
    return render(
        "history.html", styles=["history.css"], courses=found, newest=entries[-1]
    )


@click.command("history")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--subject", metavar="NAME", help="Only the runs of this subject.")
@click.option(
    "--out",
    default=RESULTS / "history",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The folder to write {PAGE}, {PICTURE} and {BADGE} into.",
)
def command(file: Path, subject: str | None, out: Path) -> int:
    """Write the page of a FILE that `check --history` has written, and a badge."""
    entries = _chosen(read(file), subject)
    newest = entries[-1]
    out.mkdir(parents=True, exist_ok=True)
    (out / PAGE).write_text(page(entries), encoding="utf-8")
    (out / PICTURE).write_text(svg(newest.badge), encoding="utf-8")
    text = json.dumps(newest.badge, indent=2)
    (out / BADGE).write_text(f"{text}\n", encoding="utf-8")
    name = f"{newest.subject} {newest.version}".strip()
    click.echo(f"{len(entries)} runs; the newest, {newest.when} UTC: {name}")
    click.echo(f"{newest.outcome}, {newest.badge['message']}")
    click.echo(f"Page: {out / PAGE}")
    return 0


def _chosen(entries: list[Entry], subject: str | None) -> list[Entry]:
    found = [each for each in entries if subject in (None, each.subject)]
    if not found:
        known = sorted({each.subject for each in entries})
        raise Misuse(f"no run of {subject!r}; {suggest(str(subject), known)}")
    return found
