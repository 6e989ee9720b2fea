"""The life of an access: one customer's right to one lock for one window.

Rules of this file: everything that changes an access's status is in `TABLE`, and
nothing else changes it. The table knows neither vendors nor time.

Theory: an access is *in progress* from the order until the vendor's answer. It is
*created* when a code exists that works at the time shown, *failed* when none could
be made, *removed* when the customer has no access any more (CON-09). A code that
cannot be revoked outlives its booking: the access stays created, is marked as
cancelled, and says until when the code works (IGL-08). `KEPT` is that step. A code
whose time is over is history, also once it is `CLEANED_UP` away.

A vendor whose lock has to confirm leaves the access in progress until it did, also
when a code that works is given another window.

Exception to the table: an order whose answer was lost may have made a code that
nobody knows. It is never called removed; `ABANDONED` makes it failed, and the
notice says what may exist.
"""

from __future__ import annotations

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
    DELAYED = "delayed"  # it did not, or not yet, or its answer was lost; we ask again
    REFUSED = "refused"  # it said no, or the window was over
    RETRIED = "retried"  # the booking changed, or an admin asked again
    WITHDRAWN = "withdrawn"  # cancelled before there was a code
    ABANDONED = "abandoned"  # cancelled while an order's answer was lost
    MOVED = "moved"  # its code is to get another window, in place
    KEPT = "kept"  # cancelled, and the code cannot be revoked
    REVOKED = "revoked"  # the vendor took the code away
    CLEANED_UP = "cleaned up"  # its time was over, and it was taken off the lock


TABLE: Final[dict[Status, dict[Step, Status]]] = {
    Status.IN_PROGRESS: {
        Step.ISSUED:    Status.CREATED,
        Step.DELAYED:   Status.IN_PROGRESS,
        Step.REFUSED:   Status.FAILED,
        Step.WITHDRAWN: Status.REMOVED,
        Step.ABANDONED: Status.FAILED,
        Step.REVOKED:   Status.REMOVED,
    },
    Status.CREATED: {
        Step.MOVED:     Status.IN_PROGRESS,
        Step.KEPT:      Status.CREATED,
        Step.REVOKED:   Status.REMOVED,
        Step.CLEANED_UP:    Status.CREATED,
    },
    Status.FAILED: {
        Step.RETRIED:   Status.IN_PROGRESS,
        Step.WITHDRAWN: Status.REMOVED,
        Step.ABANDONED: Status.FAILED,
        Step.REVOKED:   Status.REMOVED,
        Step.CLEANED_UP:    Status.FAILED,
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
