"""A history as a Gherkin scenario, for people to read and to make one of their own.

Times are written as local times of the history's zone, as in our scenarios. What our
steps cannot say stands as a comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.explore.history import (
    HOUR,
    CredentialsStep,
    EventStep,
    FaultStep,
    MailStep,
    MarginsStep,
    MemberStep,
    OffStep,
    OwnerStep,
    PlatformStep,
    ReportsStep,
    RestartStep,
    TakenStep,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.explore.compare import Difference
    from strikeplate.explore.history import History, Step

DOORS = {
    "igloohome": "an igloohome lock",
    "nuki": "a Nuki lock",
    "exivo": "an Exivo door",
    "livionkey": "a LivionKey lock",
}
SETTINGS = {
    "recurring": "recurring key",
    "grace": "grace",
    "resource": "resource",
    "community": "community",
    "trigger": "trigger",
    "channel": "channel",
    "send_before": "send before",
    "margin_before": "margin before",
    "margin_after": "margin after",
    "doors": "doors",
}


def scenario(history: History, difference: Difference) -> str:
    """Return the text of a history, and of what it shows."""
    words = _Words(history)
    lines = [
        f"  @{difference.rule}",
        f"  Scenario: {difference.sentence}",
        *(f"    {line}" for line in words.lines()),
        f"    # At {words.time(difference.at)}: {difference.sentence}.",
        f"    # {difference.harm}.",
    ]
    return "\n".join(lines) + "\n"


class _Words:
    """One history in the words of our steps."""

    def __init__(self, history: History) -> None:
        self._history = history
        first = next(iter(history.set_up.values()))
        self._zone = ZoneInfo(first.zone)
        self._confirmed: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Yield the steps."""
        yield f"Given the time is {self.time(self._history.begin)}"
        for name, resource in self._history.set_up.items():
            door = DOORS.get(resource.vendor, "a lock")
            yield f"And {name} has {door} in {resource.zone}"
            yield from self._settings(name)
        for step in self._history.steps:
            yield f"When the time is {self.time(step.at)}"
            yield from self._step(step)

    def time(self, at: datetime) -> str:
        """Return an instant as local time, without seconds that are none."""
        local = at.astimezone(self._zone)
        return local.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")

    def _settings(self, name: str) -> Iterator[str]:
        traits = self._history.resources[name]
        rows = [(SETTINGS[key], traits[key]) for key in SETTINGS if key in traits]
        if rows:
            yield f"And the owner sets the rule of {name} to"
            yield from (f"  | {key} | {value} |" for key, value in rows)

    def _step(self, step: Step) -> Iterator[str]:
        if isinstance(step, PlatformStep):
            yield f"And {self._event(step)}"
            if isinstance(step, EventStep) and step.id_alone:
                yield "# its event says no more than its id"
            if step.arrives:
                at = ", ".join(self.time(each) for each in step.arrives)
                yield f"# its event arrives at {at}"
        elif isinstance(step, FaultStep | MailStep | OffStep | CredentialsStep):
            yield from self._for_a_while(step)
        elif isinstance(step, RestartStep):
            yield "And the service is stopped and started"
        elif isinstance(step, OwnerStep | TakenStep):
            yield from self._taken_or_set(step)
        elif isinstance(step, MarginsStep):
            hours = f"{step.before // HOUR} and {step.after // HOUR} hours"
            yield f"# the connection has margins of {hours}, before and after"
        elif isinstance(step, ReportsStep):
            yield f"# the vendor's own events reach the service {step.fault}"
        else:
            moves = f", {step.move}s the key" if step.move else ""
            yield f"# {self._name(step.booking)} types the code at the door{moves}"

    def _for_a_while(
        self, step: FaultStep | MailStep | OffStep | CredentialsStep
    ) -> Iterator[str]:
        often = ""
        if isinstance(step, FaultStep):
            often = f", after {step.skip} others" if step.skip else ""
            often += "" if step.times is None else f", {step.times} time"
            yield f'And the answer to "{step.call}" is {step.effect}'
        elif isinstance(step, MailStep):
            yield "And the mail server refuses messages"
        elif isinstance(step, OffStep):
            yield "And the connection is switched off"
        else:
            yield "# the connection has the vendor's credentials of before"
        yield f"# until {self.time(step.until)}{often}"

    def _taken_or_set(self, step: OwnerStep | TakenStep) -> Iterator[str]:
        if isinstance(step, TakenStep):
            yield f"# {self._name(step.booking)}'s code is deleted in the vendor's app"
        elif step.sets:
            yield f"And the owner sets the rule of {step.resource} to"
            for key, value in step.sets.items():
                yield f"  | {SETTINGS.get(key, key)} | {value} |"
        else:
            yield f"And the owner deletes the rule of {step.resource}"

    def _event(self, step: PlatformStep) -> str:
        if isinstance(step, MemberStep):
            verb = "joins" if step.kind == "started" else "leaves"
            return f'{self._name(step.booking)} {verb} "{step.community}"'
        assert isinstance(step, EventStep)
        name, first = self._name(step.booking), step.booking not in self._confirmed
        self._confirmed.add(step.booking)
        times = f"{self.time(step.start)} to {self.time(step.end)}"
        if first:
            where = f"{step.resource} from {times}"
            return f"{name}'s booking of {where} is {step.kind}"
        if step.kind == "changed":
            to = times.replace(" to ", " until ")
            return f"{name}'s booking is moved to {step.resource}, {to}"
        return f"{name}'s booking is {step.kind.replace('_', ' ')}"

    def _name(self, booking: str) -> str:
        return self._history.people[booking].name.split(maxsplit=1)[0]
