"""The artefacts of a judgement: one folder that holds all that can be read of it.

results.ndjson   the record: same inputs, same bytes
summary.json     headline, level by verdict, area by verdict
report.html      one page for people, with transcripts of what did not hold
junit.xml        for CI systems
badge.json       for a README
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from strikeplate import results
from strikeplate.badge import badge
from strikeplate.junit import junit
from strikeplate.report import report

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.recorder import RunRecorder
    from strikeplate.summary import Summary

REPORT = "report.html"


def folder(recorder: RunRecorder, root: Path) -> Path:
    """Return where the artefacts go: as asked, else results/PROFILE."""
    options = recorder.run_config.options
    if options.results:
        return root / options.results
    return root / "results" / recorder.run_config.profile.profile


def write(recorder: RunRecorder, root: Path) -> int:
    """Write all artefacts, and return the exit code of the judgement."""
    place = folder(recorder, root)
    found, summary = recorder.results(), recorder.summary()
    results.write(found, place / "results.ndjson")
    _json(place / "summary.json", _summary(summary))
    _json(place / "badge.json", badge(summary))
    (place / "junit.xml").write_text(junit(summary), encoding="utf-8")
    (place / REPORT).write_text(report(recorder, summary), encoding="utf-8")
    return found.exit_code


def _summary(summary: Summary) -> dict[str, object]:
    """Return what a program asks first: how it went, and in which figures."""
    return {
        "headline": summary.headline,
        "exit_code": summary.exit_code,
        "counts": summary.counts(),
        "levels": summary.table(),
        "areas": summary.areas(),
        "broken": [requirement.rule for requirement in summary.broken],
        "known": [requirement.rule for requirement in summary.expected],
        "stale": list(summary.stale),
    }


def _json(path: Path, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
