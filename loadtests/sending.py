"""What one sending process does: attempts in due order, and their results.

Invariants: pure. A delivery is due at its time however busy the sender is, and its
duration is counted from then. A delivery that was not accepted is sent again, as
platforms do, after waits that double.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadtests.workload import generate_workload, read_plan

if TYPE_CHECKING:
    from datetime import datetime

    from loadtests.workload import Delivery

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before the next attempt
NO_ANSWER = 0
DELIVERIES = "deliveries.ndjson"
"""The delivery log: a line for each result, and a last one that says it is whole."""


@dataclass(frozen=True, order=True)
class Attempt:
    """One attempt at a delivery; `due` in seconds from the start."""

    due: float
    script: int
    nth: int
    number: int = 1

    @property
    def next(self) -> Attempt | None:
        """The next attempt, counted from this one's due time; None after the last."""
        if self.number > len(WAITS):
            return None
        due = self.due + WAITS[self.number - 1]
        return Attempt(due, self.script, self.nth, self.number + 1)


@dataclass(frozen=True)
class DeliveryResult:
    """The result of an attempt: when it was sent and answered, and the status.

    `wanted` is when the first attempt was due; a `status` of 0 is no answer.
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
        """Whether the subject accepted it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def seconds(self) -> float:
        """The duration, counted from when the first attempt was due."""
        return self.answered - self.wanted


class Partition:
    """One sender's part of the workload: every n-th booking script."""

    def __init__(
        self, text: str, started_at: datetime, index: int, senders: int
    ) -> None:
        self.plan = read_plan(text)
        self.started_at = started_at
        scripts = generate_workload(self.plan, started_at)[index::senders]
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
        """Remove and return the attempt that is due next; None if none waits."""
        return heapq.heappop(self._attempts) if self._attempts else None

    def delivery(self, attempt: Attempt) -> Delivery:
        """Return the delivery of an attempt."""
        return self._scripts[attempt.script].deliveries[attempt.nth]

    def record(
        self, attempt: Attempt, sent: float, answered: float, status: int
    ) -> None:
        """Record the result of an attempt; one not accepted is queued again."""
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
        """Return and forget the results recorded since the last call."""
        delivery_results, self._results = self._results, []
        return delivery_results
