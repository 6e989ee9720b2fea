"""What a platform sends again: an event that was not taken, until it is.

A platform whose profile has `[events] repeats_after` repeats a call that was answered
429 or 5xx: after that time, then after twice as long each, an hour at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from strikeplate.http import NoAnswer
from strikeplate.platforms.flaws import with_headers
from strikeplate.platforms.signatures import sign

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Delivery
    from strikeplate.profiles.shape import Profile

    Caller = Callable[[str, str, bytes, dict[str, str]], Answer]

NOT_NOW = {429, *range(500, 600)}
"""Answers that ask for the call once more."""

LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """One delivery that was not taken: when it is sent again, and the pause before."""

    delivery: Delivery
    at: datetime
    pause: timedelta


@dataclass
class Redelivery:
    """What waits to be sent again to one subject, oldest first."""

    profile: Profile
    secret: str
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def first(self) -> timedelta | None:
        """The first pause; None where the platform repeats nothing."""
        events = self.profile.events
        return events.repeats_after if events else None

    def note(self, sent: Delivery | Waiting, status: int, now: datetime | None) -> None:
        """Take in how a delivery was answered: it waits, or is done with."""
        if self.first is None or now is None or status not in NOT_NOW:
            return
        if isinstance(sent, Waiting):
            pause = min(2 * sent.pause, LONGEST)
            again = replace(sent, at=now + pause, pause=pause)
        else:
            again = Waiting(sent, now + self.first, self.first)
        self.waiting.append(again)

    def next_at(self) -> datetime | None:
        """Return when something is sent again."""
        return min((each.at for each in self.waiting), default=None)

    def send_due(self, call: Caller, now: datetime | None) -> None:
        """Send what is due now, signed anew; it waits again where it is not taken."""
        if now is None:
            return
        due = [each for each in self.waiting if each.at <= now]
        self.waiting = [each for each in self.waiting if each.at > now]
        for each in due:
            self.note(each, self._status(call, each.delivery, now), now)

    def _status(self, call: Caller, delivery: Delivery, now: datetime) -> int:
        made = self._signed(delivery, now)
        try:
            return call(made.method, made.path, made.body, made.headers).status
        except NoAnswer:
            return HTTPStatus.SERVICE_UNAVAILABLE

    def _signed(self, delivery: Delivery, now: datetime) -> Delivery:
        event_id = delivery.headers.get("webhook-id", "")
        signature = self.profile.signature
        proof = sign(signature, self.secret, event_id, delivery.body, now)
        return with_headers(delivery, proof)
