"""What follows from a call that did not end in a result, and when to call again.

Retries: waits double from 5 seconds to a quarter of an hour. A vendor's own
`Retry-After` is honoured up to an hour, and while time is left for it. Towards the end
of a window tries come closer together; after it there is none.

Refusals: the vendor said no, for a reason that may pass (a neighbour's booking, a
keypad unpaired, clocks apart). So it is asked again at growing waits, and in good time
before the start, at the start, and hourly from then on; whatever may have changed the
answer makes that due at once.

Polls: a lock that is online confirms within seconds, so the first polls are close
together; one that is offline may take a day, so the waits grow to a quarter of an hour.
A message of the lock system makes the next poll due at once, and the steps short again.

Invariants: pure. Everything is tried again while it can still matter, but for mails
that are refused. An answer that is lost stays lost until one arrives. What is on its
way to a lock has not failed, and is polled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.ports import (
    MailRefused,
    VendorError,
    VendorPending,
    VendorRefused,
    VendorUnknown,
)

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=15)
LONGEST_ASKED_FOR: Final = timedelta(hours=1)
SPREAD: Final = 0.25


def wait_to_retry(attempts: int, *, spread: float = 0.0) -> timedelta:
    """Return the wait after so many failed attempts, one or more.

    `spread` from 0 to 1 lengthens it by up to a quarter, so that what failed
    together does not come back together; take it from the access's id.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    plain = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return plain * (1 + SPREAD * spread)


def next_try(
    attempts: int,
    *,
    now: datetime,
    until: datetime | None,
    retry_after: timedelta | None = None,
    spread: float = 0.0,
) -> datetime | None:
    """Return when to try again, None when nothing is left to try for.

    `until` is the end of the window, None without one. `retry_after` is what the
    vendor asked for; a wait for which no time is left is overruled.
    """
    pause = wait_to_retry(attempts, spread=spread)
    if until is not None:
        pause = min(pause, max((until - now) / 2, FIRST_WAIT))
    due = now + pause
    if retry_after is not None:
        asked_for = now + max(pause, min(retry_after, LONGEST_ASKED_FOR))
        halfway = until and now + max(pause, (until - now) / 2)
        due = halfway if until and halfway and asked_for >= until else asked_for
    return None if until is not None and due >= until else due


REFUSAL_STEPS: Final = tuple(
    timedelta(minutes=each) for each in (1, 5, 15, 60, 240, 720)
)
IN_GOOD_TIME: Final = (timedelta(hours=24), timedelta(hours=2), timedelta())
"""How long before the start a refused order is tried again in any case."""
WHILE_IT_RUNS: Final = timedelta(hours=1)
"""How long one waits at most whose customer may stand at the door."""


def ask_again_at(
    refusals: int, *, now: datetime, start: datetime, until: datetime | None
) -> datetime | None:
    """Return when to ask again after so many refusals, one or more."""
    wait = REFUSAL_STEPS[min(max(refusals, 1), len(REFUSAL_STEPS)) - 1]
    if now >= start:
        wait = min(wait, WHILE_IT_RUNS)
    in_good_time = (start - lead for lead in IN_GOOD_TIME)
    due = min([now + wait, *(at for at in in_good_time if at > now)])
    return due if until is None or due < until else None


POLL_STEPS: Final = tuple(
    timedelta(seconds=each) for each in (2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
)


def wait_to_poll(polls: int) -> timedelta:
    """Return the wait after so many polls, one or more."""
    return POLL_STEPS[polls - 1] if 1 <= polls <= len(POLL_STEPS) else LONGEST_WAIT


def next_poll_at(
    polls: int,
    *,
    now: datetime,
    until: datetime | None,
    retry_after: timedelta | None = None,
    spread: float = 0.0,
) -> datetime | None:
    """Return when to poll next, None from `until` on, the end of the window.

    By `retry_after` it is known what became of an order that has just gone out.
    `spread` from 0 to 1 keeps the polls of many apart once they are minutes apart.
    """
    pause = wait_to_poll(polls)
    if polls > len(POLL_STEPS):
        pause *= 1 + spread / 4
    due = now + min(pause, retry_after or pause)
    return due if until is None or due < until else None


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Why a call failed, and when it is made again; None is never.

    `polls` is how many attempts so far found the work on its way.
    """

    reason: str
    due_at: datetime | None
    answer_lost: bool
    polls: int = 0
    refused: bool = False


def decide_retry(  # noqa: PLR0913 (what was and what is, all by name)
    error: Exception,
    *,
    job_id: str,
    attempts: int,
    polls: int = 0,
    now: datetime,
    until: datetime | None,
    start: datetime | None = None,
) -> RetryDecision:
    """Return what follows from the error after so many attempts at the work `job_id`.

    `polls` of those before found it on its way: no failures, and no reason to look
    later. The work matters from `start` `until` its end; without a start a refusal is
    final. An error that is none of the ports' is a fault of ours, and its text is not
    shown, since nobody knows what it holds.
    """
    reason = getattr(error, "reason", f"an unexpected {type(error).__name__}")
    may_exist = isinstance(error, VendorUnknown | VendorPending)
    answer_lost = may_exist or not hasattr(error, "reason")
    if isinstance(error, VendorRefused | MailRefused):
        due_at = start and ask_again_at(
            attempts - polls, now=now, start=start, until=until
        )
        return RetryDecision(
            reason, due_at, answer_lost=False, polls=polls, refused=True
        )
    pending = isinstance(error, VendorPending)
    polls += pending
    next_at = next_poll_at if pending else next_try
    due_at = next_at(
        polls if pending else attempts - polls,
        now=now,
        until=until,
        retry_after=error.retry_after if isinstance(error, VendorError) else None,
        spread=(sum(job_id.encode()) % 100) / 100,  # always the same for the same job
    )
    if due_at is None:
        reason = f"{reason}; no time is left to try again"
    return RetryDecision(reason, due_at, answer_lost, polls)
