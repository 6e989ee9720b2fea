"""How an access ends that is no longer wanted: taken back, kept, or never made.

Invariants: the service never says that a code is gone which still opens the door
(IGL-08), and takes back at once what can be taken back (CON-10).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.accesses import Status, Step

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What is known of an access at the moment it is no longer wanted.

    `revocable` and `keeps_expired_codes` say what the vendor does. `answer_lost` tells
    that an order went out whose answer never came, so that a code may exist.
    `valid_until` is the end of its window, None without one.
    """

    status: Status
    revocable: bool
    answer_lost: bool
    valid_until: datetime | None
    zone: tzinfo
    keeps_expired_codes: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What to do to an access that is no longer wanted.

    `step` is what happens to it now, None where nothing does. With `revoke` the
    vendor has to be asked first, and `Step.REVOKED` follows its answer.
    `works_until` and `notice` are set where a code opens the door all the same;
    then `works_until` is None only for a code without an end.
    """

    step: Step | None
    revoke: bool = False
    works_until: datetime | None = None
    notice: str | None = None


def ending(facts: AccessFacts, now: datetime) -> Ending:
    """Return how this access ends (CON-10, IGL-08)."""
    over = facts.valid_until is not None and now >= facts.valid_until
    takes_back = facts.revocable and (facts.keeps_expired_codes or not over)
    if facts.status is Status.REMOVED:
        return Ending(step=None)
    if facts.status is Status.CREATED:
        if takes_back:
            return Ending(step=None, revoke=True)
        return _kept(facts, OVER if over else WORKS_ON, Step.KEPT)
    if facts.answer_lost and takes_back:
        return Ending(step=None, revoke=True)
    if facts.answer_lost and not over:
        return _kept(facts, MAY_EXIST, Step.ABANDONED)
    return Ending(Step.WITHDRAWN)


WORKS_ON = "This code cannot be revoked: it opens the door {until}."
OVER = "This code was never revoked: it opened the door {until}."
MAY_EXIST = (
    "The vendor's answer was lost: a code may exist that opens the door {until}. "
    "Nobody was told it."
)


STILL = (
    "Access has ended, but the vendor has not taken this code back yet: it opens the "
    "door {until}, unless that is done first."
)


def still_opens(until: datetime | None, zone: tzinfo) -> str:
    """Return what is said of a code while it is being taken back."""
    return STILL.format(until=_shown(until, zone))


def _kept(facts: AccessFacts, notice: str, step: Step) -> Ending:
    until = facts.valid_until
    shown = _shown(until, facts.zone)
    return Ending(step, works_until=until, notice=notice.format(until=shown))


def _shown(until: datetime | None, zone: tzinfo) -> str:
    if until is None:
        return "without an end, until the lock itself is reset"
    local = until.astimezone(zone)
    return f"until {local.isoformat(sep=' ', timespec='minutes')}"
