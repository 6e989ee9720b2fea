"""The docket: what one session has found so far, and in the end its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate import known
from strikeplate.results import Results
from strikeplate.ruling import rulings
from strikeplate.summary import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.record import Key, Run, Story
    from strikeplate.setting import Setting
    from strikeplate.trial import Trial


@dataclass
class Docket:
    """All runs of a session, their stories, and what kept it from judging."""

    setting: Setting
    runs: list[Run] = field(default_factory=list)
    stories: dict[Key, Story] = field(default_factory=dict)
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

    def expected(self, trial: Trial) -> str | None:
        """Return why the profile expects the trial to end as it did, if it does."""
        entries = self.setting.profile.known
        return known.reason(entries, trial.run(None)) if entries else None

    def close(self, trial: Trial) -> Run:
        """Keep a finished trial, and return its run."""
        return self.keep(trial.run(self.expected(trial)), trial.story())

    def keep(self, run: Run, story: Story) -> Run:
        """Keep a run and its story, and tell those who watch."""
        self.runs.append(run)
        self.stories[run.key] = story
        for watcher in self.watchers:
            watcher(run)
        return run

    def outcome(self) -> Outcome:
        """Return what all runs come to."""
        profile = self.setting.profile
        ordered = sorted(self.runs, key=lambda run: run.key)
        return Outcome(
            subject=self.setting.subject,
            setting=self.setting.phrase,
            rulings=rulings(self.setting.rules, ordered, profile),
            runs=tuple(self.runs),
            stale=tuple(known.stale(profile.known, self.runs)),
        )

    def results(self) -> Results:
        """Return what is written down."""
        outcome = self.outcome()
        return Results(
            header=self.setting.header(),
            runs=tuple(outcome.runs),
            rulings=tuple(outcome.rulings),
            headline=outcome.headline,
            exit_code=outcome.exit_code,
        )
