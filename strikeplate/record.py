"""Records: what is kept of one scenario run, and of one rule after all its runs.

    Run                 one scenario, with one row of examples, against one target
    RequirementResult   one rule: the worst of its runs, or why none of them judged it
    RunDetail           for the report only: the full message and the transcript

Runs and requirement results go into `results.ndjson`: they are equal for equal seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from strikeplate.transcript import TranscriptEntry

PASSED, FAILED, NOT_REACHED = "passed", "failed", "not reached"

Key = tuple[str, str, str, str]
"""What identifies a run in every result: rule, scenario, example, target."""


@dataclass(frozen=True)
class Step:
    """One step as it was run: its keyword, its rendered text, what became of it."""

    keyword: str
    text: str
    status: str = NOT_REACHED


@dataclass(frozen=True)
class Run:
    """One scenario, with one row of examples, against one target."""

    rule: str
    area: str
    scenario: str
    example: dict[str, str]
    target: str
    verdict: Verdict
    reason: str | None = None
    known: str | None = None
    virtual_seconds: float = 0.0
    steps: tuple[Step, ...] = ()

    @property
    def row(self) -> str:
        """The whole row of examples as one line; empty for a plain scenario."""
        return ", ".join(f"{name} {value}" for name, value in self.example.items())

    @property
    def key(self) -> Key:
        """What identifies the run in every result."""
        return self.rule, self.scenario, self.row, self.target

    @property
    def name(self) -> str:
        """The scenario's name, with the examples that it speaks of put in."""
        name = self.scenario
        for column, value in self.example.items():
            name = name.replace(f"<{column}>", value)
        return name

    @property
    def rest(self) -> str:
        """The examples that the name does not speak of, as one line."""
        columns = (c for c in self.example if f"<{c}>" not in self.scenario)
        return ", ".join(f"{column} {self.example[column]}" for column in columns)

    @property
    def title(self) -> str:
        """The run as one line for people."""
        return f"{self.name} [{', '.join(filter(None, (self.target, self.rest)))}]"


@dataclass(frozen=True)
class RequirementResult:
    """One rule and what was found of it."""

    rule: str
    area: str
    level: str
    text: str
    source: str
    on: tuple[str, ...]
    needs: tuple[str, ...]
    provisional: bool
    verdict: Verdict
    reason: str | None = None
    known: bool = False

    @property
    def judged(self) -> bool:
        """True when at least one run looked at the rule."""
        return self.verdict.judged

    @property
    def holds(self) -> bool:
        """True when every run that looked at the rule found it kept."""
        return self.verdict is Verdict.PASS

    @property
    def binding(self) -> bool:
        """True when the rule counts for the headline's MUST."""
        return self.level == "MUST" and not self.provisional


@dataclass(frozen=True)
class RunDetail:
    """What only the report tells of a run; secrets are blanked already."""

    message: str = ""
    entries: tuple[TranscriptEntry, ...] = field(default=())
