"""Who calls, what they may do, and the trail of the codes that they see.

Invariants: a code leaves the service by an answer only where `may_see` said yes, and
then after its entry in the trail is durable. The same caller who looks at the same code
again within the same hour adds no entry. A sign-in of any kind sets `g.caller`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from typing import Final

from flask import current_app, g

from service.app import Service
from service.clock import now
from service.store import audit
from service.store.audit import Action
from service.store.tokens import EVERYTHING, Scope

TRAIL: Final = "strikeplate trail"
REMEMBERED: Final = 50_000
"""How many entries of this hour are remembered, so that none is added again."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may call: their name in the trail, and their scopes."""

    name: str
    scopes: frozenset[Scope] = EVERYTHING


def caller() -> Caller:
    """Return who makes the present call; they have been let in before."""
    found: Caller = g.caller
    return found


class Trail:
    """Adds to the audit trail of one service; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._added: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def seen(
        self, service: Service, name: str, action: Action, subjects: Collection[str]
    ) -> None:
        """Add what was not added in this hour; return once it is durable."""
        at = now()
        hour = f"{at:%Y-%m-%dT%H}"
        new = [
            each for each in subjects if (hour, name, action, each) not in self._added
        ]
        if not new:
            return
        service.deps.store.write(lambda tx: audit.add(tx, at, name, action, new))
        with self._lock:
            self._added.update(
                dict.fromkeys((hour, name, action, each) for each in new)
            )
            while len(self._added) > REMEMBERED:
                self._added.popitem(last=False)


def may_see(service: Service, action: Action, subjects: Collection[str]) -> bool:
    """Return whether the caller may see these codes; the trail then says so."""
    who = caller()
    if Scope.CODES not in who.scopes:
        return False
    trail: Trail = current_app.extensions[TRAIL]
    trail.seen(service, who.name, action, subjects)
    return True


def note(service: Service, action: Action, subject: str) -> None:
    """Add what the caller did to the trail."""
    at, name = now(), caller().name
    service.deps.store.write(lambda tx: audit.add(tx, at, name, action, [subject]))
