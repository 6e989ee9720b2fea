"""Known failures: expectations that are exact both ways. Pure.

An entry covers the runs of its rule, narrowed by scenario and target. It holds when a
covered run ends in exactly its verdict; where it names a scenario, all of them must.
An entry that no longer holds is stale, and stale entries turn the judgement red.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strikeplate.profile import KnownFailure
    from strikeplate.record import Run


def covers(entry: KnownFailure, run: Run) -> bool:
    """Say whether the entry speaks of the run."""
    return (
        entry.rule == run.rule
        and entry.scenario in (None, run.scenario)
        and entry.target in (None, run.target)
    )


def reason(entries: Iterable[KnownFailure], run: Run) -> str | None:
    """Return why the run was expected to end as it did, or None when it was not."""
    fitting = (e for e in entries if covers(e, run) and e.verdict is run.verdict)
    return next((entry.reason for entry in fitting), None)


def stale(entries: Iterable[KnownFailure], runs: Iterable[Run]) -> Iterator[str]:
    """Yield a sentence for each entry that the runs no longer bear out.

    Entries are left alone when none of their rule's runs took place.
    """
    took_place = tuple(runs)
    for entry in entries:
        if any(run.rule == entry.rule for run in took_place):
            yield from _stale(entry, [run for run in took_place if covers(entry, run)])


def _stale(entry: KnownFailure, covered: list[Run]) -> Iterator[str]:
    where = " ".join(filter(None, (entry.rule, entry.scenario, entry.target)))
    borne_out = [run for run in covered if run.verdict is entry.verdict]
    if not covered:
        yield f"known failure {where}: names no run; remove the entry or correct it"
    elif not borne_out:
        now = ", ".join(sorted({run.verdict.value for run in covered}))
        expected = f"expected {entry.verdict.value}, found {now}"
        yield f"known failure {where}: {expected}; remove the entry"
    elif entry.scenario and len(borne_out) < len(covered):
        held = next(run for run in covered if run.verdict is not entry.verdict)
        found = f"{held.title} ended in {held.verdict.value}"
        yield f"known failure {where}: {found}; narrow the entry by its target"
