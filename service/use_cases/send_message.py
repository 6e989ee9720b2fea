"""Send a message: write it when it is due, and hand it to the mail server.

Invariants: the text is made at this moment, from what is stored, and goes nowhere but
into the mail. A message keeps its Message-ID over all attempts, so that a receiver can
recognise one whose answer was lost as the same; SMTP offers nothing else for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from service import clock
from service.domain.booking import Booking, membership_of
from service.domain.errors import BadTemplate
from service.domain.messages import (
    Door,
    Facts,
    RenderedText,
    default_template,
    language_for,
    member_template,
    render,
)
from service.domain.retry import decide_retry
from service.domain.rules import Channel
from service.mail import message_id, sms_address
from service.ports import Mail, MailRefused, Outbox
from service.store import accesses, bookings, connections, locks, messages, rules
from service.store.accesses import Access
from service.store.database import Tx
from service.store.leases import Lease
from service.store.locks import Lock
from service.store.messages import Message, MessageKind, MessageStatus
from service.use_cases.context import Dependencies, answer_of
from service.use_cases.notices import notice_text
from service.use_cases.outdated_notices import OUTDATED, is_outdated
from service.use_cases.reconcile import reconcile, vendor_for

Values = dict[str, object]


def prepare(tx: Tx, deps: Dependencies, row_id: str, lease: Lease) -> Notify | None:
    """Return the mail to send, leased; None where there is none to send.

    That is so for a message that cannot be written, one that is no longer true, and one
    whose mail was taken before its process died.
    """
    message = messages.get(tx, row_id)
    if deps.store.marks.take(message):
        sent = {"status": MessageStatus.SENT, "sent_at": lease.since, "reason": None}
        _close(tx, deps, message, lease.since, **sent)
        return None
    notice = message.kind != MessageKind.CODE
    if notice and is_outdated(tx, message, lease.since):
        withheld = {"status": MessageStatus.WITHHELD, "reason": OUTDATED}
        _close(tx, deps, message, lease.since, **withheld)
        return None
    try:
        text = text_of(tx, message)
        to = _address(tx, deps, message)
    except (BadTemplate, MailRefused) as refused:
        failed = {"status": MessageStatus.FAILED, "reason": refused.reason}
        _close(tx, deps, message, lease.since, **failed)
        return None
    messages.change(tx, message.id, **lease.columns(message.attempts))
    own_id = message_id(message.id, deps.settings.mail_from)
    with_html = deps.settings.mail_html and message.channel == Channel.EMAIL
    html = text.html if with_html else ""
    mail = Mail(to, text.subject, text.body, own_id, lease.since, html)
    tells_code = message.kind in (MessageKind.CODE, MessageKind.TROUBLE)
    until = _booking(tx, message).details.end if tells_code else None
    return Notify(message, mail, deps.outbox, until, lease)


def _close(
    tx: Tx, deps: Dependencies, message: Message, now: datetime, **values: object
) -> None:
    """Note what became of a message that is not to be sent now, nor later."""
    messages.change(tx, message.id, **values, due_at=None, lease=None)
    _go_on(tx, deps, message, now)


def send_again(deps: Dependencies, message_id: str, now: datetime) -> bool:
    """Have a message that failed sent again; return False where there is none."""
    failed = {"id": message_id, "status": MessageStatus.FAILED}
    waiting = {"status": MessageStatus.WAITING, "due_at": now, "reason": None}
    return deps.store.write(
        lambda tx: messages.GATEWAY.change(tx, failed, attempts=0, **waiting) == 1
    )


@dataclass(frozen=True, slots=True)
class Notify:
    """A mail under way; `until` is when it can no longer matter, None for never."""

    message: Message
    mail: Mail
    outbox: Outbox
    until: datetime | None
    lease: Lease

    def ask(self) -> Exception | None:
        """Return what went wrong, None once the mail server took the mail."""
        return answer_of(lambda: self.outbox.send(self.mail))

    def write_down(self, tx: Tx, deps: Dependencies, error: Exception | None) -> str:
        """Store the answer; return the outcome in a word."""
        now, message = clock.now(), self.message
        values: Values = {"sent_at": now, "due_at": None}
        status = MessageStatus.SENT
        if error is not None:
            status, values = self._decide_retry(error, now)
        values["status"] = status
        if not messages.conclude(tx, message.id, self.lease.name, **values):
            return "overtaken"
        _go_on(tx, deps, message, self.lease.until)
        return status

    def _decide_retry(
        self, error: Exception, now: datetime
    ) -> tuple[MessageStatus, Values]:
        decision = decide_retry(
            error,
            job_id=self.message.id,
            attempts=self.message.attempts + 1,
            now=now,
            until=self.until,
        )
        status = MessageStatus.WAITING if decision.due_at else MessageStatus.FAILED
        return status, {"reason": decision.reason, "due_at": decision.due_at}


def _go_on(tx: Tx, deps: Dependencies, message: Message, until: datetime) -> None:
    """Reconcile the booking where something waited for the message.

    What waits for work under way is due when the last lease on it ends; this message's
    own would have ended `until` then.
    """
    if message.booking_ref is None:
        return
    of = message.connection_id, message.booking_ref
    stored = bookings.find(tx, *of)
    news = stored is not None and stored.due_at is not None and stored.due_at <= until
    if news or accesses.any_superseded(tx, *of):
        reconcile(tx, vendor_for(tx, deps, of[0]), *of, clock.now())


def text_of(tx: Tx, message: Message) -> RenderedText:
    """Return the message's text, codes and all; it is never stored or logged."""
    if message.kind != MessageKind.CODE:
        return notice_text(tx, message)
    channel = Channel(message.channel)
    facts = _facts(tx, message)
    if facts.end is None:  # a connection's own texts are about bookings
        language = language_for(message.language)
        return render(member_template(channel, language), facts, language)
    own = messages.templates_of_channel(tx, message.connection_id, channel)
    known = {each.language: each.template for each in own}
    language = language_for(message.language, known)
    template = known.get(language) or default_template(channel, language)
    return render(template, facts, language)


def _facts(tx: Tx, message: Message) -> Facts:
    booking = _booking(tx, message)
    found = [accesses.get(tx, access_id) for access_id in message.access_ids]
    named = {lock for access in found for lock in access.lock_ids}
    locks_by_id = locks.by_ids(tx, named)
    names = locks.names(locks_by_id.values())
    rule = rules.by_id(tx, message.rule_id)
    grace = rule.rule.returning.grace if rule else timedelta()
    details = booking.details
    about = _Booked(details.start, grace)

    def door(access: Access) -> Door:
        name = ", ".join(names[lock] for lock in access.lock_ids)
        return _door(tx, access, locks_by_id[access.lock_id], name, about)

    return Facts(
        booking=membership_of(booking.ref) or booking.ref,
        resource=", ".join(details.resources),
        start=details.start,
        end=details.end,
        zone=locks_by_id[found[0].lock_id].zone,
        doors=tuple(map(door, found)),
        customer=details.customer.name,
        weekdays=details.weekdays,
    )


def _booking(tx: Tx, message: Message) -> Booking:
    """Return what the message is about; only those about keys may have none."""
    return bookings.get(tx, message.connection_id, message.booking_ref or "")


class _Booked(NamedTuple):
    """What a door's text needs of the booking: its start, and the grace after it."""

    start: datetime
    grace: timedelta


def _door(tx: Tx, access: Access, lock: Lock, name: str, about: _Booked) -> Door:
    """Return the door; grace is preferred to a static return code (LIV-09)."""
    pin = tx.vault.open(access.sealed_pin or "")
    until = access.valid_until
    by = until + about.grace if until is not None and about.grace else None
    code = tx.vault.open(lock.sealed_return_code) if lock.sealed_return_code else None
    follows = access.booking_ref is not None and access.start_at > about.start
    opens_from = access.valid_from if follows else None
    return Door(name, pin, access.first_use_by, access.link, by, code, opens_from)


def _address(tx: Tx, deps: Dependencies, message: Message) -> str:
    if message.channel == Channel.EMAIL:
        return message.recipient or ""
    gateway = deps.settings.sms_gateway
    if gateway is None:
        raise MailRefused("no SMS gateway is set; set STRIKEPLATE_SMS_GATEWAY")
    country = connections.get(tx, message.connection_id).country
    return sms_address(gateway, message.recipient, country)
