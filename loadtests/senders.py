"""What one sending process does: keeps to the play, and writes down what it saw. Pure.

Law: a telling is due at its moment, whoever is busy; it goes out as soon as anybody can
send it, and what it took is counted from when it was due. What was not taken is told
again, as platforms do, after waits that double.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadtests import bookings
from loadtests import plan as plans

if TYPE_CHECKING:
    from datetime import datetime

    from loadtests.bookings import Delivery

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds until something is told once more
NO_ANSWER = 0


@dataclass(frozen=True, order=True)
class Attempt:
    """One attempt at a telling, and when it is due, in seconds from the start."""

    due: float
    script: int
    nth: int
    number: int = 1

    @property
    def next(self) -> Attempt | None:
        """The attempt after this one, counted from its own due time; None: give up."""
        if self.number > len(WAITS):
            return None
        due = self.due + WAITS[self.number - 1]
        return Attempt(due, self.script, self.nth, self.number + 1)


@dataclass(frozen=True)
class DeliveryResult:
    """What became of an attempt: when it went out and was answered, and how.

    `wanted` is when the telling was meant to go out at first; a `status` of 0 is no
    answer.
    """

    script: int
    nth: int
    attempt: int
    wanted: float
    sent: float
    answered: float
    status: int

    @property
    def accepted(self) -> bool:
        """Whether the subject took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def seconds(self) -> float:
        """What it took, counted from when it was meant to go out."""
        return self.answered - self.wanted


class Partition:
    """One sender's share of a play: every so-many-th intent, by turns."""

    def __init__(
        self, text: str, started_at: datetime, index: int, senders: int
    ) -> None:
        self.plan = plans.read(text)
        self.started_at = started_at
        scripts = bookings.generate_workload(self.plan, started_at)[index::senders]
        self._scripts = {script.number: script for script in scripts}
        self._attempts = [
            Attempt(delivery.at, script.number, nth)
            for script in scripts
            for nth, delivery in enumerate(script.deliveries)
        ]
        heapq.heapify(self._attempts)
        self.pending = len(self._attempts)
        self._results: list[DeliveryResult] = []

    def take(self) -> Attempt | None:
        """Return the turn that is due next, for the caller alone; None: none waits."""
        return heapq.heappop(self._attempts) if self._attempts else None

    def delivery(self, attempt: Attempt) -> Delivery:
        """Return what is told in a turn."""
        return self._scripts[attempt.script].deliveries[attempt.nth]

    def record(
        self, attempt: Attempt, sent: float, answered: float, status: int
    ) -> None:
        """Write down what became of a turn; what was not taken gets another one."""
        wanted = self.delivery(attempt).at
        result = DeliveryResult(
            attempt.script, attempt.nth, attempt.number, wanted, sent, answered, status
        )
        self._results.append(result)
        again = None if result.accepted else attempt.next
        if again:
            heapq.heappush(self._attempts, again)
        else:
            self.pending -= 1

    def take_results(self) -> list[DeliveryResult]:
        """Return what was seen since this was last asked."""
        delivery_results, self._results = self._results, []
        return delivery_results
