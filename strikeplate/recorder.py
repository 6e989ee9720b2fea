"""The recorder: what one session has found so far, and in the end its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate import known
from strikeplate.requirement_results import requirement_results
from strikeplate.results import Results
from strikeplate.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.config import RunConfig
    from strikeplate.record import Key, Run, RunDetail
    from strikeplate.scenario_run import ScenarioRun


@dataclass
class RunRecorder:
    """All runs of a session, their details, and what kept it from judging."""

    run_config: RunConfig
    runs: list[Run] = field(default_factory=list)
    details: dict[Key, RunDetail] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    planned: int = 0
    broken_off: bool = False
    watchers: list[Callable[[Run], object]] = field(default_factory=list)

    @property
    def obstacle(self) -> str | None:
        """Say why nothing is judged; None when the session may be judged."""
        if self.faults:
            count = len(self.faults)
            return f"The rules cannot be judged by: {count} to put right."
        if self.broken_off or len(self.runs) < self.planned:
            done = f"{len(self.runs)} of {self.planned} scenario runs"
            return f"The run was cut short after {done}: nothing was judged."
        return None

    def expected(self, scenario_run: ScenarioRun) -> str | None:
        """Return why the profile expects this outcome of the run; None if not."""
        entries = self.run_config.profile.known
        return known.reason(entries, scenario_run.run(None)) if entries else None

    def close(self, scenario_run: ScenarioRun) -> Run:
        """Keep a finished scenario run, and return its run."""
        return self.keep(
            scenario_run.run(self.expected(scenario_run)), scenario_run.detail()
        )

    def keep(self, run: Run, detail: RunDetail) -> Run:
        """Keep a run and its detail, and tell those who watch."""
        self.runs.append(run)
        self.details[run.key] = detail
        for watcher in self.watchers:
            watcher(run)
        return run

    def summary(self) -> Summary:
        """Return what all runs come to."""
        profile = self.run_config.profile
        ordered = sorted(self.runs, key=lambda run: run.key)
        return Summary(
            subject=self.run_config.subject,
            conditions=self.run_config.description,
            requirements=requirement_results(self.run_config.rules, ordered, profile),
            runs=tuple(self.runs),
            stale=tuple(known.stale(profile.known, self.runs)),
        )

    def results(self) -> Results:
        """Return what is written down."""
        summary = self.summary()
        return Results(
            header=self.run_config.header(),
            runs=tuple(summary.runs),
            requirements=tuple(summary.requirements),
            headline=summary.headline,
            exit_code=summary.exit_code,
        )
