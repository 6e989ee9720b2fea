"""What has to happen to a booking's accesses, from what is wanted and what is there.

Invariants: after these decisions are carried out, each wanted lock has exactly one
current access (CON-11), and deciding again decides to keep everything. A code whose
window the vendor would cut the same for the new times is kept; one that can be changed
in place is moved, so there never are two, nor none. Where it can only be replaced, the
old one gives way: it is taken back once the new one works and its customer knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.accesses import Status
from service.domain.errors import NoWindow
from service.domain.rules import Wanted
from service.domain.windows import Window


@dataclass(frozen=True, slots=True)
class Held:
    """A current access of the booking: not removed, and not marked as cancelled.

    `wanted` is what it was last kept or ordered for; `window` was planned at
    `planned_at`, None where none was found.
    """

    id: str
    wanted: Wanted
    status: Status
    window: Window | None
    planned_at: datetime


class ChangePolicy(StrEnum):
    """How a vendor gives a code that is made already another window."""

    NEVER = "never"  # it cannot: the code ends, and another is ordered
    IN_PLACE = "in place"  # the same code gets the new window
    REPLACE = "replace"  # another code is made, and the old one taken back after it


class Verb(StrEnum):
    """What to do about one access."""

    KEEP = "keep"  # its code stays; from now on it stands for `wanted`
    RETRY = "retry"  # it has no code yet; order one for `wanted`
    MOVE = "move"  # its code gets the window of `wanted`, in place
    ORDER = "order"  # a new access for `wanted`
    SUPERSEDE = "give way"  # it is taken back once what is wanted instead is there
    END = "end"  # no longer wanted: see `service.domain.endings`


@dataclass(frozen=True, slots=True)
class Decision:
    """One verb; `access` is None for ORDER, `wanted` for END and GIVE_WAY."""

    verb: Verb
    access: str | None = None
    wanted: Wanted | None = None


Planner = Callable[[Wanted, datetime], Window]
LEAVING = (Verb.END, Verb.SUPERSEDE)


def decide(
    wanted: Iterable[Wanted],
    held: Iterable[Held],
    plan: Planner,
    policy: ChangePolicy = ChangePolicy.NEVER,
) -> list[Decision]:
    """Return one decision an access, endings first.

    `plan(wanted, now)` is the vendor's own window for what is wanted, as of `now`;
    it may raise `NoWindow`. `policy` is the vendor's.
    """
    missing = {want.lock: want for want in wanted}
    replaces = policy is ChangePolicy.REPLACE and missing
    leave = Verb.SUPERSEDE if replaces else Verb.END
    other = Verb.MOVE if policy is ChangePolicy.IN_PLACE else leave
    endings, others = [], []
    for access in held:
        want = missing.get(access.wanted.lock)
        verb = (
            _leave(access, leave) if want is None else _verb(access, want, plan, other)
        )
        if verb in LEAVING:
            endings.append(Decision(verb, access.id))
            continue
        others.append(Decision(verb, access.id, want))
        del missing[access.wanted.lock]
    orders = [Decision(Verb.ORDER, wanted=want) for want in missing.values()]
    return endings + others + orders


def _leave(access: Held, leave: Verb) -> Verb:
    """Return what to do where the lock is no longer wanted; no code gives no way."""
    return leave if access.status is Status.CREATED else Verb.END


def _verb(access: Held, want: Wanted, plan: Planner, other: Verb) -> Verb:
    """Return what to do; `other` is the verb for a code of another window."""
    if access.wanted == want:
        return Verb.KEEP
    if access.status is not Status.CREATED:
        return Verb.RETRY
    try:
        window = plan(want, access.planned_at)
    except NoWindow:
        return Verb.END
    same = window == access.window and access.wanted.like(want)
    return Verb.KEEP if same else other
