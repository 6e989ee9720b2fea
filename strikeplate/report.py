"""report.html: the whole judgement on one self-contained page, for people.

This module arranges what was found; the templates beside it say how it looks. What
held is told in a line, what did not is told with its steps and its transcript.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from strikeplate.record import Story
from strikeplate.register import LEVEL
from strikeplate.summary import LEVELS
from strikeplate.transcript import LANES
from strikeplate.verdict import MEANING, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.docket import Docket
    from strikeplate.record import Key, Ruling, Run, Step
    from strikeplate.summary import Outcome
    from strikeplate.transcript import Line

TEMPLATES = Path(__file__).parent / "templates"
WORDS = {0: "Conformant", 1: "Not conformant", 3: "Not judged"}
GLYPHS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✕",
    Verdict.WARN: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.UNTESTED: "○",
    Verdict.ERROR: "⚡",
}
ORDER = tuple(MEANING)
"""Verdicts as the page lists them: what was judged first, what was not last."""


@dataclass(frozen=True)
class Cell:
    """One run in the table of its scenario, with its story when it did not hold."""

    run: Run
    story: Story | None

    @property
    def anchor(self) -> str:
        """The name by which the page links to the run."""
        return "run-" + "-".join(
            "".join(c for c in k if c.isalnum()) for k in self.run.key
        )

    def scenes(self) -> Iterator[tuple[Step | None, list[Line]]]:
        """Yield each step with what was said in it; first what was said before."""
        lines = self.story.lines if self.story else ()
        before = [line for line in lines if line.step is None]
        if before:
            yield None, before
        for index, step in enumerate(self.run.steps):
            yield step, [line for line in lines if line.step == index]


@dataclass(frozen=True)
class Row:
    """One scenario with one row of examples, against each target."""

    cells: Mapping[str, Cell]

    @property
    def any(self) -> Run:
        """One of the runs: all have the same name, row and steps."""
        return next(iter(self.cells.values())).run

    @property
    def remarks(self) -> list[str]:
        """What was remarked on runs that are not told at length."""
        cells = (cell for cell in self.cells.values() if not cell.story)
        return list(dict.fromkeys(c.run.reason for c in cells if c.run.reason))


@dataclass(frozen=True)
class Entry:
    """One rule on the page: its ruling and its evidence."""

    ruling: Ruling
    rows: Sequence[Row]
    remark: str = ""

    @property
    def targets(self) -> list[str]:
        """The columns of the rule's table."""
        return list(dict.fromkeys(name for row in self.rows for name in row.cells))

    @property
    def told(self) -> list[Cell]:
        """The runs that did not hold, with their stories."""
        return [c for row in self.rows for c in row.cells.values() if c.story]


@dataclass(frozen=True)
class Page:
    """Everything the templates show."""

    docket: Docket
    outcome: Outcome

    @property
    def word(self) -> str:
        """The outcome in a word or two."""
        return WORDS[self.outcome.exit_code]

    @cached_property
    def areas(self) -> dict[str, list[Entry]]:
        """Every rule, by area."""
        found: dict[str, list[Entry]] = {}
        for ruling in self.outcome.rulings:
            found.setdefault(ruling.area, []).append(self._entry(ruling))
        return found

    @cached_property
    def attention(self) -> list[Entry]:
        """The rules in which something did not hold, the gravest first."""
        entries = [e for area in self.areas.values() for e in area if e.told]
        return sorted(entries, key=lambda e: (-e.ruling.verdict.rank, e.ruling.rule))

    @cached_property
    def claims(self) -> list[Cell]:
        """The checks of the profile's own claims."""
        rules = {ruling.rule for ruling in self.outcome.rulings}
        return [self._cell(run) for run in self.outcome.runs if run.rule not in rules]

    def counts(self, rulings: Sequence[Ruling]) -> dict[Verdict, int]:
        """Return how many of the rules ended in each verdict, in the page's order."""
        found = Counter(ruling.verdict for ruling in rulings)
        return {verdict: found[verdict] for verdict in ORDER if found[verdict]}

    def _entry(self, ruling: Ruling) -> Entry:
        runs = [run for run in self.outcome.runs if run.rule == ruling.rule]
        rows: dict[tuple[str, str], dict[str, Cell]] = {}
        for run in sorted(runs, key=self._place):
            rows.setdefault((run.scenario, run.row), {})[run.target] = self._cell(run)
        remark = self._remarks.get(ruling.rule, "")
        return Entry(ruling, [Row(cells) for cells in rows.values()], remark)

    def _cell(self, run: Run) -> Cell:
        if run.verdict.rank <= Verdict.PASS.rank:
            return Cell(run, None)
        return Cell(run, self.docket.stories.get(run.key, Story()))

    @cached_property
    def _remarks(self) -> dict[str, str]:
        return {r.id: r.remark for r in self.docket.setting.register.rules}

    @cached_property
    def _lines(self) -> dict[tuple[str, str], int]:
        rules = self.docket.setting.register.rules
        return {(r.id, s.name): s.line for r in rules for s in r.scenarios}

    def _place(self, run: Run) -> tuple[int, int, Key]:
        targets = [target.id for target in self.docket.setting.everyone]
        line = self._lines.get((run.rule, run.scenario), 0)
        return line, targets.index(run.target), run.key


def report(docket: Docket, outcome: Outcome) -> str:
    """Return the page."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            page=Page(docket, outcome),
            outcome=outcome,
            header=docket.setting.header(),
            profile=docket.setting.profile,
            capabilities=docket.setting.capabilities,
            verdicts=ORDER,
            meaning=MEANING,
            glyphs=GLYPHS,
            levels=LEVELS,
            lanes=LANES,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "emphasised": emphasised,
        "json": pretty,
        "instant": instant,
    }
    return environment


def emphasised(text: str) -> Markup:
    """Return a rule's text with the word that binds set in bold."""
    marked = LEVEL.sub(lambda found: f"<strong>{found[0]}</strong>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped just above


def pretty(data: object) -> str:
    """Return data as people read it: texts as they are, the rest as JSON."""
    if isinstance(data, str):
        return data
    return json.dumps(data, ensure_ascii=False, indent=2)


def instant(at: str | None) -> str:
    """Return an instant of virtual time in two words: its day and its time."""
    return (at or "").replace("T", " ").removesuffix("Z")
