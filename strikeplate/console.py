"""The console: what a run prints. One mark a scenario, then the headline and why.

A pytest plugin of its own, that stands in for pytest's reporter.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate import artefacts
from strikeplate.plugin import RECORDER
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from strikeplate.record import Run
    from strikeplate.recorder import RunRecorder

MARKS = {
    Verdict.UNTESTED: "-",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.PASS: ".",
    Verdict.WARN: "w",
    Verdict.INCONCLUSIVE: "?",
    Verdict.FAIL: "F",
    Verdict.ERROR: "E",
}
KNOWN = "k"
WIDTH = 72
INDENT = 13
SHOWN = 20
NAMED = 3
"""So many faults, and so many runs of one reason, are told; the rest are counted."""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Stand in for pytest's own reporter."""
    config.pluginmanager.unregister(name="terminalreporter")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Print on behalf of the session that begins."""
    console = Console(session.config.stash[RECORDER], session.config.rootpath)
    session.config.pluginmanager.register(console, "strikeplate-console")


class Console:
    """Prints one session's findings as they come."""

    def __init__(self, recorder: RunRecorder, root: Path) -> None:
        self._docket = recorder
        self._root = root
        self._target = ""
        self._column = 0
        recorder.watchers.append(self._mark)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Print what came of it all."""
        _print("\n" if self._column else "")
        for line in final_lines(self._docket, self._root):
            _print(f"{line}\n")

    def _mark(self, run: Run) -> None:
        """Print one mark for a finished run."""
        if run.target != self._target or self._column >= WIDTH:
            name = run.target if run.target != self._target else ""
            _print(f"{'' if not self._column else chr(10)}  {name:<{INDENT - 2}}")
            self._target, self._column = run.target, INDENT
        _print(KNOWN if run.known else MARKS[run.verdict])
        self._column += 1


def final_lines(recorder: RunRecorder, root: Path) -> Iterator[str]:
    """Yield the last lines: the headline, every reason, and where the report lies."""
    if recorder.obstacle:
        yield recorder.obstacle
        yield from (f"  {fault}" for fault in recorder.faults[:SHOWN])
        if len(recorder.faults) > SHOWN:
            yield f"  and {len(recorder.faults) - SHOWN} more"
        return
    summary = recorder.summary()
    yield f"\n{summary.headline}"
    for (word, reason), runs in _grouped(recorder.runs).items():
        yield f"\n  {word}: {reason}"
        yield from (f"    {run.rule} {run.title}" for run in runs[:NAMED])
        if len(runs) > NAMED:
            yield f"    and {len(runs) - NAMED} more"
    yield from (f"\n  {sentence}" for sentence in summary.stale)
    place = artefacts.folder(recorder, root)
    yield f"\nReport: {_short(place / artefacts.REPORT)}"


def _grouped(runs: Sequence[Run]) -> dict[tuple[str, str], list[Run]]:
    """Return the runs that did not hold by verdict and reason, the gravest first."""
    found: dict[tuple[str, str], list[Run]] = {}
    for run in sorted(runs, key=lambda run: (-run.verdict.rank, run.key)):
        if run.verdict.rank > Verdict.PASS.rank:
            expected = f" (known: {run.known})" if run.known else ""
            key = (run.verdict.value, (run.reason or "") + expected)
            found.setdefault(key, []).append(run)
    return found


def _short(path: Path) -> str:
    """Return the path as seen from here, whole when it lies elsewhere."""
    near = path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd()) if near else path)


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
