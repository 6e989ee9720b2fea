"""An access, one customer's right to one lock for one window: its life, step by step.

`TABLE` says how its status changes, `free_pin` and `free_variant` which code it may
have, `decide` what is to happen to it when its booking changes, `ending` how it ends.

Status: an access is *in progress* from the order until the vendor's answer. It is
*created* when a code exists that works at the time shown, *failed* when none could be
made, *removed* when the customer has no access any more (CON-09). Where a lock has to
confirm, the access stays in progress until it did, also when its code gets another
window. A code that cannot be revoked outlives its booking: the access stays created, is
marked as cancelled, and says until when the code works (IGL-08); `KEPT` is that step.
An access whose time is over keeps its status, also once its code is `CLEANED_UP`.
Nothing is final while it can matter: a failed access is ordered again, a created one
looked at again, in which its order is repeated. One whose new window is refused stays
created as it was, and its reason says what it lacks.
An order whose answer was lost may have made a code that nobody knows: such an access is
never called removed. `ABANDONED` makes it failed, and the notice says what may exist.

Invariants:

- A status changes by `TABLE` and by nothing else, and `TABLE` knows no vendor and no
  time.
- Two accesses of one lock never have one code while either can open the door: no PIN of
  ours twice, no variant of one window twice (IGL-12). A cancelled code that cannot be
  revoked counts until its end.
- Once the decisions are carried out, each wanted lock has exactly one current access
  (CON-11), and deciding again decides to keep everything.
- The service never says that a code is gone which still opens the door (IGL-08), and
  takes back at once what can be taken back (CON-10).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from service.domain.errors import NoPin, NotPossible, NoVariant, NoWindow
from service.domain.rules import Wanted
from service.domain.schedule import Window, shown


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
    HELD = "held"  # it refused another window; the code stays as it was
    TAKEN = "taken"  # somebody took the code away at the vendor
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
        Step.HELD:      Status.CREATED,
        Step.WITHDRAWN: Status.REMOVED,
        Step.ABANDONED: Status.FAILED,
        Step.REVOKED:   Status.REMOVED,
    },
    Status.CREATED: {
        Step.ISSUED:    Status.CREATED,
        Step.DELAYED:   Status.CREATED,
        Step.HELD:      Status.CREATED,
        Step.REFUSED:   Status.FAILED,
        Step.TAKEN:     Status.REMOVED,
        Step.MOVED:     Status.IN_PROGRESS,
        Step.KEPT:      Status.CREATED,
        Step.REVOKED:   Status.REMOVED,
        Step.CLEANED_UP:    Status.CREATED,
    },
    Status.FAILED: {
        Step.ISSUED:    Status.CREATED,
        Step.DELAYED:   Status.IN_PROGRESS,
        Step.REFUSED:   Status.FAILED,
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


TRIES: Final = 200


@dataclass(frozen=True, slots=True)
class PinForm:
    """`length` of these `digits`; none begins as those in `not_starting` do."""

    length: int
    digits: str
    not_starting: tuple[str, ...] = ()

    def fits(self, pin: str) -> bool:
        """Return whether the keypad takes this PIN."""
        plain = len(pin) == self.length and set(pin) <= set(self.digits)
        return plain and not pin.startswith(self.not_starting)


def free_pin(
    form: PinForm, draw: Callable[[int], int], taken: Callable[[str], bool]
) -> str:
    """Return a PIN of the form that is not taken; `draw(n)` is a number under n.

    Raise `NoPin` where chance finds none, which means that most are given away.
    """
    for _ in range(TRIES):
        pin = "".join(form.digits[draw(len(form.digits))] for _ in range(form.length))
        if form.fits(pin) and not taken(pin):
            return pin
    raise NoPin(
        f"{TRIES} PINs were drawn and the lock has them all; delete codes that are no "
        "longer needed"
    )


def free_variant(
    window: Window, taken: Collection[int], *, count: int, zone: tzinfo
) -> int:
    """Return the lowest variant, from 1 to `count`, that is not taken.

    `taken` holds the variants of every other access of this lock and window that
    may have a code. Raise `NoVariant` where none is left.
    """
    for variant in range(1, count + 1):
        if variant not in taken:
            return variant
    start = shown(window.start, zone)
    until = f"until {shown(window.end, zone)}" if window.end else "without an end"
    raise NoVariant(
        f"all {count} {window.kind} codes that the lock has from {start} {until} are "
        "given away; cancelled ones count, since they still open the door"
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A current access of the booking: not removed, and not marked as cancelled.

    `wanted` is what it was last kept or ordered for; `window` was planned at
    `planned_at`, None where none was found. `behind` tells that the vendor refused the
    window that is wanted, and the code has an earlier one. `widened` counts how much
    wider the window is, since all codes of its own hours were given away.
    """

    id: str
    wanted: Wanted
    status: Status
    window: Window | None
    planned_at: datetime
    behind: bool = False
    widened: int = 0


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
    END = "end"  # no longer wanted: see `service.domain.access`


@dataclass(frozen=True, slots=True)
class Decision:
    """One verb; `access` is None for ORDER, `wanted` for END and SUPERSEDE."""

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
        if want is not None:
            verb = _verb(access, want, plan, other)
        else:  # what has no code gives no way
            verb = leave if access.status is Status.CREATED else Verb.END
        if verb in LEAVING:
            endings.append(Decision(verb, access.id))
            continue
        others.append(Decision(verb, access.id, want))
        del missing[access.wanted.lock]
    orders = [Decision(Verb.ORDER, wanted=want) for want in missing.values()]
    return endings + others + orders


def _verb(access: Held, want: Wanted, plan: Planner, other: Verb) -> Verb:
    """Return what to do; `other` is the verb for a code of another window."""
    if access.status is not Status.CREATED:
        return Verb.KEEP if access.wanted == want else Verb.RETRY
    if access.behind and access.wanted == want:
        return Verb.KEEP
    try:
        window = plan(want.wider(access.widened), access.planned_at)
    except NoWindow:
        return Verb.END
    same = window == access.window and access.wanted.like(want)
    return Verb.KEEP if same else other


UNSAID: Final = timedelta(hours=1)
IN_TIME: Final = timedelta(hours=2)


def notice_due_at(asked_at: datetime, start: datetime) -> datetime:
    """Return from when on it is told that there is no code yet.

    That is an hour after it was asked for, and two hours before the start at the
    latest. Most of what stands in the way has gone by then.
    """
    return min(asked_at + UNSAID, max(asked_at, start - IN_TIME))


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What is known of an access at the moment it is no longer wanted.

    `revocable` and `keeps_expired_codes` say what the vendor does. `answer_lost` tells
    that an order went out whose answer never came, so that a code may exist.
    `deleted_where` says where a person deletes a code that the vendor keeps.
    `valid_until` is the end of its window, None without one.
    """

    status: Status
    revocable: bool
    answer_lost: bool
    valid_until: datetime | None
    zone: tzinfo
    keeps_expired_codes: bool = False
    deleted_where: str = ""


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
        works_on = TO_DELETE if facts.deleted_where else WORKS_ON
        return _kept(facts, OVER if over else works_on, Step.KEPT)
    if facts.answer_lost and takes_back:
        return Ending(step=None, revoke=True)
    if facts.answer_lost and not over:
        return _kept(facts, MAY_EXIST, Step.ABANDONED)
    return Ending(Step.WITHDRAWN)


WORKS_ON = "This code cannot be revoked: it opens the door {until}."
TO_DELETE = (
    "This code cannot be revoked: it opens the door {until}. To end it sooner, "
    "delete it {where}."
)
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
    return STILL.format(until=_until(until, zone))


def _kept(facts: AccessFacts, notice: str, step: Step) -> Ending:
    until = facts.valid_until
    text = notice.format(until=_until(until, facts.zone), where=facts.deleted_where)
    return Ending(step, works_until=until, notice=text)


def _until(until: datetime | None, zone: tzinfo) -> str:
    if until is None:
        return "without an end, until the lock itself is reset"
    return f"until {shown(until, zone)}"
