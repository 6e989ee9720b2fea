"""Results of a run: one record per scenario run and per rule, and results.ndjson.

    RunResult           one scenario, with one row of examples, against one target
    RequirementResult   one rule: the worst of its runs, or why none of them judged it
    RunDetail           for the report only: the full message and the transcript

Invariants: the same inputs and seed give the same bytes of results.ndjson. It holds no
wall time, port, path or generated id, and its order does not depend on the order of
running. The footer counts the lines; a file without a footer, or with other counts, is
incomplete and is an error, and so is that of a run that was cut short.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strikeplate.transcript import TranscriptEntry


PASSED, FAILED, NOT_REACHED = "passed", "failed", "not reached"

RunKey = tuple[str, str, str, str]
"""What identifies a run in every result: rule, scenario, example, target."""


@dataclass(frozen=True)
class StepResult:
    """One step of a run: its keyword, its rendered text, its status."""

    keyword: str
    text: str
    status: str = NOT_REACHED


@dataclass(frozen=True)
class RunResult:
    """One scenario, with one row of examples, against one target."""

    rule: str
    area: str
    scenario: str
    example: dict[str, str]
    target: str
    verdict: Verdict
    reason: str | None = None
    known: str | None = None
    virtual_seconds: float = 0.0
    steps: tuple[StepResult, ...] = ()

    @property
    def row(self) -> str:
        """The whole row of examples as one line; empty for a plain scenario."""
        return ", ".join(f"{name} {value}" for name, value in self.example.items())

    @property
    def key(self) -> RunKey:
        """What identifies the run in every result."""
        return self.rule, self.scenario, self.row, self.target

    @property
    def name(self) -> str:
        """The scenario's name, with its placeholders filled in."""
        name = self.scenario
        for column, value in self.example.items():
            name = name.replace(f"<{column}>", value)
        return name

    @property
    def rest(self) -> str:
        """The examples that are not in the name, as one line."""
        columns = (c for c in self.example if f"<{c}>" not in self.scenario)
        return ", ".join(f"{column} {self.example[column]}" for column in columns)

    @property
    def title(self) -> str:
        """The run as one line for people, with the id of its target."""
        return self.titled(self.target)

    def titled(self, target: str) -> str:
        """Return the run as one line, its target told by another name."""
        return f"{self.name} [{', '.join(filter(None, (target, self.rest)))}]"


@dataclass(frozen=True)
class RequirementResult:
    """One rule and its verdict."""

    rule: str
    area: str
    level: str
    text: str
    source: str
    on: tuple[str, ...]
    needs: tuple[str, ...]
    provisional: bool
    verdict: Verdict
    reason: str | None = None
    known: bool = False

    @property
    def judged(self) -> bool:
        """True when at least one run tested the rule."""
        return self.verdict.judged

    @property
    def holds(self) -> bool:
        """True when every run of the rule passed."""
        return self.verdict is Verdict.PASS

    @property
    def binding(self) -> bool:
        """True when the rule counts for the headline's MUST."""
        return self.level == "MUST" and not self.provisional


@dataclass(frozen=True)
class RunDetail:
    """Details of a run for the report only; secrets are blanked already."""

    message: str = ""
    entries: tuple[TranscriptEntry, ...] = field(default=())
    seconds: float = 0.0
    moved_days: int = 0
    """By how many days the dates in its steps were moved while it ran."""


SCHEMA = 1

_RUN = TypeAdapter(RunResult)
_REQUIREMENT = TypeAdapter(RequirementResult)


class ResultsError(Misuse):
    """A results file is incomplete or malformed; the text says why."""


@dataclass(frozen=True)
class Header:
    """The inputs of the run; equal for equal seeds."""

    subject: str
    profile: str
    digest: str
    suite: str
    seed: int
    start: str
    targets: tuple[str, ...]
    only: tuple[str, ...] = ()
    schema: int = SCHEMA


@dataclass(frozen=True)
class Results:
    """A complete results file."""

    header: Header
    runs: tuple[RunResult, ...]
    requirements: tuple[RequirementResult, ...]
    headline: str
    exit_code: int
    complete: bool = True


def write(results: Results, path: Path) -> None:
    """Write the file at once, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text("".join(f"{line}\n" for line in lines(results)), encoding="utf-8")
    draft.replace(path)


def lines(results: Results) -> Iterator[str]:
    """Yield the lines of the file, in a fixed order."""
    runs = sorted(results.runs, key=lambda run: (run.area, run.key))
    yield _line("header", asdict(results.header))
    yield from (_line("run", asdict(run)) for run in runs)
    yield from (
        _line("rule", asdict(requirement)) for requirement in results.requirements
    )
    counts = {"runs": len(runs), "rules": len(results.requirements)}
    end = {"headline": results.headline, "exit_code": results.exit_code}
    yield _line("footer", {**end, **counts, "complete": results.complete})


def read(path: Path) -> Results:
    """Return the results in a file; `ResultsError` if it is malformed or incomplete."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; make it by a run first") from None
    except ValueError as error:
        raise ResultsError(f"{path}: a line is no JSON ({error})") from None
    try:
        return _results(rows)
    except ResultsError as error:
        raise ResultsError(f"{path}: {error}") from None
    except (KeyError, TypeError, ValidationError) as error:
        raise ResultsError(f"{path}: a line has a wrong form ({error})") from None


def _results(rows: list[dict[str, Any]]) -> Results:
    kinds = [row.pop("kind") for row in rows]
    if not rows or kinds[0] != "header":
        raise ResultsError("has no header; it is no results file")
    if (schema := rows[0].get("schema")) != SCHEMA:
        raise ResultsError(f"has schema {schema}, this suite reads {SCHEMA}")
    complete = rows[-1].get("complete") if kinds[-1] == "footer" else None
    if complete is False:
        raise ResultsError("is of a run that was cut short; judge again")
    if complete is not True:
        raise ResultsError("has no footer; the run was cut short, judge again")
    _complete(Counter(kinds), rows[-1])
    by_kind = list(zip(kinds, rows, strict=True))
    return Results(
        header=TypeAdapter(Header).validate_python(rows[0]),
        runs=tuple(_RUN.validate_python(row) for kind, row in by_kind if kind == "run"),
        requirements=tuple(
            _REQUIREMENT.validate_python(row) for kind, row in by_kind if kind == "rule"
        ),
        headline=rows[-1]["headline"],
        exit_code=rows[-1]["exit_code"],
    )


def _complete(kinds: Counter[str], footer: dict[str, Any]) -> None:
    for kind, name in (("run", "runs"), ("rule", "rules")):
        if kinds[kind] != footer[name]:
            text = f"has {kinds[kind]} {name}, its footer counts {footer[name]}"
            raise ResultsError(f"{text}; lines were lost, judge again")


def _line(kind: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": kind, **row}, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{value!r} does not belong into results")
