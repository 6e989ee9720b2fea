"""`diff`: tells what changed between two results, rule by rule and run by run.

What is lost fails: a verdict that is worse, a rule or a scenario that is gone. What is
gained is told: the baseline may take it in later. Worse is worse in the order of
verdicts; a run that is no longer judged has not improved.

Exit codes: 0 nothing was lost, 1 something was, 2 the files cannot be compared.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import FEATURES, HOME, RESULTS, results
from strikeplate.summary import USAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.results import RequirementResult, Results, RunResult

Name = tuple[str, ...]
LOST = ("regressed", "removed")
GAINED = ("added", "improved", "reworded")
KINDS = (*LOST, *GAINED)
BASELINE = FEATURES / "baseline.ndjson"
LATEST = RESULTS / "reference" / "results.ndjson"


@dataclass(frozen=True)
class Change:
    """One rule or run that changed."""

    kind: str
    name: Name
    before: str | None
    after: str | None

    def __str__(self) -> str:
        what = " · ".join(filter(None, self.name))
        if None in (self.before, self.after):
            return f"{self.kind}: {what} ({self.before or self.after})"
        return f"{self.kind}: {what} ({self.before} -> {self.after})"


def main(arguments: Sequence[str]) -> int:
    """Print every change between two files, the worst first."""
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate diff",
        description="Tell what changed between two results.ndjson.",
    )
    for name, path in (("before", BASELINE), ("after", LATEST)):
        near = path.relative_to(HOME) if path.is_absolute() else path
        text = f"a results file; {near} if not said"
        parser.add_argument(name, type=Path, nargs="?", default=path, help=text)
    parser.add_argument(
        "--accept", action="store_true", help="take `after` as the new `before`"
    )
    asked = parser.parse_args(arguments)
    try:
        after = results.read(asked.after)
        if asked.accept:
            return accept(after, asked.before)
        before = results.read(asked.before)
        comparable(before, after)
        found = changes(before, after)
    except results.ResultsError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    sys.stdout.write("".join(f"{line}\n" for line in described(found)))
    return int(any(change.kind in LOST for change in found))


def described(found: Sequence[Change]) -> Iterator[str]:
    """Yield every change as text, then what to do."""
    if not found:
        yield "nothing changed"
        return
    yield from map(str, found)
    if any(change.kind in LOST for change in found):
        yield "Something was lost. Put it right or, if it is meant so: diff --accept"
    else:
        yield "Nothing was lost; to hold what was gained from now on: diff --accept"


def comparable(before: Results, after: Results) -> None:
    """Raise `ResultsError` if the two results are of different targets or rules."""
    for name in ("profile", "targets", "only"):
        old, new = getattr(before.header, name), getattr(after.header, name)
        if old != new:
            message = (
                f"{name} was {old!r} before and is {new!r} after; judge both alike"
            )
            raise results.ResultsError(message)


def accept(after: Results, path: Path) -> int:
    """Store results as the new baseline, without their steps.

    Only a whole run that ended well is taken.
    """
    if after.header.only or after.exit_code:
        message = "only a green run of all rules is taken as a baseline"
        raise results.ResultsError(f"{message}, not this one: {after.headline}")
    runs = tuple(replace(run, steps=()) for run in after.runs)
    results.write(replace(after, runs=runs), path)
    sys.stdout.write(f"{path.name}: {after.headline}\n")
    return 0


def changes(before: Results, after: Results) -> list[Change]:
    """Return every rule and run that changed, regressions first."""
    rules = _changes(_by_rule(before), _by_rule(after))
    runs = _changes(_by_key(before), _by_key(after))
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted((*rules, *runs), key=lambda change: order[change.kind])


def _by_rule(found: Results) -> dict[Name, RequirementResult | RunResult]:
    return {(requirement.rule,): requirement for requirement in found.requirements}


def _by_key(found: Results) -> dict[Name, RequirementResult | RunResult]:
    return {run.key: run for run in found.runs}


def _changes(
    before: Mapping[Name, RequirementResult | RunResult],
    after: Mapping[Name, RequirementResult | RunResult],
) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change("added" if new else "removed", name, _word(old), _word(new))
        elif old.verdict is not new.verdict:
            worse = new.verdict.rank > old.verdict.rank or not new.verdict.judged
            kind = "regressed" if worse else "improved"
            yield Change(kind, name, _word(old), _word(new))
        elif old.reason != new.reason:
            yield Change("reworded", name, old.reason or "-", new.reason or "-")


def _word(entry: RequirementResult | RunResult | None) -> str | None:
    return None if entry is None else entry.verdict.value
