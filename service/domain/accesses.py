"""The life of an access: one customer's right to one lock for one window.

Rules of this file: everything that changes an access's status is in `TABLE`, and
nothing else changes it. The table knows neither vendors nor time.

Theory: an access is *in progress* from the order until the vendor's answer. It is
*created* when a code exists that works at the time shown, *failed* when none could
be made, *removed* when the customer has no access any more (CON-09). A code that
cannot be revoked outlives its booking: the access stays created, is marked as
cancelled, and says until when the code works (IGL-08). `KEPT` is that step.

Exception to the table: an order whose answer was lost may have made a code that
nobody knows. It is never called removed; `ABANDONED` makes it failed, and the
notice says what may exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import tzinfo
from enum import StrEnum
from typing import Final

from service.domain.errors import NotPossible


class Status(StrEnum):
    """Where an access stands, in the words the API shows."""

    IN_PROGRESS = "in progress"
    CREATED = "created"
    FAILED = "failed"
    REMOVED = "removed"


class Step(StrEnum):
    """What can happen to an access."""

    ISSUED = "issued"  # the vendor made the code
    DELAYED = "delayed"  # it did not, or its answer was lost; we ask again
    REFUSED = "refused"  # it said no, or the window was over
    RETRIED = "retried"  # the booking changed, or an admin asked again
    WITHDRAWN = "withdrawn"  # cancelled before there was a code
    ABANDONED = "abandoned"  # cancelled while an order's answer was lost
    KEPT = "kept"  # cancelled, and the code cannot be revoked
    REVOKED = "revoked"  # the vendor took the code away


TABLE: Final[dict[Status, dict[Step, Status]]] = {
    Status.IN_PROGRESS: {
        Step.ISSUED:    Status.CREATED,
        Step.DELAYED:   Status.IN_PROGRESS,
        Step.REFUSED:   Status.FAILED,
        Step.WITHDRAWN: Status.REMOVED,
        Step.ABANDONED: Status.FAILED,
    },
    Status.CREATED: {
        Step.KEPT:      Status.CREATED,
        Step.REVOKED:   Status.REMOVED,
    },
    Status.FAILED: {
        Step.RETRIED:   Status.IN_PROGRESS,
        Step.WITHDRAWN: Status.REMOVED,
        Step.ABANDONED: Status.FAILED,
    },
    Status.REMOVED: {},
}  # fmt: skip


def after(status: Status, step: Step) -> Status:
    """Return the status after the step, or raise `NotPossible`."""
    try:
        return TABLE[status][step]
    except KeyError:
        known = ", ".join(TABLE[status]) or "nothing"
        raise NotPossible(
            f"an access that is {status} cannot be {step}; it can be: {known}"
        ) from None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an access ends that is not wanted any more.

    `step` is what to do to it now, None where the vendor has to be asked first:
    then `revoke` is true, and `Step.REVOKED` follows once it has answered.
    `works_until` and `notice` are set where a code opens the door all the same.
    """

    step: Step | None
    revoke: bool = False
    works_until: datetime | None = None
    notice: str | None = None


def ending(
    status: Status,
    *,
    revocable: bool,
    answer_lost: bool,
    valid_until: datetime | None,
    now: datetime,
    zone: tzinfo,
) -> Ending:
    """Return how an unwanted access ends (CON-10, IGL-08).

    `answer_lost` tells that an order went out whose answer never came.
    """
    if status is Status.REMOVED:
        return Ending(step=None)
    over = valid_until is not None and now >= valid_until
    if status is Status.CREATED:
        if revocable and not over:
            return Ending(step=None, revoke=True)
        notice = _over(valid_until, zone) if over else _works_on(valid_until, zone)
        return Ending(Step.KEPT, works_until=valid_until, notice=notice)
    if answer_lost and not over:
        notice = _may_exist(valid_until, zone)
        return Ending(Step.ABANDONED, works_until=valid_until, notice=notice)
    return Ending(Step.WITHDRAWN)


def _works_on(until: datetime | None, zone: tzinfo) -> str:
    return (
        "This code cannot be revoked. It opens the door "
        f"{_until(until, zone)}, although the booking no longer holds."
    )


def _over(until: datetime | None, zone: tzinfo) -> str:
    return f"This code was never revoked; it opened the door {_until(until, zone)}."


def _may_exist(until: datetime | None, zone: tzinfo) -> str:
    return (
        "The vendor's answer was lost: a code may exist that opens the door "
        f"{_until(until, zone)}. Nobody was told it."
    )


def _until(until: datetime | None, zone: tzinfo) -> str:
    if until is None:
        return "without an end, until the lock itself is reset"
    return f"until {until.astimezone(zone).isoformat(sep=' ', timespec='minutes')}"
