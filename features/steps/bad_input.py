"""Bad input: events spoiled on their way, and mistakes of the owner."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import when

from features.steps.parameter_types import step
from strikeplate.platforms.standard import encoded, sign_delivery, signed
from strikeplate.subjects.admin_client import RULE
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Delivery, Event

Payload = dict[str, Any]  # an event as it is told


def booking(**what: object) -> Callable[[Payload], Payload]:
    """Spoil fields of the booking; None takes a field away."""

    def spoil(payload: Payload) -> Payload:
        fields = {**payload["booking"], **what}
        kept = {name: value for name, value in fields.items() if value is not None}
        return {**payload, "booking": kept}

    return spoil


def without(*names: str) -> Callable[[Payload], Payload]:
    """Take fields of the event away."""
    return lambda payload: {
        name: payload[name] for name in payload if name not in names
    }


def swapped(payload: Payload) -> Payload:
    """Let the booking end before it begins."""
    start, end = payload["booking"]["start"], payload["booking"]["end"]
    return booking(start=end, end=start)(payload)


def padded(payload: Payload, size: int) -> bytes:
    """Return an event of so many bytes; the padding is blanks, which JSON allows."""
    body = encoded(payload)
    return body + b" " * (size - len(body))


FLAWS: dict[str, Callable[[Payload], object]] = {
    "that is broken JSON": lambda payload: encoded(payload)[:-9],
    "that is no object": lambda payload: b"[" + encoded(payload) + b"]",
    "in Latin-1": lambda payload: encoded(payload).replace(
        b"Ada", "Åda".encode("latin-1")
    ),
    "without its id": without("id"),
    "without a booking": without("booking"),
    "without a start": booking(start=None),
    "without a customer's address": booking(customer={"name": "Ada"}),
    "of an unknown type": lambda payload: payload | {"type": "booking.eaten"},
    "whose start is a number": booking(start=1796000000),
    "whose start is no date": booking(start="tomorrow"),
    "whose start has no offset": booking(start="2026-12-07T15:20:00"),
    "whose resource is a list": booking(resource=["court-1"]),
    "whose end is before its start": swapped,
    "whose end is its start": lambda payload: booking(end=payload["booking"]["start"])(
        payload
    ),
    "of 65 KiB": lambda payload: padded(payload, 65 * 1024),
    "padded to 65536 bytes": lambda payload: padded(payload, 65_536),
    "that is called text": lambda payload: payload,
}
TEXT = "that is called text"


@when(step("{name:Who}'s booking is confirmed by an event {flaw}"))
def confirmed_by_spoiled_event(ctx: ScenarioContext, name: str, flaw: str) -> None:
    event = ctx.platform.record_event("confirmed", ctx.booking(name))
    spoiled = _known(FLAWS, flaw)(event.payload())
    body = spoiled if isinstance(spoiled, bytes) else encoded(spoiled)
    to, now = ctx.platform.connection(event.booking.resource), ctx.environment.present
    delivery = sign_delivery(to.path, to.secret, event.id, body, now)
    if flaw == TEXT:
        delivery = _with(delivery, **{"content-type": "text/plain"})
    ctx.platform.send(delivery)


def _with(delivery: Delivery, **headers: str) -> Delivery:
    return replace(delivery, headers={**delivery.headers, **headers})


def _without_signature(delivery: Delivery) -> Delivery:
    kept = {k: v for k, v in delivery.headers.items() if not k.startswith("webhook-")}
    return replace(delivery, headers=kept)


def _signature(value: str) -> Callable[[Delivery], Delivery]:
    return lambda delivery: _with(delivery, **{"webhook-signature": value})


def _timestamp(value: str) -> Callable[[Delivery], Delivery]:
    return lambda delivery: _with(delivery, **{"webhook-timestamp": value})


FORGED = base64.b64encode(b"forged" * 5 + b"!!").decode()
FORGERIES: dict[str, Callable[[Delivery], Delivery]] = {
    "missing": _without_signature,
    "forged": _signature(f"v1,{FORGED}"),
    "empty": _signature(""),
    "no base64": _signature("v1,***"),
    "without a version": _signature(FORGED),
    "for another body": lambda t: replace(t, body=t.body.replace(b"Ada", b"Eva")),
    "for another id": lambda t: _with(t, **{"webhook-id": "evt-of-another"}),
    "dated with a word": _timestamp("yesterday"),
    "dated with a huge number": _timestamp("9" * 400),
    "not ASCII": _signature("v1,åäö"),
}
MINUTES = {"six minutes old": -6, "six minutes in the future": 6}
UNKNOWN_VERSION = "of an unknown version"
BESIDE = "right beside a wrong one"


@when(step("{name:Who}'s booking is confirmed with a signature that is {flaw}"))
def confirmed_with_signature(ctx: ScenarioContext, name: str, flaw: str) -> None:
    event = ctx.platform.record_event("confirmed", ctx.booking(name))
    ctx.platform.send(_forged(ctx, event, flaw))


def _forged(ctx: ScenarioContext, event: Event, flaw: str) -> Delivery:
    delivery = ctx.platform.prepare(event)
    right = delivery.headers.get("webhook-signature", "")
    if flaw in MINUTES:
        to = ctx.platform.connection(event.booking.resource)
        at = ctx.environment.present + timedelta(minutes=MINUTES[flaw])
        return _with(delivery, **signed(str(to.secret), event.id, delivery.body, at))
    if flaw == UNKNOWN_VERSION:
        return _signature(right.replace("v1,", "v9,"))(delivery)
    if flaw == BESIDE:
        return _signature(f"v1,{FORGED} {right}")(delivery)
    forge: Callable[[Delivery], Delivery] = _known(FORGERIES, flaw)
    return forge(delivery)


def _known(table: dict[str, Any], flaw: str) -> Any:
    if flaw not in table:
        raise HarnessFault(f"unknown flaw {flaw!r}; known: {', '.join(table)}")
    return table[flaw]


NOBODY = "lck_nobody"


def _rule(ctx: ScenarioContext, **what: object) -> Payload:
    door = ctx.environment.place("court-1").door
    ids = ctx.admin.lock_ids(ctx.link(), door)
    rule = {"resource": "court-9", "locks": ids, **RULE, **what}
    return {name: value for name, value in rule.items() if value != ""}


def _connection(ctx: ScenarioContext, **what: object) -> Payload:
    vendor = ctx.environment.vendor
    body = {
        "vendor": vendor,
        "name": "mistake",
        "timezone": "Europe/Stockholm",
        "credentials": dict(ctx.environment.world().credentials[vendor]),
    }
    return {**body, **what}


MISTAKES: dict[str, tuple[str, Callable[[ScenarioContext], object]]] = {
    "a rule for an unknown lock": ("rules", lambda s: _rule(s, locks=[NOBODY])),
    "a rule without a resource": ("rules", lambda s: _rule(s, resource="")),
    "a rule with an unknown field": ("rules", lambda s: _rule(s, colour="red")),
    "an unknown channel": ("rules", lambda s: _rule(s, channel="pigeon")),
    "an unknown trigger": ("rules", lambda s: _rule(s, trigger="eclipse")),
    "an unknown time zone": ("", lambda s: _connection(s, timezone="Mars/Olympus")),
    "an unknown vendor": ("", lambda s: _connection(s, vendor="sesame")),
    "broken JSON": ("rules", lambda _: b'{"resource": '),
}


@when(step("the owner sends {mistake}"))
def owner_sends(ctx: ScenarioContext, mistake: str) -> None:
    where, made = _known(MISTAKES, mistake)
    body = made(ctx)
    rules = f"/api/connections/{ctx.link().id}/rules"
    path = rules if where else "/api/connections"
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    ctx.record_answer(ctx.subject.send("POST", path, raw))
