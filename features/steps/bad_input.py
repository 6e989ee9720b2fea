"""Bad input: malformed, forged or misdirected events; mistakes of the owner."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import when

from features.steps.parameter_types import step
from strikeplate.platforms.flaws import malformed, with_headers
from strikeplate.platforms.forgeries import Sound, forged
from strikeplate.subjects.admin_client import RULE
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Delivery, Event

Payload = dict[str, Any]  # what an owner sends, as JSON


def spoiled(ctx: ScenarioContext, event: Event, flaw: str) -> Delivery:
    """Return the delivery of a malformed event with a valid signature."""
    made = malformed(event, ctx.platform.prepare, flaw)
    to, now = ctx.platform.connection(event.booking.resource), ctx.environment.present
    proof = ctx.platform.format.proof(event.id, made.body, to, now)
    return with_headers(made, proof)


def unproven(ctx: ScenarioContext, event: Event, flaw: str) -> Delivery:
    """Return the delivery of a sound event with a wrong or unusual signature."""
    sound = Sound(
        ctx.platform.prepare(event),
        event.id,
        ctx.platform.connection(event.booking.resource),
        ctx.environment.present,
        ctx.platform.format,
        ctx.target_context.profile.tolerance,
    )
    return forged(sound, flaw)


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
    return ctx.platform.prepare(replace(event, id=ctx.platform.events[-2].id))


def under_long_id(ctx: ScenarioContext, event: Event, letters: str) -> Delivery:
    """Return the delivery of an event whose id has so many letters."""
    number = int(letters.split(maxsplit=1)[0])
    return ctx.platform.prepare(replace(event, id=f"{event.id}-".ljust(number, "x")))


WAYS: dict[str, Callable[[ScenarioContext, Event, str], Delivery]] = {
    "by an event ": spoiled,
    "with a signature that is ": unproven,
    "at a guessed URL": at_guessed_url,
    "at the URL of ": at_url_of,
    "under the id of the last event": under_last_id,
    "under an id of ": under_long_id,
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
