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
from loadtests import stage as staging

if TYPE_CHECKING:
    from datetime import datetime

    from loadtests.bookings import Telling

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds until something is told once more
NO_ANSWER = 0


@dataclass(frozen=True, order=True)
class Turn:
    """One attempt at a telling, and when it is due, in seconds from the start."""

    due: float
    intent: int
    nth: int
    attempt: int = 1

    @property
    def next(self) -> Turn | None:
        """The attempt after this one, counted from its own due time; None: give up."""
        if self.attempt > len(WAITS):
            return None
        due = self.due + WAITS[self.attempt - 1]
        return Turn(due, self.intent, self.nth, self.attempt + 1)


@dataclass(frozen=True)
class Seen:
    """What became of an attempt: when it went out and was answered, and how.

    `wanted` is when the telling was meant to go out at first; a `status` of 0 is no
    answer.
    """

    intent: int
    nth: int
    attempt: int
    wanted: float
    sent: float
    answered: float
    status: int

    @property
    def taken(self) -> bool:
        """Whether the subject took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def seconds(self) -> float:
        """What it took, counted from when it was meant to go out."""
        return self.answered - self.wanted


class Share:
    """One sender's share of a play: every so-many-th intent, by turns."""

    def __init__(self, text: str, begun: datetime, index: int, senders: int) -> None:
        self.stage = staging.read(text)
        self.begun = begun
        intents = bookings.play(self.stage, begun)[index::senders]
        self._intents = {intent.number: intent for intent in intents}
        self._turns = [
            Turn(telling.at, intent.number, nth)
            for intent in intents
            for nth, telling in enumerate(intent.tellings)
        ]
        heapq.heapify(self._turns)
        self.open = len(self._turns)
        self._seen: list[Seen] = []

    def take(self) -> Turn | None:
        """Return the turn that is due next, for the caller alone; None: none waits."""
        return heapq.heappop(self._turns) if self._turns else None

    def telling(self, turn: Turn) -> Telling:
        """Return what is told in a turn."""
        return self._intents[turn.intent].tellings[turn.nth]

    def close(self, turn: Turn, sent: float, answered: float, status: int) -> None:
        """Write down what became of a turn; what was not taken gets another one."""
        wanted = self.telling(turn).at
        seen = Seen(turn.intent, turn.nth, turn.attempt, wanted, sent, answered, status)
        self._seen.append(seen)
        again = None if seen.taken else turn.next
        if again:
            heapq.heappush(self._turns, again)
        else:
            self.open -= 1

    def hand_over(self) -> list[Seen]:
        """Return what was seen since this was last asked."""
        seen, self._seen = self._seen, []
        return seen
