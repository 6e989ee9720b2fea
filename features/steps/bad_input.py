"""Bad input: malformed, forged or misdirected events; mistakes of the owner."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import when

from features.steps.parameter_types import step
from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded, sign_delivery
from strikeplate.subjects.admin_client import RULE
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Delivery, Event

Payload = dict[str, Any]  # an event, as JSON


def booking(**what: object) -> Callable[[Payload], Payload]:
    """Change fields of the booking; None removes a field."""

    def spoil(event: Payload) -> Payload:
        fields = {**event["booking"], **what}
        kept = {name: value for name, value in fields.items() if value is not None}
        return {**event, "booking": kept}

    return spoil


def without(*names: str) -> Callable[[Payload], Payload]:
    """Remove fields of the event."""
    return lambda event: {name: event[name] for name in event if name not in names}


def swapped(event: Payload) -> Payload:
    """Swap the start and the end of the booking."""
    start, end = event["booking"]["start"], event["booking"]["end"]
    return booking(start=end, end=start)(event)


def padded(event: Payload, size: int) -> bytes:
    """Return an event of `size` bytes, padded with blanks, which JSON allows."""
    body = encoded(event)
    return body + b" " * (size - len(body))


FLAWS: dict[str, Callable[[Payload], object]] = {
    "that is broken JSON": lambda event: encoded(event)[:-9],
    "that is no object": lambda event: b"[" + encoded(event) + b"]",
    "in Latin-1": lambda event: encoded(event).replace(b"Ada", "Åda".encode("latin-1")),
    "without its id": without("id"),
    "without a booking": without("booking"),
    "without a start": booking(start=None),
    "of an unknown type": lambda event: event | {"type": "booking.eaten"},
    "whose start is a number": booking(start=1796000000),
    "whose start is no date": booking(start="tomorrow"),
    "whose start has no offset": booking(start="2026-12-07T15:20:00"),
    "whose end is before its start": swapped,
    "whose end is its start": lambda event: booking(end=event["booking"]["start"])(
        event
    ),
    "of 65 KiB": lambda event: padded(event, 65 * 1024),
    "padded to 65536 bytes": lambda event: padded(event, 65_536),
    "that is called text": lambda event: event,
}
TEXT = "that is called text"


def spoiled(ctx: ScenarioContext, event: Event, flaw: str) -> Delivery:
    """Return the delivery of a malformed event with a valid signature."""
    payload = _known(FLAWS, flaw)(event.payload())
    body = payload if isinstance(payload, bytes) else encoded(payload)
    to, now = ctx.platform.connection(event.booking.resource), ctx.environment.present
    made = sign_delivery(to.path, to.secret, event.id, body, now)
    return _with(made, **{"content-type": "text/plain"}) if flaw == TEXT else made


def _with(made: Delivery, **headers: str) -> Delivery:
    return replace(made, headers={**made.headers, **headers})


def _without_signature(made: Delivery) -> Delivery:
    kept = {k: v for k, v in made.headers.items() if not k.startswith("webhook-")}
    return replace(made, headers=kept)


def _signature(value: str) -> Callable[[Delivery], Delivery]:
    return lambda made: _with(made, **{"webhook-signature": value})


def _timestamp(value: str) -> Callable[[Delivery], Delivery]:
    return lambda made: _with(made, **{"webhook-timestamp": value})


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


def forged(ctx: ScenarioContext, event: Event, flaw: str) -> Delivery:
    """Return the delivery of a sound event with a wrong or unusual signature."""
    made = ctx.platform.prepare(event)
    right = made.headers.get("webhook-signature", "")
    if flaw in MINUTES:
        to = ctx.platform.connection(event.booking.resource)
        at = ctx.environment.present + timedelta(minutes=MINUTES[flaw])
        return _with(made, **signed(str(to.secret), event.id, made.body, at))
    if flaw == UNKNOWN_VERSION:
        return _signature(right.replace("v1,", "v9,"))(made)
    if flaw == BESIDE:
        return _signature(f"v1,{FORGED} {right}")(made)
    forge: Callable[[Delivery], Delivery] = _known(FORGERIES, flaw)
    return forge(made)


def at_guessed_url(ctx: ScenarioContext, event: Event, _: str) -> Delivery:
    """Return the delivery to a URL that no connection has."""
    made = ctx.platform.prepare(event)
    return made.to(made.path[:-4] + "AAAA")


def at_url_of(ctx: ScenarioContext, event: Event, resource: str) -> Delivery:
    """Return the delivery to the URL of another resource's connection."""
    made = ctx.platform.prepare(event)
    return made.to(ctx.setup_of(resource).connection.path)


def under_last_id(ctx: ScenarioContext, event: Event, _: str) -> Delivery:
    """Return the delivery of an event that has the id of the event before it."""
    last = json.loads(ctx.platform.deliveries[-1].body)["id"]
    return ctx.platform.prepare(replace(event, id=last))


WAYS: dict[str, Callable[[ScenarioContext, Event, str], Delivery]] = {
    "by an event ": spoiled,
    "with a signature that is ": forged,
    "at a guessed URL": at_guessed_url,
    "at the URL of ": at_url_of,
    "under the id of the last event": under_last_id,
}
"""How an event goes wrong: the beginning of the step's words, and what makes it."""


@when(step("{name:Who}'s booking is confirmed {how}"))
def confirmed_wrongly(ctx: ScenarioContext, name: str, how: str) -> None:
    event = ctx.platform.record_event("confirmed", ctx.booking(name))
    way = next((way for way in WAYS if how.startswith(way)), how)
    make = _known(WAYS, way)
    ctx.platform.send(make(ctx, event, how.removeprefix(way)))


@when("the last delivery is repeated as it was")
def same_delivery(ctx: ScenarioContext) -> None:
    ctx.platform.send(ctx.platform.deliveries[-1])


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
