"""A vendor's own events on their way to the integration, with a fault.

The vendor sends them to an address where nobody answers; here they are taken from its
list of deliveries, signed as the vendor signs, and brought to the integration.

Invariants: each event is brought after the instant at which the vendor sent it first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.http import JSON
from strikeplate.platforms.standard import Delivery
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from strikeplate.context import ScenarioContext

NOWHERE = "http://127.0.0.1:9/"
REPORTED = ("livionkey", "nuki")
"""The vendors whose events an integration of ours takes."""

LATE = timedelta(hours=3)


@dataclass
class Relay:
    """The events of one history."""

    ctx: ScenarioContext
    fault: str
    _read: int = 0
    _waiting: list[tuple[datetime, bytes]] = field(default_factory=list)
    _brought: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.ctx.prepared or self.ctx.environment.vendor not in REPORTED:
            raise NotApplicable("it takes no events of the vendor's own")
        self.calls = CLIENTS[self.ctx.environment.vendor](self.ctx)
        self.calls.subscribe(NOWHERE)
        changed = self.ctx.admin.switch(
            self.ctx.link(), credentials=self.calls.agreed()
        )
        if not changed.ok:
            raise HarnessFault(f"no secret was agreed: {changed.status}")

    def carry(self) -> None:
        """Bring what is due now."""
        for body in self._due(self.ctx.environment.now):
            self._brought.append(body)
            self._bring(body)
        self.ctx.run_until_idle()

    def _due(self, now: datetime) -> Iterator[bytes]:
        """Yield the events to be brought now, in order."""
        new = [*self._new()]
        if self.fault == "late":
            self._waiting += [(now + LATE, body) for body in new]
            yield from (body for at, body in self._waiting if at <= now)
            self._waiting = [each for each in self._waiting if each[0] > now]
        elif self.fault == "doubled":
            yield from (body for body in new for _ in range(2))
        elif self.fault == "out of order" and new:
            before = dict.fromkeys(self._brought)
            yield from (*reversed(new), *reversed([*before]))

    def _new(self) -> Iterable[bytes]:
        rows = self.ctx.environment.world().deliveries()
        new, self._read = rows[self._read :], len(rows)
        return [json.dumps(row["body"]).encode() for row in new]

    def _bring(self, body: bytes) -> None:
        path = self.ctx.link().path.replace("/webhooks/", "/vendor-events/")
        headers = {**self.calls.signed(body), **JSON}
        answer = self.ctx.subject.deliver(Delivery(path, body, headers))
        if not answer.ok:
            raise HarnessFault(f"an event was not taken: {answer.status}")
