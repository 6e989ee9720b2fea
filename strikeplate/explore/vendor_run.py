"""A run: what a vendor is asked and its doors are used for, as plain data. Pure.

    {"seed": 7, "vendor": "nuki", "begin": "2026-12-01T08:00:00Z",
     "zone": "Europe/Berlin", "drift": 90,
     "settings": {"return_grace_minutes": 60},
     "steps": [{"do": "make", "at": ..., "code": "c1", "door": 0, "start": ...,
                "end": ..., "week": {"days": 84, "minutes": [480, 1140]}},
               {"do": "change", "at": ..., "code": "c1", "start": ..., "end": ...},
               {"do": "delete", "at": ..., "code": "c1"},
               {"do": "make", "at": ..., "code": "c2", "door": 1, "joins": "c1", ...},
               {"do": "settings", "at": ..., "code": "c1",
                "sets": {"return_grace_minutes": 720}},
               {"do": "use", "at": ..., "code": "c1", "move": "take"},
               {"do": "away", "at": ..., "code": "c1", "until": ...},
               {"do": "wrong codes", "at": ..., "code": "c1"},
               {"do": "wrong call", "at": ..., "code": "c1", "call": "mask 4096"}]}

`settings` are those of a LivionKey account, `drift` the seconds by which the clocks of
the doors are ahead. A step about a code that was not made is left out.

Invariants: steps are in order of time. What is no run is refused with the place.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, Field

from strikeplate.explore.history import Playable, Shape
from strikeplate.explore.shrink import (
    PLAIN_ZONE,
    WINTER,
    shifted,
    without_step,
)
from strikeplate.fakes_client import instant
from strikeplate.oracle.codes import Asked
from strikeplate.oracle.schedules import Week  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOUR = timedelta(hours=1)


class CodeStep(Shape):
    """A code is made, changed or deleted; `terse`: its dates have no seconds.

    One that `joins` another is of the same contract, for the key of another door; of
    the other door the same call may name an `also`, with the same digits. A change may
    switch the code `off`, give it other digits (`renews`), or be silent about its
    end, which is the same (`keeps_end`).
    """

    do: Literal["make", "change", "delete"]
    at: AwareDatetime
    code: str
    door: int = 0
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    kind: str = ""
    week: Week | None = None
    terse: bool = False
    joins: str = ""
    also: str = ""
    off: bool = False
    renews: bool = False
    keeps_end: bool = False

    def asked(self) -> Iterator[Asked]:
        """Yield what the vendor is asked, as the oracle knows it."""
        times = None if self.do == "delete" else (self.start, self.end)
        which, how = (self.kind, self.week), (self.off, self.renews)
        yield Asked(self.code, self.at, self.door, times, *which, self.joins, *how)
        if self.also:
            yield Asked(
                self.also, self.at, 1 - self.door, times, *which, self.code, *how
            )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it is about."""
        return (self.code, self.also) if self.also else (self.code,)


class UseStep(Shape):
    """A code is typed at its door; in a cabinet to take a key or to give it back.

    `static`: the static code of the slot is typed instead.
    """

    do: Literal["use"] = "use"
    at: AwareDatetime
    code: str
    move: Literal["", "take", "return"] = ""
    static: bool = False


class SettingsStep(Shape):
    """A LivionKey account's settings are changed under the contract of a code."""

    do: Literal["settings"] = "settings"
    at: AwareDatetime
    code: str
    sets: Mapping[str, int]


class AwayStep(Shape):
    """The door of a code is offline until an instant."""

    do: Literal["away"] = "away"
    at: AwareDatetime
    code: str
    until: AwareDatetime


class WrongCodesStep(Shape):
    """Five wrong codes are typed at the door of a code."""

    do: Literal["wrong codes"] = "wrong codes"
    at: AwareDatetime
    code: str


class WrongCallStep(Shape):
    """The vendor is asked what it must refuse, by its name in `wrong_calls`."""

    do: Literal["wrong call"] = "wrong call"
    at: AwareDatetime
    code: str
    call: str


Step = Annotated[
    CodeStep | UseStep | SettingsStep | AwayStep | WrongCodesStep | WrongCallStep,
    Field(discriminator="do"),
]


class Run(Playable):
    """A whole run."""

    zone: str
    drift: int = 0
    settings: Mapping[str, int | str] = {}
    steps: tuple[Step, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are made, in order."""
        return tuple(dict.fromkeys(step.code for step in self.steps))

    @property
    def asked(self) -> list[CodeStep]:
        """What the vendor is asked for."""
        return [step for step in self.steps if isinstance(step, CodeStep)]

    def lines(self) -> Iterator[str]:
        """Yield what is asked and typed, in order."""
        ahead = f", their clocks {self.drift} s ahead" if self.drift else ""
        yield f"{self.vendor} {self.seed}: locks in {self.zone}{ahead}"
        for name, value in self.settings.items():
            yield f"  the account has set {name} {value}"
        for step in self.steps:
            yield f"  {instant(step.at)}: {step.code} {_words(step)}"


def _words(step: Step) -> str:
    return _order(step) if isinstance(step, CodeStep) else _happening(step)


def _happening(step: Step) -> str:
    if isinstance(step, WrongCallStep):
        return f"and a call that must be refused: {step.call}"
    if isinstance(step, WrongCodesStep):
        return "has five wrong codes typed at its door"
    if isinstance(step, AwayStep):
        return f"has its door offline until {instant(step.until)}"
    if isinstance(step, SettingsStep):
        sets = ", ".join(f"{name} {value}" for name, value in step.sets.items())
        return f"is under contract when the account sets {sets}"
    assert isinstance(step, UseStep)
    moves = {"take": "takes its key", "return": "gives its key back"}
    used = moves.get(step.move, "is used")
    return f"{used}, by the static code" if step.static else used


def _order(step: CodeStep) -> str:
    beside = f", as is {step.also} by the same call" if step.also else ""
    if step.do == "delete":
        return f"is deleted{beside}"
    what = "is changed" if step.do == "change" else f"is made ({step.door})"
    what += f", with the contract of {step.joins}," if step.joins else ""
    times = [at for at in (step.start, step.end) if at]
    kind = f"{step.kind} " if step.kind else ""
    text = f"{what} for {kind}{' until '.join(map(instant, times))}{beside}"
    for how in ("off", "renews", "keeps_end"):
        text += f", {how.replace('_', ' ')}" if getattr(step, how) else ""
    if step.week:
        text += f", weekdays {step.week.days}, minutes {step.week.minutes}"
    return text


def without_code(run: Run) -> Iterator[Run]:
    """Yield the run without each of its codes."""
    for code in run.codes:
        rest = tuple(step for step in run.steps if step.code != code)
        yield run.model_copy(update={"steps": rest})


def without_trait(run: Run) -> Iterator[Run]:
    """Yield the run without each setting, schedule and drift."""
    if run.drift:
        yield run.model_copy(update={"drift": 0})
    for name in run.settings:
        rest = {k: v for k, v in run.settings.items() if k != name}
        yield run.model_copy(update={"settings": rest})
    for index, step in enumerate(run.steps):
        if isinstance(step, CodeStep) and (step.week or step.terse):
            plain = step.model_copy(update={"week": None, "terse": False})
            steps = (*run.steps[:index], plain, *run.steps[index + 1 :])
            yield run.model_copy(update={"steps": steps})


def plainer(run: Run) -> Iterator[Run]:
    """Yield the run in a plain zone, and in winter."""
    if run.zone != PLAIN_ZONE:
        yield run.model_copy(update={"zone": PLAIN_ZONE})
    if run.begin != WINTER:
        yield shifted(run, (WINTER - run.begin) // HOUR * HOUR)


WAYS: tuple[Callable[[Run], Iterator[Run]], ...] = (
    without_code,
    without_step,
    without_trait,
    plainer,
    without_step,
)
"""How a run is made shorter, in this order."""
