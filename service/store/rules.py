"""Rules, as they stand in the table; what they mean is in `domain/rules.py`."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from service.domain.events import Trigger
from service.domain.keys import Returning
from service.domain.rules import Channel, Rule
from service.domain.standing import Form, Standing
from service.domain.windows import Margin, margin_of
from service.store import tables
from service.store.record import record
from service.store.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Collection

    from service.store.tx import Tx


@record
class StoredRule:
    """A rule of one connection, in the columns of its table."""

    id: str
    connection_id: str
    resource: str
    locks: list[str]
    trigger: str
    channel: str
    send_hours_before: int | None
    margin_before_hours: int
    margin_after_hours: int
    copy_to_owner: bool
    margin_before_minutes: int = 0
    margin_after_minutes: int = 0
    standing: str | None = None
    grace_minutes: int = 0
    return_grace_minutes: int = 0
    overdue_after_minutes: int = 0
    tell_returns: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def margin(self) -> Margin:
        """Return the margin that its hours and minutes add up to."""
        return margin_of(
            self.margin_before_hours,
            self.margin_before_minutes,
            self.margin_after_hours,
            self.margin_after_minutes,
        )

    @property
    def rule(self) -> Rule:
        """Return the rule as the domain knows it."""
        return Rule(
            id=self.id,
            resource=self.resource,
            locks=tuple(self.locks),
            trigger=Trigger(self.trigger),
            channel=Channel(self.channel),
            send_hours_before=self.send_hours_before,
            margin=self.margin,
            copy_to_owner=self.copy_to_owner,
            standing=standing_of(self.standing, self.grace_minutes),
            options=tuple(self.options),
            returning=Returning(
                self.return_grace_minutes, self.overdue_after_minutes, self.tell_returns
            ),
        )


def standing_of(form: str | None, grace_minutes: int) -> Standing | None:
    """Return the wish for standing keys that two columns keep."""
    return None if form is None else Standing(Form(form), grace_minutes)


@record
class _Waits:
    """As much of a rule as tells what its resource waits for."""

    connection_id: str
    resource: str
    trigger: str


SHELF: Final = Shelf(tables.rules, StoredRule)
_WAITS: Final = Shelf(tables.rules, _Waits)


def by_id(tx: Tx, rule_id: str) -> StoredRule | None:
    """Return the rule, or None."""
    return SHELF.find(tx, id=rule_id)


def of_connection(tx: Tx, connection_id: str) -> list[StoredRule]:
    """Return the connection's rules."""
    return SHELF.all(tx, connection_id=connection_id)


def for_resources(tx: Tx, connection_id: str, resources: Collection[str]) -> list[Rule]:
    """Return the connection's rules about any of the resources."""
    return [
        stored.rule
        for resource in sorted(resources)
        for stored in SHELF.all(tx, connection_id=connection_id, resource=resource)
    ]


def triggers(
    tx: Tx, resources: Collection[tuple[str, str]]
) -> dict[tuple[str, str], set[Trigger]]:
    """Return what rules wait for, by connection and the resource they are about."""
    waits: dict[tuple[str, str], set[Trigger]] = {each: set() for each in resources}
    for each in _WAITS.among(tx, ("connection_id", "resource"), resources):
        waits[each.connection_id, each.resource].add(Trigger(each.trigger))
    return waits


def locks_in_use(tx: Tx, connection_id: str) -> frozenset[str]:
    """Return the ids of the locks that are coupled to a resource (IGL-09)."""
    found = of_connection(tx, connection_id)
    return frozenset(lock for stored in found for lock in stored.locks)
