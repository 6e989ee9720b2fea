"""The artefacts of a judgement: one folder that holds all that can be read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.harness import results

if TYPE_CHECKING:
    from pathlib import Path

    from features.harness.docket import Docket


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
    found = docket.results()
    results.write(found, place / "results.ndjson")
    return found.exit_code
