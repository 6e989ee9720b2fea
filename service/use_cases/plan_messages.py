"""Plan messages: what a booking's customer and owner are to be sent next.

Invariants: a message is planned only once every code it must tell exists, so one
message tells them all; where some could not be made it tells the rest. The same is
never planned twice, and what is no longer true is withheld unless it is already out
(MSG-06).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from service.domain.access import Status
from service.domain.rules import Channel, send_at
from service.ids import new_id
from service.store import connections, messages
from service.store.messages import Message, MessageKind, MessageStatus, Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from service.domain.booking import Booking
    from service.domain.rules import Rule
    from service.store.accesses import Access
    from service.use_cases.context import ReconcileContext


@dataclass(frozen=True, slots=True)
class _MessagePlan:
    """What one reader is to be sent by one rule: these codes, for these times."""

    rule: Rule
    reader: Reader
    channel: Channel
    recipient: str | None
    booking: Booking
    accesses: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Return a fingerprint that is equal for equal plans and reveals nothing."""
        details = self.booking.details
        fields = (
            self.reader,
            self.channel,
            self.recipient,
            ", ".join(details.resources),
            details.start.isoformat(),
            details.end and details.end.isoformat(),
            self.accesses,
        )
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def plan_messages(
    ctx: ReconcileContext,
    fired: Iterable[Rule],
    held: Collection[Access],
    known: Iterable[Message],
) -> None:
    """Plan the messages that are missing and withhold those that are out of date.

    `held` are the accesses that stand for the booking now, `known` all messages that
    were ever planned for it.
    """
    plan = {
        each.fingerprint: each
        for rule in fired
        for each in _message_plans(ctx, rule, held)
    }
    last = {}
    for message in known:
        if message.kind != MessageKind.CODE:
            continue
        if message.status == MessageStatus.WAITING and message.fingerprint not in plan:
            _withhold(ctx, message)
        elif message.status != MessageStatus.WITHHELD:
            last[message.rule_id, message.reader] = message.fingerprint
    for fingerprint, each in plan.items():
        if last.get((each.rule.id, each.reader)) != fingerprint:
            messages.GATEWAY.add(ctx.tx, _message(ctx, each, fingerprint))


def _message_plans(
    ctx: ReconcileContext, rule: Rule, held: Collection[Access]
) -> list[_MessagePlan]:
    concerned = [
        access for access in held if not set(rule.locks).isdisjoint(access.lock_ids)
    ]
    made = [each.id for each in concerned if each.status == Status.CREATED]
    if not made or any(each.status == Status.IN_PROGRESS for each in concerned):
        return []
    booking, customer = ctx.booking, ctx.booking.details.customer
    reached = {Channel.EMAIL: customer.email, Channel.SMS: customer.phone}
    readers = [(Reader.CUSTOMER, rule.channel, reached[rule.channel])]
    if rule.copy_to_owner and (owner := _owner(ctx)):
        readers.append((Reader.OWNER, Channel.EMAIL, owner))
    return [
        _MessagePlan(rule, *reader, booking, tuple(sorted(made))) for reader in readers
    ]


def _owner(ctx: ReconcileContext) -> str | None:
    return connections.get(ctx.tx, ctx.connection_id).owner_email


def _withhold(ctx: ReconcileContext, message: Message) -> None:
    reason = "what it was to tell has changed"
    if ctx.booking.cancelled:
        reason = "the booking was cancelled before the message was sent"
    if message.attempts and message.reason is None:  # an attempt without an outcome
        reason = f"{reason}; it may have gone out when it was last tried"
    messages.change(
        ctx.tx,
        message.id,
        status=MessageStatus.WITHHELD,
        reason=reason,
        due_at=None,
        lease=None,
    )


def _message(ctx: ReconcileContext, plan: _MessagePlan, fingerprint: str) -> Message:
    at = send_at(plan.rule, ctx.booking, ctx.now)
    unknown = None if plan.recipient else f"the customer left no {WORD[plan.channel]}"
    return Message(
        id=new_id("msg", ctx.now),
        connection_id=ctx.connection_id,
        booking_ref=ctx.booking.ref,
        rule_id=plan.rule.id,
        reader=plan.reader,
        channel=plan.channel,
        language=ctx.booking.details.customer.language,
        recipient=plan.recipient,
        access_ids=list(plan.accesses),
        fingerprint=fingerprint,
        status=MessageStatus.FAILED if unknown else MessageStatus.WAITING,
        reason=unknown,
        created_at=ctx.now,
        send_at=at,
        due_at=None if unknown else at,
    )


WORD: Final = {Channel.EMAIL: "mail address", Channel.SMS: "phone number"}
