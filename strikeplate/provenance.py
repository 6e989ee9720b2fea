"""When, on what and how surely a run judged: for people, never for results.ndjson.

Invariants: nothing of it decides a verdict, and nothing of it is in the record whose
bytes are equal for one seed.
"""

from __future__ import annotations

import importlib
import platform
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

from freezegun import api  # the subject's clock may be ours, frozen

from strikeplate import HOME, version

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Provenance:
    """The circumstances of one run.

    `at` is when it began (UTC), `seconds` how long it took, `commit` that of this
    suite's checkout, if it is one; `facts` counts what the fakes take for true of the
    vendors judged, by confidence.
    """

    at: str
    seconds: float
    suite: str
    commit: str | None
    python: str
    facts: dict[str, int]

    @property
    def duration(self) -> str:
        """How long it took, in minutes and seconds."""
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{self.seconds:.1f} s"


@dataclass(frozen=True)
class Stopwatch:
    """The real beginning of a run, whatever clock is frozen meanwhile."""

    at: str
    began: float

    def provenance(self, vendors: Collection[str]) -> Provenance:
        """Return the circumstances of the run that ends now."""
        found = Counter(
            confidence for vendor, confidence in facts() if vendor in vendors
        )
        return Provenance(
            at=self.at,
            seconds=round(api.real_perf_counter() - self.began, 1),
            suite=version(),
            commit=commit(),
            python=platform.python_version(),
            facts=dict(found.most_common()),
        )


def start() -> Stopwatch:
    """Return a stopwatch that runs from now on."""
    now = api.real_datetime.now(UTC)
    return Stopwatch(now.isoformat(timespec="seconds"), api.real_perf_counter())


@cache
def commit() -> str | None:
    """Return the commit of this checkout, `-dirty` if changed; None without one."""
    git = shutil.which("git")
    if git is None or not (HOME / ".git").exists():
        return None
    found = subprocess.run(  # noqa: S603 - a fixed command
        [git, "-C", str(HOME), "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None


@cache
def facts() -> tuple[tuple[str, str], ...]:
    """Return the vendor and the confidence of each fact in the fakes' ledger."""
    vendor = importlib.import_module("strikeplate.subjects.vendor")
    found: tuple[tuple[str, str], ...] = vendor.ledger()
    return found
