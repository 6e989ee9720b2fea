"""Plan messages: what a booking's customer and owner are to be sent next.

Invariants: a message is planned only once every code it must tell exists, so one
message tells them all; where some could not be made it tells the rest. The same is
never planned twice, and what is no longer true is withheld unless it is already out
(MSG-06).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from service.domain.access import Status, notice_due_at
from service.domain.booking import Booking
from service.domain.rules import Channel, Rule, send_at
from service.ids import new_id
from service.store import connections, messages
from service.store.accesses import Access
from service.store.messages import Message, MessageKind, MessageStatus, Reader
from service.use_cases.context import ReconcileContext


@dataclass(frozen=True, slots=True)
class _MessagePlan:
    """What one reader is to be sent by one rule: these codes, for these times."""

    rule_id: str
    reader: Reader
    channel: Channel
    recipient: str | None
    booking: Booking
    accesses: tuple[str, ...]
    codes: tuple[str | None, ...]
    send_at: datetime
    kind: MessageKind = MessageKind.CODE

    @property
    def fingerprint(self) -> str:
        """Return a fingerprint that is equal for equal plans and reveals nothing."""
        details = self.booking.details
        about = (
            ", ".join(details.resources),
            details.start.isoformat(),
            details.end and details.end.isoformat(),
            details.weekdays,
        )
        reached = (self.reader, self.channel, self.recipient)
        fields = (self.kind, *reached, *about, self.accesses, self.codes)
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
    plans = [each for rule in fired for each in _message_plans(ctx, rule, held)]
    plans += _troubles(ctx, held)
    end = ctx.booking.details.end
    over = end is not None and end <= ctx.now
    plan = {} if over else {each.fingerprint: each for each in plans}
    last, sent = {}, set()
    for message in known:
        if message.kind not in (MessageKind.CODE, MessageKind.TROUBLE):
            continue
        if message.status == MessageStatus.WAITING and message.fingerprint not in plan:
            _withhold(ctx, message)
        elif message.status != MessageStatus.WITHHELD:
            if message.status == MessageStatus.WAITING:
                _bring_up_to_date(ctx, message, plan[message.fingerprint].send_at)
            last[message.rule_id, message.reader] = message.fingerprint
            sent.add(message.fingerprint)
    for fingerprint, each in plan.items():
        told = last.get((each.rule_id, each.reader)) == fingerprint
        if not told and not (each.kind == MessageKind.TROUBLE and fingerprint in sent):
            messages.GATEWAY.add(ctx.tx, _message(ctx, each, fingerprint))


def _message_plans(
    ctx: ReconcileContext, rule: Rule, held: Collection[Access]
) -> list[_MessagePlan]:
    concerned = [
        access for access in held if not set(rule.locks).isdisjoint(access.lock_ids)
    ]
    made = [each for each in concerned if each.status == Status.CREATED]
    made = sorted((each for each in made if not each.behind), key=attrgetter("id"))
    if not made or any(_may_come_in_time(ctx, each) for each in concerned):
        return []
    booking, customer = ctx.booking, ctx.booking.details.customer
    reached = {Channel.EMAIL: customer.email, Channel.SMS: customer.phone}
    readers = [(Reader.CUSTOMER, rule.channel, reached[rule.channel])]
    if rule.copy_to_owner and (owner := _owner(ctx)):
        readers.append((Reader.OWNER, Channel.EMAIL, owner))
    ids = tuple(each.id for each in made)
    codes = tuple(each.pin_fingerprint for each in made)
    at = send_at(rule, booking, ctx.now)
    return [
        _MessagePlan(rule.id, *reader, booking, ids, codes, at) for reader in readers
    ]


def _may_come_in_time(ctx: ReconcileContext, access: Access) -> bool:
    """Return whether a message that tells all codes need not go without this one."""
    waits = access.status == Status.IN_PROGRESS
    return waits and ctx.now < notice_due_at(access.asked_at, access.start_at)


def _troubles(ctx: ReconcileContext, held: Collection[Access]) -> list[_MessagePlan]:
    """Return what the owner is told of codes that are missing, once a matter.

    Credentials that the vendor refuses are one matter for all bookings.
    """
    missing = [
        each
        for each in held
        if (each.missing and ctx.now >= notice_due_at(each.asked_at, each.start_at))
        or each.taken_away
    ]
    owner = _owner(ctx) if missing else None
    if owner is None:
        return []
    connection = connections.get(ctx.tx, ctx.connection_id)
    if connection.refused_at is not None:
        if connection.refusal_told_at is not None:
            return []
        connections.change(ctx.tx, connection.id, refusal_told_at=ctx.now)
    to_owner = ("", Reader.OWNER, Channel.EMAIL, owner, ctx.booking)
    asked = {each.id: each.asked_at.isoformat() for each in missing}
    return [
        _MessagePlan(*to_owner, (access,), (at,), ctx.now, MessageKind.TROUBLE)
        for access, at in asked.items()
    ]


def _owner(ctx: ReconcileContext) -> str | None:
    return connections.get(ctx.tx, ctx.connection_id).owner_email


def _bring_up_to_date(ctx: ReconcileContext, message: Message, at: datetime) -> None:
    """Have a message that waits go out in its reader's language of now.

    One that is not due yet goes out when its rule says by now.
    """
    language = ctx.booking.details.customer.language
    if message.language != language:
        messages.change(ctx.tx, message.id, language=language)
    if message.send_at > ctx.now and message.send_at != at:
        messages.change(ctx.tx, message.id, send_at=at, due_at=at)


def _withhold(ctx: ReconcileContext, message: Message) -> None:
    reason = "what it was to tell has changed"
    if ctx.booking.cancelled:
        reason = "the booking was cancelled before the message was sent"
    if message.attempts and message.reason is None:  # an attempt without an outcome
        reason = f"{reason}; it may have gone out when it was last tried"
    withheld = {"status": MessageStatus.WITHHELD, "reason": reason}
    messages.change(ctx.tx, message.id, **withheld, due_at=None, lease=None)


def _message(ctx: ReconcileContext, plan: _MessagePlan, fingerprint: str) -> Message:
    unknown = None if plan.recipient else f"the customer left no {WORD[plan.channel]}"
    return Message(
        id=new_id("msg", ctx.now),
        connection_id=ctx.connection_id,
        booking_ref=ctx.booking.ref,
        rule_id=plan.rule_id,
        reader=plan.reader,
        channel=plan.channel,
        language=ctx.booking.details.customer.language,
        recipient=plan.recipient,
        access_ids=list(plan.accesses),
        fingerprint=fingerprint,
        status=MessageStatus.FAILED if unknown else MessageStatus.WAITING,
        reason=unknown,
        created_at=ctx.now,
        send_at=plan.send_at,
        due_at=None if unknown else plan.send_at,
        kind=plan.kind,
    )


WORD: Final = {Channel.EMAIL: "mail address", Channel.SMS: "phone number"}
