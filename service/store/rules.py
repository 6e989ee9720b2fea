"""Rules as rows of their table; `domain/rules.py` says what they mean."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from typing import Final

import sqlalchemy as sa

from service.domain.booking import Trigger
from service.domain.rules import Channel, Returning, Rule
from service.domain.schedule import Margin, margin_of, recurring_of
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import MARGIN, stored_in


@stored_in("rules", sa.Index(None, "connection_id", "resource"))
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
    recurring: str | None = None
    grace_minutes: int = 0
    return_grace_minutes: int = 0
    overdue_after_minutes: int = 0
    report_returns: bool = False
    remake_codes: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def margin(self) -> Margin:
        """Return the margin, the sum of its hours and minutes."""
        return margin_of(*(getattr(self, name) for name in MARGIN))

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
            recurring=recurring_of(self.recurring, self.grace_minutes),
            remake_codes=self.remake_codes,
            options=tuple(self.options),
            returning=Returning(
                self.return_grace_minutes,
                self.overdue_after_minutes,
                self.report_returns,
            ),
        )


GATEWAY: Final = TableGateway(StoredRule, read_once=True)
by_id: Final = GATEWAY.by_id


def of_connection(tx: Tx, connection_id: str) -> list[StoredRule]:
    """Return the connection's rules."""
    return GATEWAY.all(tx, connection_id=connection_id)


def for_resources(tx: Tx, connection_id: str, resources: Collection[str]) -> list[Rule]:
    """Return the connection's rules about any of the resources."""
    return [
        stored.rule
        for resource in sorted(resources)
        for stored in GATEWAY.all(tx, connection_id=connection_id, resource=resource)
    ]


def triggers(
    tx: Tx, resources: Collection[tuple[str, str]]
) -> dict[tuple[str, str], set[Trigger]]:
    """Return the triggers of all rules, by connection and resource."""
    found = {
        each: GATEWAY.all(tx, connection_id=each[0], resource=each[1])
        for each in resources
    }
    return {each: {Trigger(rule.trigger) for rule in found[each]} for each in found}


def locks_in_use(tx: Tx, connection_id: str) -> frozenset[str]:
    """Return the ids of the locks that a rule names (IGL-09)."""
    found = of_connection(tx, connection_id)
    return frozenset(lock for stored in found for lock in stored.locks)
