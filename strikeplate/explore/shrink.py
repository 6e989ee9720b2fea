"""The shortest history that still shows a difference: delta debugging. Pure.

A history of bookings, or a run of calls to a vendor (`vendor_run`): both have steps.
Tried in this order, each until it no longer helps: leave out a booking, a step,
an arrival, a resource, a trait; then make plain what is left: one zone, a winter's day,
whole hours, plain names. People read the last one.

Invariants: what is returned shows the difference, by the caller's own word.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from strikeplate.explore.history import Customer, EventStep, FaultStep, PlatformStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from strikeplate.explore.compare import Difference
    from strikeplate.explore.history import History, Step

TRIES = 150
"""So many histories are played at most to shrink one."""

WINTER = datetime(2026, 12, 1, 8, tzinfo=UTC)
PLAIN_ZONE = "Europe/Berlin"
NAMES = ("Ada", "Bo", "Cy", "Di", "Eli", "Fay")
HOUR = timedelta(hours=1)


class Stepwise(Protocol):
    """What can be made shorter: it begins at an instant and has steps."""

    @property
    def begin(self) -> datetime:
        """When it begins."""

    @property
    def steps(self) -> Sequence[Any]:
        """What happens, in order."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Self:
        """Return a copy with some fields replaced."""


S = TypeVar("S", bound=Stepwise)


def shrink(
    history: S,
    shows: Callable[[S], bool],
    ways: Sequence[Callable[[S], Iterator[S]]],
    tries: int = TRIES,
) -> S:
    """Return the shortest history found that `shows` the difference."""
    left = tries
    for way in ways:
        progress = True
        while progress and left > 0:
            progress = False
            for smaller in way(history):
                if left <= 0:
                    break
                left -= 1
                if shows(smaller):
                    history, progress = smaller, True
                    break
    return history


def shortest(
    history: S,
    difference: Difference,
    seen: Callable[[S], Iterable[Difference]],
    ways: Sequence[Callable[[S], Iterator[S]]],
    tries: int = TRIES,
) -> tuple[Difference, S]:
    """Return the shortest history that shows a difference, and how it shows it.

    `seen` plays a history, and yields what it shows.
    """
    latest = [difference]

    def shows(shorter: S) -> bool:
        for each in seen(shorter):
            if each.kind == difference.kind:
                latest.append(each)
                return True
        return False

    shorter = shrink(history, shows, ways, tries)
    return latest[-1], shorter


def without_booking(history: History) -> Iterator[History]:
    """Yield the history without each of its bookings."""
    for booking in history.bookings:
        rest = [s for s in history.steps if getattr(s, "booking", "") != booking]
        yield _with(history, rest)


def without_step(history: S) -> Iterator[S]:
    """Yield the history without each of its steps, the last first."""
    for index in reversed(range(len(history.steps))):
        yield _with(history, [*history.steps[:index], *history.steps[index + 1 :]])


def without_arrival(history: History) -> Iterator[History]:
    """Yield the history with each event arriving once, in time, and saying it all."""
    for index, step in enumerate(history.steps):
        if isinstance(step, EventStep) and step.id_alone:
            yield _replaced(history, index, step, id_alone=False)
        if not isinstance(step, PlatformStep) or not step.arrives:
            continue
        fewer = [(), *((at,) for at in step.arrives[:-1])]
        if len(step.arrives) > 1:
            fewer.append(step.arrives[1:])
        for arrives in fewer:
            if arrives != step.arrives:
                yield _replaced(history, index, step, arrives=arrives)


def without_resource(history: History) -> Iterator[History]:
    """Yield the history without each resource that nothing names."""
    named = {getattr(step, "resource", "") for step in history.steps}
    for name in history.resources:
        if name not in named:
            rest = {k: v for k, v in history.resources.items() if k != name}
            yield history.model_copy(update={"resources": rest})


def without_trait(history: History) -> Iterator[History]:
    """Yield the history without each trait of each resource."""
    for name, traits in history.resources.items():
        for trait in traits:
            if trait in {"vendor", "zone"}:
                continue
            rest = {k: v for k, v in traits.items() if k != trait}
            yield history.model_copy(
                update={"resources": {**history.resources, name: rest}}
            )


def plainer(history: History) -> Iterator[History]:
    """Yield the history in a plain zone, in winter, with plain names and faults."""
    zones = {
        name: {**traits, "zone": PLAIN_ZONE}
        for name, traits in history.resources.items()
    }
    if zones != history.resources:
        yield history.model_copy(update={"resources": zones})
    if history.begin != WINTER:
        yield shifted(history, (WINTER - history.begin) // HOUR * HOUR)
    people = {
        booking: Customer(name=name)
        for booking, name in zip(history.people, NAMES, strict=False)
    }
    if people != history.people:
        yield history.model_copy(update={"people": people})
    for index, step in enumerate(history.steps):
        if isinstance(step, FaultStep) and step.effect != "503":
            times = step.times if step.strikes else None  # no call before it is met
            yield _replaced(history, index, step, effect="503", times=times)


def whole_hours(history: History) -> Iterator[History]:
    """Yield the history with the times of each booking made whole hours."""
    for booking in history.bookings:
        steps = [
            step.model_copy(update=_whole_times(step))
            if isinstance(step, EventStep) and step.booking == booking
            else step
            for step in history.steps
        ]
        if steps != [*history.steps]:
            yield _with(history, steps)


def _whole_times(step: EventStep) -> dict[str, datetime]:
    """Return start and end in whole hours; a shorter booking takes one."""
    start = step.start.replace(minute=0, second=0)
    end = step.end.replace(minute=0, second=0)
    return {"start": start, "end": max(end, start + HOUR)}


WAYS: tuple[Callable[[History], Iterator[History]], ...] = (
    without_booking,
    without_step,
    without_arrival,
    without_booking,
    without_resource,
    without_trait,
    plainer,
    whole_hours,
    without_step,
)


def _with(history: S, steps: list[Any]) -> S:
    ordered = tuple(sorted(steps, key=lambda step: step.at))
    return history.model_copy(update={"steps": ordered})


def _replaced(history: History, index: int, step: Step, **what: object) -> History:
    steps = [*history.steps]
    steps[index] = step.model_copy(update=what)
    return _with(history, steps)


def shifted(history: S, by: timedelta) -> S:
    """Return a history at another time; its order and distances stay."""
    steps = []
    for step in history.steps:
        times = {
            name: at + by
            for name in ("at", "until", "strikes", "start", "end")
            if (at := getattr(step, name, None)) is not None
        }
        if isinstance(step, PlatformStep):
            times["arrives"] = tuple(at + by for at in step.arrives)
        steps.append(step.model_copy(update=times))
    moved = history.model_copy(update={"begin": history.begin + by})
    return _with(moved, steps)
