"""A process that shares the time of a world: an integration whose clock can be set.

Invariants: it is at a stop before the world goes on from there, so that both do what is
due in one order. `POST {"now": INSTANT}` has it go to an instant and do what is due
there; it answers `{"next_at": INSTANT or null}`, when it has work next.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from fakes.kit.json_api import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.kit.clock import Clock

PATIENCE_SECONDS = 60.0
MOST_STOPS = 500
"""Of one move, or a few more; a long way is gone in longer steps."""


class Companion:
    """Somebody at a URL who goes along with a world's clock."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def home(self) -> str:
        """Where its pages begin."""
        return urljoin(self._url, "/")

    def follow(self, now: datetime) -> datetime | None:
        """Have it go to an instant, and return when it has work next, if ever."""
        from urllib3 import PoolManager  # noqa: PLC0415 - start fast
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - loaded when needed

        body = json.dumps({"now": now.isoformat()}).encode()
        sender = PoolManager(timeout=PATIENCE_SECONDS, retries=False)
        try:
            answer = sender.request("POST", self._url, body=body)
            upcoming = json.loads(answer.data)["next_at"]
        except (HTTPError, ValueError, KeyError, TypeError) as error:
            text = f"the companion does not follow the clock ({type(error).__name__})"
            raise Problem(502, f"{text}; see that it runs, then turn again") from None
        return datetime.fromisoformat(upcoming) if upcoming else None

    def go_along(
        self,
        clock: Clock,
        target: datetime,
        move_to: Callable[[datetime], list[dict[str, Any]]],
    ) -> list[dict[str, Any]]:
        """Move a clock to a target by stops at which either has work; what ran."""
        ran: list[dict[str, Any]] = []
        shortest = (target - clock.now) / MOST_STOPS
        upcoming = self.follow(clock.now)
        while clock.now < target:
            due = [at for at in (clock.next_at, upcoming) if at]
            stop = max(min([target, *due]), clock.now + shortest)
            ran += move_to(min(stop, target))
            upcoming = self.follow(clock.now)
        return ran
