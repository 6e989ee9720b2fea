"""`compare`: several runs side by side, on one page, as Markdown or as JSON.

Each run is a column: another subject, or another version of one. Each rule is a row,
by area. A rule differs if its verdict is not the same in all columns, or that of one
of its scenarios. `diff` is for two runs of one subject, and fails when something is
lost; this shows, and judges nothing.

Exit codes: 0 the page is written, 2 the runs cannot be compared.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strikeplate import FEATURES, RESULTS, results, vocabulary
from strikeplate.html import GLYPHS, ORDER, instant, render
from strikeplate.summary import WORDS
from strikeplate.verdict import Misuse, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.results import RequirementResult, Results

RECORD = "results.ndjson"
PAGE = "compare.html"
FEWEST = 2
"""One run alone has its own report."""


@dataclass(frozen=True)
class Column:
    """One run: its record, and when and on what commit of the suite it judged."""

    place: Path
    found: Results
    at: str = ""
    commit: str = ""

    @property
    def name(self) -> str:
        """What was judged, by its own name."""
        return self.found.header.subject

    @property
    def outcome(self) -> str:
        """The outcome in a word or two."""
        return WORDS.get(self.found.exit_code, WORDS[3])

    @property
    def facts(self) -> dict[str, str]:
        """What tells this run from others, without what is not known."""
        header = self.found.header
        told = {
            "When, UTC": instant(self.at.replace("+00:00", "")),
            "Suite": header.suite,
            "Commit of the suite": self.commit,
            "Seed": str(header.seed),
            "Profile": header.profile,
            "Against": ", ".join(header.targets),
            "Only": ", ".join(header.only),
        }
        return {name: text for name, text in told.items() if text}

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rules ended in each verdict, in the order of pages."""
        found = Counter(each.verdict for each in self.found.requirements)
        return {verdict: found[verdict] for verdict in ORDER if found[verdict]}

    @cached_property
    def rules(self) -> dict[str, RequirementResult]:
        """Every rule that was asked for."""
        return {each.rule: each for each in self.found.requirements}

    @cached_property
    def scenarios(self) -> dict[str, dict[str, Verdict]]:
        """The worst verdict of each scenario with its example, by rule."""
        seen: dict[str, dict[str, list[Verdict]]] = {}
        for run in self.found.runs:
            title = ", ".join(filter(None, (run.name, run.rest)))
            seen.setdefault(run.rule, {}).setdefault(title, []).append(run.verdict)
        return {
            rule: {title: worst(verdicts) for title, verdicts in of_rule.items()}
            for rule, of_rule in seen.items()
        }


@dataclass(frozen=True)
class Cell:
    """A rule in one column; `was` is its verdict in the column before, if another."""

    result: RequirementResult | None
    was: Verdict | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None if the rule was not asked for."""
        return self.result.verdict if self.result else None


@dataclass(frozen=True)
class Row:
    """One rule across all columns, and its scenarios that differ."""

    any: RequirementResult
    cells: tuple[Cell, ...]
    scenarios: Mapping[str, tuple[Verdict | None, ...]]

    @property
    def differs(self) -> bool:
        """Whether the columns do not agree."""
        verdicts = {each.verdict for each in self.cells}
        return len(verdicts) > 1 or bool(self.scenarios)


@dataclass(frozen=True)
class Comparison:
    """Several runs, rule by rule."""

    columns: tuple[Column, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every rule that some run was asked for, by area and id."""
        rules = {
            id_: each for c in reversed(self.columns) for id_, each in c.rules.items()
        }
        ordered = sorted(rules.values(), key=lambda each: (each.area, each.rule))
        return tuple(self._row(each) for each in ordered)

    @property
    def differing(self) -> list[Row]:
        """The rules that differ."""
        return [row for row in self.rows if row.differs]

    @property
    def areas(self) -> dict[str, list[Row]]:
        """The rules of each area, by its name for people."""
        brands = {name: each.brand for name, each in vocabulary.read(FEATURES).items()}
        grouped = groupby(self.rows, key=lambda row: row.any.area)
        return {brands.get(a) or a.capitalize(): list(rows) for a, rows in grouped}

    @property
    def headline(self) -> str:
        """The outcome in one sentence."""
        count = len(self.differing)
        verb = "differs" if count == 1 else "differ"
        said = (
            f"{count} of {len(self.rows)} rules {verb}" if count else "No rule differs"
        )
        return f"{said} between {len(self.columns)} runs."

    def _row(self, rule: RequirementResult) -> Row:
        found = [column.rules.get(rule.rule) for column in self.columns]
        before = [None, *found[:-1]]
        cells = (
            Cell(
                now, old.verdict if now and old and old.verdict != now.verdict else None
            )
            for old, now in zip(before, found, strict=True)
        )
        return Row(rule, tuple(cells), self._scenarios(rule.rule))

    def _scenarios(self, rule: str) -> dict[str, tuple[Verdict | None, ...]]:
        """Return the scenarios that differ among the columns that have the rule."""
        having = [column.scenarios.get(rule, {}) for column in self.columns]
        asked = [rule in column.rules for column in self.columns]
        titles = dict.fromkeys(title for each in having for title in each)
        found = {title: tuple(each.get(title) for each in having) for title in titles}
        return {
            title: verdicts
            for title, verdicts in found.items()
            if len({v for v, was in zip(verdicts, asked, strict=True) if was}) > 1
        }


def read(place: Path) -> Column:
    """Return the run of a results folder, or of its results.ndjson."""
    record = place if place.is_file() else place / RECORD
    if not record.is_file():
        fix = f"give the folder of a run, which holds {RECORD}"
        raise Misuse(f"{place}: no results folder; {fix}")
    told = _provenance(record.with_name("summary.json"))
    commit = told.get("commit") or ""
    return Column(place, results.read(record), str(told.get("at", "")), str(commit))


def _provenance(summary: Path) -> dict[str, object]:
    """Return when and on what a run judged; empty if it is not told."""
    try:
        told = json.loads(summary.read_text(encoding="utf-8"))["provenance"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def compared(places: Sequence[Path]) -> Comparison:
    """Return the runs side by side; Misuse says why they cannot be compared."""
    if len(places) < FEWEST:
        raise Misuse(f"{len(places)} run given; a comparison needs at least {FEWEST}")
    columns = tuple(read(place) for place in places)
    for one, other in combinations(columns, 2):
        if one.place.resolve() == other.place.resolve() or _same(one, other):
            raise Misuse(f"{other.place}: the same run as {one.place}; leave one out")
    for one, other in pairwise(columns):
        before, after = one.found.header.suite, other.found.header.suite
        if before != after:
            which = (
                f"{one.place} was judged by suite {before}, {other.place} by {after}"
            )
            raise Misuse(f"{which}; judge all of them by one suite")
    return Comparison(columns)


def _same(one: Column, other: Column) -> bool:
    return (one.found, one.at) == (other.found, other.at)


def markdown(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of the runs and of the rules that differ."""
    yield f"# {comparison.headline}\n"
    for number, column in enumerate(comparison.columns, 1):
        when = column.facts.get("When, UTC", "date not known")
        yield f"{number}. **{column.outcome}**, {when}: {column.found.headline}"
    if not comparison.differing:
        return
    numbers = [str(n) for n in range(1, len(comparison.columns) + 1)]
    yield f"\n| rule | {' | '.join(numbers)} | text |"
    yield f"|---|{'---|' * len(numbers)}---|"
    for row in comparison.differing:
        cells = " | ".join(_word(each.verdict) for each in row.cells)
        yield f"| {row.any.rule} | {cells} | {row.any.text} |"


def _word(verdict: Verdict | None) -> str:
    return f"{GLYPHS[verdict]} {verdict.value}" if verdict else "not asked for"


def as_json(comparison: Comparison) -> dict[str, object]:
    """Return all that the page shows."""
    return {
        "headline": comparison.headline,
        "runs": [
            {
                "subject": column.name,
                "outcome": column.outcome,
                "exit_code": column.found.exit_code,
                "headline": column.found.headline,
                "at": column.at or None,
                "commit": column.commit or None,
                "suite": column.found.header.suite,
                "seed": column.found.header.seed,
                "counts": {v.value: count for v, count in column.counts.items()},
            }
            for column in comparison.columns
        ],
        "rules": [
            {
                "rule": row.any.rule,
                "level": row.any.level,
                "text": row.any.text,
                "differs": row.differs,
                "verdicts": [_value(each.verdict) for each in row.cells],
                "reasons": [
                    each.result.reason if each.result else None for each in row.cells
                ],
                "scenarios": {
                    title: [_value(verdict) for verdict in verdicts]
                    for title, verdicts in row.scenarios.items()
                },
            }
            for row in comparison.rows
        ],
    }


def _value(verdict: Verdict | None) -> str | None:
    return verdict.value if verdict else None


def page(comparison: Comparison) -> str:
    """Return the page."""
    return render(
        "compare.html",
        styles=["compare.css"],
        scripts=["find.js"],
        comparison=comparison,
    )


@click.command("compare")
@click.argument(
    "runs",
    metavar="RESULTS...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--out",
    default=RESULTS / "compare",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The folder to write {PAGE} into.",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON instead of Markdown.")
def command(runs: Sequence[Path], out: Path, *, json_: bool) -> int:
    """Put runs side by side: each RESULTS is the results folder of one."""
    comparison = compared(runs)
    out.mkdir(parents=True, exist_ok=True)
    (out / PAGE).write_text(page(comparison), encoding="utf-8")
    if json_:
        click.echo(json.dumps(as_json(comparison), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(markdown(comparison)))
    click.echo(f"Page: {out / PAGE}", err=True)
    return 0
