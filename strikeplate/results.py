"""results.ndjson: one header, one line per run, one per rule, one footer.

The same inputs and seed give the same bytes: no wall time, port, path or generated id
is in it, and its order does not depend on the order of running. The footer counts the
lines; a file without its footer, or with other counts, was cut short and is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from strikeplate.record import RequirementResult, Run
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = 1

_RUN = TypeAdapter(Run)
_REQUIREMENT = TypeAdapter(RequirementResult)


class ResultsError(Misuse):
    """A results file cannot be relied on; the text says why."""


@dataclass(frozen=True)
class Header:
    """What the run was: nothing in it varies for one seed."""

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
    runs: tuple[Run, ...]
    requirements: tuple[RequirementResult, ...]
    headline: str
    exit_code: int


def write(results: Results, path: Path) -> None:
    """Write all lines at once, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text("".join(f"{line}\n" for line in lines(results)), encoding="utf-8")
    draft.replace(path)


def lines(results: Results) -> Iterator[str]:
    """Yield the file line by line, in an order of its own."""
    runs = sorted(results.runs, key=lambda run: (run.area, run.key))
    yield _line("header", asdict(results.header))
    yield from (_line("run", asdict(run)) for run in runs)
    yield from (
        _line("rule", asdict(requirement)) for requirement in results.requirements
    )
    counts = {"runs": len(runs), "rules": len(results.requirements)}
    end = {"headline": results.headline, "exit_code": results.exit_code}
    yield _line("footer", {**end, **counts, "complete": True})


def read(path: Path) -> Results:
    """Return the results in a file; refuse one that is broken or cut short."""
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
    if kinds[-1] != "footer" or rows[-1].get("complete") is not True:
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
