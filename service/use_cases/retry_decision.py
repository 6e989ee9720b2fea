"""Setbacks: what a call that did not end in a result means for the work behind it.

Invariants: pure but for the ports' errors. A refusal is final; everything else is tried
again while it can still matter. An answer that is lost stays lost until one comes.
What is on its way is not a setback at all, but it is looked at again like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.polls import next_poll_at
from service.domain.retries import next_try
from service.ports import (
    MailRefused,
    VendorError,
    VendorPending,
    VendorRefused,
    VendorUnknown,
)

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Why it did not work, and when it is tried again; None is never.

    `polls` is how many attempts so far found the work on its way.
    """

    reason: str
    due_at: datetime | None
    answer_lost: bool
    polls: int = 0


def decide_retry(  # noqa: PLR0913 (what was and what is, all by name)
    error: Exception,
    *,
    job_id: str,
    attempts: int,
    polls: int = 0,
    now: datetime,
    until: datetime | None,
) -> RetryDecision:
    """Return what follows from the error after so many attempts at the work `job_id`.

    `polls` of those before found it on its way: they are no failures, and failures
    make no look later. `until` is when the work can no longer matter. An error that
    is none of the ports' is a fault of ours: the call may have been carried out all
    the same, and its text is not shown, since nobody knows what it holds.
    """
    reason = getattr(error, "reason", f"an unexpected {type(error).__name__}")
    may_exist = isinstance(error, VendorUnknown | VendorPending)
    answer_lost = may_exist or not hasattr(error, "reason")
    if isinstance(error, VendorRefused | MailRefused):
        return RetryDecision(reason, None, answer_lost=False, polls=polls)
    pending = isinstance(error, VendorPending)
    polls += pending
    next_at = next_poll_at if pending else next_try
    due_at = next_at(
        polls if pending else attempts - polls,
        now=now,
        until=until,
        retry_after=error.retry_after if isinstance(error, VendorError) else None,
        spread=_spread(job_id),
    )
    if due_at is None:
        reason = f"{reason}; no time is left to try again"
    return RetryDecision(reason, due_at, answer_lost, polls)


def fault_of(fault: BaseException) -> str:
    """Return where in our code it went wrong, and nothing of what it was about."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(fault).__name__
    if trace is None:
        return kind
    return f"{kind} in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}"


def _spread(job_id: str) -> float:
    """Return a number from 0 to 1, always the same for the same key."""
    return (sum(job_id.encode()) % 100) / 100
