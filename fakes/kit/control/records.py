"""Records (calls, webhooks, mails, notes), and the switches: faults and quirks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from flask import current_app, request
from pydantic import Field, model_validator
from werkzeug import Response

from fakes.kit.control import all_worlds, call, opened
from fakes.kit.faults import KINDS, WEBHOOKS, Effect, Fault, Phase
from fakes.kit.faults.webhook import Webhook
from fakes.kit.journal import Note
from fakes.kit.json_api import (
    Duration,
    Problem,
    Strict,
    read_json,
    show,
    unknown,
    wrong,
)
from fakes.kit.webhooks import Delivery, attempt

if TYPE_CHECKING:
    from fakes.kit.world import World

UNDER_WAY = timedelta(minutes=2)
"""What happens so soon after it was ordered is under way to a device or a customer."""

UNKNOWN_CALLS = "strikeplate.unknown_calls"

WANTED = {"vendor": "only calls of this vendor", "path": "only paths like this glob"}


@call("GET", "/worlds/<world_id>/requests", query=WANTED)
def list_requests(world_id: str) -> Response:
    """List the latest calls, of one vendor (`vendor`) or path (`path`, a glob)."""
    with opened(world_id) as world:
        return show(list(world.journal.read(*_wanted())))


@call("GET", "/unknown-calls")
def list_unknown_calls() -> Response:
    """List the latest calls that belong to no world, and why: credential, path."""
    return show([*current_app.extensions[UNKNOWN_CALLS]])


@call("GET", "/worlds/<world_id>/activity")
def show_activity(world_id: str) -> Response:
    """Count the calls: being answered now, reading, changing; and tell of faults."""
    with opened(world_id) as world:
        methods, struck = world.journal.methods()
        reads = methods["GET"] + methods["HEAD"]
        return show(
            {
                "open": world.open_calls,
                "reads": reads,
                "changes": methods.total() - reads,
                "last_was_struck": struck,
                "under_way_at": world.clock.under_way_at(UNDER_WAY),
                "faults": sum(fault.lives(world.now) for fault in world.faults),
            }
        )


@call("DELETE", "/worlds/<world_id>/requests", query=WANTED, status=204)
def forget_requests(world_id: str) -> Response:
    """Delete the calls so far, or those of one vendor or path."""
    with opened(world_id) as world:
        world.journal.forget(*_wanted())
    return Response(status=204)


@call("GET", "/worlds/<world_id>/deliveries")
def list_deliveries(world_id: str) -> Response:
    """List the webhooks with every attempt."""
    with opened(world_id) as world:
        return show([_show_delivery(world, delivery) for delivery in world.deliveries])


@call("POST", "/worlds/<world_id>/deliveries/<delivery_id>/replay")
def replay(world_id: str, delivery_id: str) -> Response:
    """Send a webhook again, now, signed for this instant."""
    with opened(world_id) as world:
        delivery = world.deliveries.get(delivery_id)
        if delivery is None:
            known = (each.id for each in world.deliveries)
            raise Problem(404, unknown("delivery", delivery_id, known))
    attempt(all_worlds().get(world_id), delivery, replay=True)
    with opened(world_id) as world:
        return show(_show_delivery(world, delivery))


@call("GET", "/worlds/<world_id>/outbox")
def list_outbox(world_id: str) -> Response:
    """List the mails and SMS that the vendors themselves sent."""
    with opened(world_id) as world:
        return show(list(world.outbox))


class NoteRequest(Strict):
    """What somebody did outside of the vendors, and a word that its calls hold."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=1000)] = ""
    about: Annotated[str, Field(max_length=200)] = ""


@call("POST", "/worlds/<world_id>/notes", body=NoteRequest, status=201)
def add_note(world_id: str, body: NoteRequest) -> Response:
    """Note, for the timeline alone, what happened outside, such as an event sent."""
    with opened(world_id) as world:
        name = world.ids.name("note")
        note = Note(name, world.now, body.title, body.text, body.about)
        world.notes.append(note)
        return show(note, 201)


@call("GET", "/worlds/<world_id>/notes")
def list_notes(world_id: str) -> Response:
    """List the notes, oldest first."""
    with opened(world_id) as world:
        return show(list(world.notes))


def _wanted() -> tuple[str | None, str | None]:
    return request.args.get("vendor"), request.args.get("path")


def _show_delivery(world: World, delivery: Delivery) -> dict[str, Any]:
    body = delivery.body.encode()
    return {
        "id": delivery.id,
        "vendor": delivery.vendor,
        "url": delivery.url,
        "topic": delivery.topic,
        "created_at": delivery.created_at,
        "arrived": delivery.arrived,
        "body": world.redactor(delivery.vendor).body(body, "application/json"),
        "attempts": delivery.attempts,
    }


class FaultRequest(Strict):
    """Which calls a fault is for, what it does, and how often."""

    vendor: str
    method: str | None = None
    path: str | None = None
    phase: Phase
    effect: Effect
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    ttl: Annotated[Duration, Field(gt=timedelta(0))] | None = None

    @model_validator(mode="after")
    def fits_its_phase(self) -> FaultRequest:
        """Refuse an effect on calls for webhooks, and the reverse."""
        calls = [kind.is_set(self.effect) for kind in KINDS if kind is not WEBHOOKS]
        if self.phase == "webhook" and any(calls):
            raise ValueError(f"phase webhook takes {', '.join(Webhook.model_fields)}")
        if self.phase != "webhook" and WEBHOOKS.is_set(self.effect):
            raise ValueError("what becomes of a webhook goes with phase webhook")
        return self

    def fault(self, world: World) -> Fault:
        """Return the fault, active from this instant on."""
        return Fault(
            id=world.ids.name("fault"),
            vendor=self.vendor,
            phase=self.phase,
            effect=self.effect,
            method=self.method,
            path=self.path,
            skip=self.skip,
            times=self.times,
            probability=self.probability,
            expires_at=None if self.ttl is None else world.now + self.ttl,
        )


@call("POST", "/worlds/<world_id>/faults", body=FaultRequest, status=201)
def add_fault(world_id: str, body: FaultRequest) -> Response:
    """Add a fault."""
    with opened(world_id) as world:
        if body.vendor not in world.fakes:
            fix = unknown("vendor", body.vendor, world.fakes)
            raise wrong("vendor", body.vendor, fix)
        fault = body.fault(world)
        world.faults.add(fault)
        return show(_show_fault(world, fault), 201)


@call("GET", "/worlds/<world_id>/faults")
def list_faults(world_id: str) -> Response:
    """List the faults with how often each was seen and has fired."""
    with opened(world_id) as world:
        return show([_show_fault(world, fault) for fault in world.faults])


@call("DELETE", "/worlds/<world_id>/faults", status=204)
def end_faults(world_id: str) -> Response:
    """End every fault."""
    with opened(world_id) as world:
        world.faults.clear()
    return Response(status=204)


@call("DELETE", "/worlds/<world_id>/faults/<fault_id>", status=204)
def end_fault(world_id: str, fault_id: str) -> Response:
    """End one fault."""
    with opened(world_id) as world:
        if not world.faults.remove(fault_id):
            known = (fault.id for fault in world.faults)
            raise Problem(404, unknown("fault", fault_id, known))
    return Response(status=204)


@call("GET", "/worlds/<world_id>/quirks")
def show_quirks(world_id: str) -> Response:
    """Show the fidelity ledger: every quirk with its value and source."""
    with opened(world_id) as world:
        return show(world.quirks.ledger())


@call("PATCH", "/worlds/<world_id>/quirks")
def change_quirks(world_id: str) -> Response:
    """Set quirks: `{vendor: {name: value}}` or `{"vendor.name": value}`."""
    changes = read_json()
    if not isinstance(changes, dict):
        raise Problem(422, 'give an object, such as {"vendor": {"name": true}}')
    with opened(world_id) as world:
        world.quirks.change(changes)
        return show(world.quirks.ledger())


def _show_fault(world: World, fault: Fault) -> dict[str, Any]:
    return {**vars(fault), "lives": fault.lives(world.now)}
