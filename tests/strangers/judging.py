"""Judges an integration by its profile, as its maker would: by the command."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.forks import strikeplate

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = Path(__file__).resolve().parents[2]
EXAMPLES = HOME / "examples"
PROFILES = {
    "igloohome": EXAMPLES / "igloohome.toml",
    "nuki": EXAMPLES / "nuki.toml",
    "exivo": EXAMPLES / "exivo.toml",
    "livionkey": EXAMPLES / "livionkey.toml",
    "node-nuki": EXAMPLES / "node-nuki" / "profile.toml",
    "rest_livionkey": EXAMPLES / "rest_livionkey" / "profile.toml",
}
WORKERS = 2
"""Each process that judges has fakes of its own, whose start costs a second."""


RULES = {"CON-03", "IGL-02", "MSG-04"}
DOOR = (
    "CON-03: The code opens the lock of the booked court and of no other",
    "CON-03: A code for the second court opens that court and not the first",
)
HOURS = (
    "IGL-02: A booking of whole hours gets not a minute more",
    "IGL-02: A booking that has begun gets a code from the current hour",
)
MESSAGE = (
    "MSG-04: The message names the booking's own start and end",
    "MSG-04: The message names 15:20 and 17:20 though the code opens from 15:00",
)
DOOR_HOURS_MESSAGE = (*DOOR, *HOURS, *MESSAGE)
"""What shows of these rules that a stranger is started, told, turned and read right."""


@dataclass(frozen=True)
class Outcome:
    """What a run said: its exit code, its output, a verdict for each rule and run."""

    code: int
    printed: str
    rules: dict[str, str]
    runs: list[dict[str, Any]]

    def of(self, verdict: str) -> set[str]:
        """Return the rules with a verdict."""
        return {rule for rule, found in self.rules.items() if found == verdict}

    @property
    def reasons(self) -> set[str]:
        """The reasons of all runs that did not pass."""
        return {run["reason"] for run in self.runs if run["reason"]}


def judge(
    profile: Path, only: Iterable[str], folder: Path, *more: str, **variables: str
) -> Outcome:
    """Run the chosen rules against the subject of a profile."""
    results = folder / "results"
    done = strikeplate(
        *("run", "--profile", str(profile)),
        *(f"--only={prefix}" for prefix in only),
        *("--results", str(results), "--workers", str(WORKERS), *more),
        env={**os.environ, **variables},
    )
    written = results / "results.ndjson"
    text = written.read_text(encoding="utf-8") if written.exists() else ""
    rows = [json.loads(line) for line in text.splitlines()]
    return Outcome(
        done.returncode,
        done.stdout + done.stderr,
        {row["rule"]: row["verdict"] for row in rows if row["kind"] == "rule"},
        [row for row in rows if row["kind"] == "run"],
    )
