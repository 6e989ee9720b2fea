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

    from strikeplate.docket import Docket
    from strikeplate.summary import Outcome

REPORT = "report.html"


def folder(docket: Docket, root: Path) -> Path:
    """Return where the artefacts go: as asked, else results/PROFILE."""
    options = docket.setting.options
    if options.results:
        return root / options.results
    return root / "results" / docket.setting.profile.profile


def write(docket: Docket, root: Path) -> int:
    """Write all artefacts, and return the exit code of the judgement."""
    place = folder(docket, root)
    found, outcome = docket.results(), docket.outcome()
    results.write(found, place / "results.ndjson")
    _json(place / "summary.json", summary(outcome))
    _json(place / "badge.json", badge(outcome))
    (place / "junit.xml").write_text(junit(outcome), encoding="utf-8")
    (place / REPORT).write_text(report(docket, outcome), encoding="utf-8")
    return found.exit_code


def summary(outcome: Outcome) -> dict[str, object]:
    """Return what a program asks first: how it went, and in which figures."""
    return {
        "headline": outcome.headline,
        "exit_code": outcome.exit_code,
        "counts": outcome.counts(),
        "levels": outcome.table(),
        "areas": outcome.areas(),
        "broken": [ruling.rule for ruling in outcome.broken],
        "known": [ruling.rule for ruling in outcome.expected],
        "stale": list(outcome.stale),
    }


def _json(path: Path, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
