"""Bad input: events spoiled on their way, and mistakes of the owner."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import when

from features.steps.words import phrase
from strikeplate.booking import delivery, encoded, signed
from strikeplate.desk import RULE
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.booking import Delivery, Event
    from strikeplate.scene import Scene

Told = dict[str, Any]  # an event as it is told


def booking(**what: object) -> Callable[[Told], Told]:
    """Spoil fields of the booking; None takes a field away."""

    def spoil(told: Told) -> Told:
        fields = {**told["booking"], **what}
        kept = {name: value for name, value in fields.items() if value is not None}
        return {**told, "booking": kept}

    return spoil


def without(*names: str) -> Callable[[Told], Told]:
    """Take fields of the event away."""
    return lambda told: {name: told[name] for name in told if name not in names}


def swapped(told: Told) -> Told:
    """Let the booking end before it begins."""
    start, end = told["booking"]["start"], told["booking"]["end"]
    return booking(start=end, end=start)(told)


def padded(told: Told, size: int) -> bytes:
    """Return an event of so many bytes; the padding is blanks, which JSON allows."""
    body = encoded(told)
    return body + b" " * (size - len(body))


FLAWS: dict[str, Callable[[Told], object]] = {
    "that is broken JSON": lambda told: encoded(told)[:-9],
    "that is no object": lambda told: b"[" + encoded(told) + b"]",
    "in Latin-1": lambda told: encoded(told).replace(b"Ada", "Åda".encode("latin-1")),
    "without its id": without("id"),
    "without a booking": without("booking"),
    "without a start": booking(start=None),
    "without a customer's address": booking(customer={"name": "Ada"}),
    "of an unknown type": lambda told: told | {"type": "booking.eaten"},
    "whose start is a number": booking(start=1796000000),
    "whose start is no date": booking(start="tomorrow"),
    "whose start has no offset": booking(start="2026-12-07T15:20:00"),
    "whose resource is a list": booking(resource=["court-1"]),
    "whose end is before its start": swapped,
    "whose end is its start": lambda told: booking(end=told["booking"]["start"])(told),
    "of 65 KiB": lambda told: padded(told, 65 * 1024),
    "padded to 65536 bytes": lambda told: padded(told, 65_536),
    "that is called text": lambda told: told,
}
TEXT = "that is called text"


@when(phrase("{name:Who}'s booking is confirmed by an event {flaw}"))
def confirmed_by_spoiled_event(scene: Scene, name: str, flaw: str) -> None:
    event = scene.platform.happen("confirmed", scene.booked(name))
    spoiled = _known(FLAWS, flaw)(event.told())
    body = spoiled if isinstance(spoiled, bytes) else encoded(spoiled)
    to, now = scene.platform.connection(event.booking.resource), scene.ground.present
    telling = delivery(to.path, to.secret, event.id, body, now)
    if flaw == TEXT:
        telling = _with(telling, **{"content-type": "text/plain"})
    scene.platform.send(telling)


def _with(telling: Delivery, **headers: str) -> Delivery:
    return replace(telling, headers={**telling.headers, **headers})


def _without_signature(telling: Delivery) -> Delivery:
    kept = {k: v for k, v in telling.headers.items() if not k.startswith("webhook-")}
    return replace(telling, headers=kept)


def _signature(value: str) -> Callable[[Delivery], Delivery]:
    return lambda telling: _with(telling, **{"webhook-signature": value})


def _timestamp(value: str) -> Callable[[Delivery], Delivery]:
    return lambda telling: _with(telling, **{"webhook-timestamp": value})


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


@when(phrase("{name:Who}'s booking is confirmed with a signature that is {flaw}"))
def confirmed_with_signature(scene: Scene, name: str, flaw: str) -> None:
    event = scene.platform.happen("confirmed", scene.booked(name))
    scene.platform.send(_forged(scene, event, flaw))


def _forged(scene: Scene, event: Event, flaw: str) -> Delivery:
    telling = scene.platform.prepare(event)
    right = telling.headers.get("webhook-signature", "")
    if flaw in MINUTES:
        to = scene.platform.connection(event.booking.resource)
        at = scene.ground.present + timedelta(minutes=MINUTES[flaw])
        return _with(telling, **signed(str(to.secret), event.id, telling.body, at))
    if flaw == UNKNOWN_VERSION:
        return _signature(right.replace("v1,", "v9,"))(telling)
    if flaw == BESIDE:
        return _signature(f"v1,{FORGED} {right}")(telling)
    forge: Callable[[Delivery], Delivery] = _known(FORGERIES, flaw)
    return forge(telling)


def _known(table: dict[str, Any], flaw: str) -> Any:
    if flaw not in table:
        raise HarnessFault(f"unknown flaw {flaw!r}; known: {', '.join(table)}")
    return table[flaw]


NOBODY = "lck_nobody"


def _rule(scene: Scene, **what: object) -> Told:
    door = scene.ground.place("court-1").door
    ids = scene.desk.lock_ids(scene.link(), door)
    rule = {"resource": "court-9", "locks": ids, **RULE, **what}
    return {name: value for name, value in rule.items() if value != ""}


def _connection(scene: Scene, **what: object) -> Told:
    vendor = scene.ground.vendor
    wish = {
        "vendor": vendor,
        "name": "mistake",
        "timezone": "Europe/Stockholm",
        "credentials": dict(scene.ground.world().credentials[vendor]),
    }
    return {**wish, **what}


MISTAKES: dict[str, tuple[str, Callable[[Scene], object]]] = {
    "a rule for an unknown lock": ("rules", lambda s: _rule(s, locks=[NOBODY])),
    "a rule without a resource": ("rules", lambda s: _rule(s, resource="")),
    "a rule with an unknown field": ("rules", lambda s: _rule(s, colour="red")),
    "an unknown channel": ("rules", lambda s: _rule(s, channel="pigeon")),
    "an unknown trigger": ("rules", lambda s: _rule(s, trigger="eclipse")),
    "an unknown time zone": ("", lambda s: _connection(s, timezone="Mars/Olympus")),
    "an unknown vendor": ("", lambda s: _connection(s, vendor="sesame")),
    "broken JSON": ("rules", lambda _: b'{"resource": '),
}


@when(phrase("the owner sends {mistake}"))
def owner_sends(scene: Scene, mistake: str) -> None:
    where, made = _known(MISTAKES, mistake)
    wish = made(scene)
    rules = f"/api/connections/{scene.link().id}/rules"
    path = rules if where else "/api/connections"
    raw = wish if isinstance(wish, bytes) else json.dumps(wish).encode()
    scene.asked(scene.subject.send("POST", path, raw))
