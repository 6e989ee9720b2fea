"""Reporters: what a run prints, and the files in its results folder.

console          one mark per scenario, then the headline and the reasons; a pytest
                 plugin that replaces pytest's own reporter
results.ndjson   the record: same inputs, same bytes
summary.json     headline, level by verdict, area by verdict
report.html      one page for people, with transcripts of what did not hold (`report`)
junit.xml        for CI systems: a `fail` is a failure; `inconclusive`, `not-applicable`
                 and known failures are skipped, with the reason
badge.json       for a README, as shields.io reads it; badge.svg is its picture
the history      one more line in the file of `--history`
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pytest

from strikeplate import RESULTS, history, results
from strikeplate.badge import badge, svg
from strikeplate.cause import cause_of
from strikeplate.progress import Progress
from strikeplate.report import report
from strikeplate.scenario_run import RECORDER
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from strikeplate.results import RunResult
    from strikeplate.scenario_run import RunRecorder
    from strikeplate.summary import Summary


REPORT = "report.html"


def artefact_folder(recorder: RunRecorder) -> Path:
    """Return the results folder: the option, else results/PROFILE."""
    options = recorder.run_config.options
    if options.results:
        return Path(options.results)
    return RESULTS / recorder.run_config.profile.profile


def check_folder(recorder: RunRecorder) -> None:
    """Make the results folder; Misuse if it cannot be written to."""
    place = artefact_folder(recorder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        text = f"results cannot be written to {place}: {error.strerror}"
        raise Misuse(f"{text}; name another folder with --results") from None


def write_artefacts(recorder: RunRecorder) -> int:
    """Write all artefacts, and return the exit code of the run."""
    place = artefact_folder(recorder)
    found, summary = recorder.results(), recorder.summary()
    results.write(found, place / "results.ndjson")
    _write_json(place / "summary.json", _summary(recorder, summary))
    _write_json(place / "badge.json", badge(summary))
    (place / "badge.svg").write_text(svg(badge(summary)), encoding="utf-8")
    (place / "junit.xml").write_text(junit(recorder, summary), encoding="utf-8")
    (place / REPORT).write_text(report(recorder, summary), encoding="utf-8")
    if kept := recorder.run_config.options.history:
        history.append(kept, history.entry(recorder, summary))
    return found.exit_code


def _summary(recorder: RunRecorder, summary: Summary) -> dict[str, object]:
    """Return the content of summary.json."""
    return {
        "headline": summary.headline,
        "exit_code": summary.exit_code,
        "counts": summary.counts(),
        "levels": summary.table(),
        "areas": summary.areas(),
        "outcome": summary.word,
        "provenance": asdict(recorder.provenance()),
        "broken": [requirement.rule for requirement in summary.broken],
        "unjudged": [requirement.rule for requirement in summary.unjudged],
        "core_not_judged": summary.lacking,
        "known": [requirement.rule for requirement in summary.expected],
        "stale": list(summary.stale),
    }


def _write_json(path: Path, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")


MARKS = {
    Verdict.UNTESTED: "-",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.PASS: ".",
    Verdict.WARN: "w",
    Verdict.INCONCLUSIVE: "?",
    Verdict.FAIL: "F",
    Verdict.ERROR: "E",
}
KNOWN_MARK = "k"
WIDTH = 72
INDENT = 13
LONGEST_NAME = 24
SHOWN = 20
NAMED = 3
"""How many faults, and runs of one reason, are printed; the rest are counted."""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Replace pytest's own reporter."""
    config.pluginmanager.unregister(name="terminalreporter")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Register the console for this session."""
    console = Console(session.config.stash[RECORDER])
    session.config.pluginmanager.register(console, "strikeplate-console")


class Console:
    """Prints the results of one session as they come."""

    def __init__(self, recorder: RunRecorder) -> None:
        self._recorder = recorder
        self._target = ""
        self._column = 0
        names = [_cut(recorder, t.id) for t in recorder.run_config.all_targets]
        self._indent = max([INDENT, *(len(name) + 3 for name in names)])
        self._seen: dict[str, str] = {}
        self._progress = Progress(0)
        recorder.watchers.append(self._mark)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Print the last lines."""
        if self._column:
            meant = ", ".join(f"{mark} {word}" for mark, word in self._seen.items())
            _print(f"\n{'':{self._indent}}{meant}\n")
        for line in self._recorder.played:
            _print(f"  {line}\n")
        for line in final_lines(self._recorder):
            _print(f"{line}\n")

    def _mark(self, run: RunResult) -> None:
        """Print one mark for a finished run."""
        if self._column >= WIDTH:
            self._progress.total = len(self._recorder.planned)
            self._progress.done = self._recorder.ended
            _print(f"  {self._progress}")
        if run.target != self._target or self._column >= WIDTH:
            name = (
                _cut(self._recorder, run.target) if run.target != self._target else ""
            )
            _print(f"{chr(10) if self._column else ''}  {name:<{self._indent - 2}}")
            self._target, self._column = run.target, self._indent
        mark = KNOWN_MARK if run.known else MARKS[run.verdict]
        self._seen.setdefault(mark, "known" if run.known else run.verdict.value)
        _print(mark)
        self._column += 1


def final_lines(recorder: RunRecorder) -> Iterator[str]:
    """Yield the last lines: headline, reasons, and the path of the report."""
    if recorder.obstacle:
        yield recorder.obstacle
        yield from (f"  {fault}" for fault in recorder.faults[:SHOWN])
        if len(recorder.faults) > SHOWN:
            yield f"  and {len(recorder.faults) - SHOWN} more"
        return
    summary = recorder.summary()
    yield f"\n{summary.headline}"
    texts = {each.rule: each.text for each in summary.requirements}
    for runs in recorder.causes().values():
        yield from _cause_lines(recorder, runs, texts.get(runs[0].rule, ""))
    yield from (f"\n  {sentence}" for sentence in summary.stale)
    place = artefact_folder(recorder)
    yield f"\nReport: {_short(place / REPORT)}"


def _cause_lines(
    recorder: RunRecorder, runs: Sequence[RunResult], rule: str
) -> Iterator[str]:
    """Yield one cause: its reason, the rule, what was seen, and how to repeat it."""
    first = runs[0]
    expected = f" (known: {first.known})" if first.known else ""
    yield f"\n  {first.verdict.value}: {first.reason or ''}{expected}"
    if rule:
        yield f"      the rule: {rule}"
    cause = cause_of(first, recorder.details[first.key])
    yield from (f"      {name}: {text}" for name, text in cause.lines())
    shown = recorder.run_config.shown
    yield from (f"    {r.rule} {r.titled(shown(r.target))}" for r in runs[:NAMED])
    if len(runs) > NAMED:
        yield f"    and {len(runs) - NAMED} more"
    if first.verdict is Verdict.FAIL and not first.known:
        yield f"      again: {recorder.run_config.repeat(first.rule)}"


def _cut(recorder: RunRecorder, target: str) -> str:
    """Return the name of a target, short enough for the head of a line."""
    name = recorder.run_config.shown(target)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _short(path: Path) -> str:
    """Return the path relative to the working directory, if it lies below."""
    near = path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd()) if near else path)


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


ELEMENTS = {
    Verdict.UNTESTED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.INCONCLUSIVE: "skipped",
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
}


def junit(recorder: RunRecorder, summary: Summary) -> str:
    """Return the whole document, one suite per area."""
    root = Element("testsuites", name="strikeplate")
    for area in sorted({run.area for run in summary.runs}):
        runs = sorted(
            (run for run in summary.runs if run.area == area), key=lambda run: run.key
        )
        _suite(root, area, runs, recorder)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(
    root: Element, area: str, runs: Sequence[RunResult], recorder: RunRecorder
) -> None:
    elements = [_element(run) for run in runs]
    suite = SubElement(
        root,
        "testsuite",
        name=area,
        tests=str(len(runs)),
        failures=str(elements.count("failure")),
        errors=str(elements.count("error")),
        skipped=str(elements.count("skipped")),
        time=_seconds(recorder.details[run.key].seconds for run in runs),
    )
    for run, element in zip(runs, elements, strict=True):
        _case(suite, run, element, recorder)


def _case(
    suite: Element, run: RunResult, element: str | None, recorder: RunRecorder
) -> None:
    detail = recorder.details[run.key]
    case = SubElement(
        suite,
        "testcase",
        classname=f"{run.area}.{run.rule}",
        name=run.title,
        time=_seconds([detail.seconds]),
    )
    properties = SubElement(case, "properties")
    for name, value in (("rule", run.rule), ("verdict", run.verdict.value)):
        SubElement(properties, "property", name=name, value=value)
    if element:
        reason = " - ".join(filter(None, (run.reason, run.known)))
        message = _xml(f"{run.verdict.value}: {reason}")
        body = SubElement(case, element, message=message)
        told = [f"{n}: {text}" for n, text in cause_of(run, detail).lines()]
        told.append(f"again: {recorder.run_config.repeat(run.rule)}")
        body.text = _xml("\n".join(told)) if element == "failure" else None


def _seconds(found: Iterable[float]) -> str:
    return f"{sum(found):.3f}"


def _element(run: RunResult) -> str | None:
    if run.known:
        return "skipped"
    return ELEMENTS.get(run.verdict)


def _xml(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\t\n" else "�" for c in text)
