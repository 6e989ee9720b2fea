"""Switches: faults on purpose, and quirks with their sources."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from werkzeug import Response

from fakes.kit.control.sim import opened, routes
from fakes.kit.faults import Effect, Fault, Phase
from fakes.kit.json_api import Problem, Strict, read, read_json, show, unknown, wrong

if TYPE_CHECKING:
    from fakes.kit.world import World


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
    ttl: Annotated[timedelta, Field(gt=timedelta(0))] | None = None

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


@routes.post("/worlds/<world_id>/faults")
def add_fault(world_id: str) -> Response:
    """Add a fault."""
    body = read(FaultRequest)
    with opened(world_id) as world:
        if body.vendor not in world.fakes:
            fix = unknown("vendor", body.vendor, world.fakes)
            raise wrong("vendor", body.vendor, fix)
        fault = body.fault(world)
        world.faults.add(fault)
        return show(_show(world, fault), 201)


@routes.get("/worlds/<world_id>/faults")
def list_faults(world_id: str) -> Response:
    """List the faults with how often each was seen and has fired."""
    with opened(world_id) as world:
        return show([_show(world, fault) for fault in world.faults])


@routes.delete("/worlds/<world_id>/faults")
def end_faults(world_id: str) -> Response:
    """End every fault."""
    with opened(world_id) as world:
        world.faults.clear()
    return Response(status=204)


@routes.delete("/worlds/<world_id>/faults/<fault_id>")
def end_fault(world_id: str, fault_id: str) -> Response:
    """End one fault."""
    with opened(world_id) as world:
        if not world.faults.remove(fault_id):
            known = (fault.id for fault in world.faults)
            raise Problem(404, unknown("fault", fault_id, known))
    return Response(status=204)


@routes.get("/worlds/<world_id>/quirks")
def show_quirks(world_id: str) -> Response:
    """Show the fidelity ledger: every switch, its value, and what speaks for it."""
    with opened(world_id) as world:
        return show(world.quirks.ledger())


@routes.patch("/worlds/<world_id>/quirks")
def change_quirks(world_id: str) -> Response:
    """Set switches: `{vendor: {name: value}}` or `{"vendor.name": value}`."""
    changes = read_json()
    if not isinstance(changes, dict):
        raise Problem(422, 'give an object, such as {"vendor": {"name": true}}')
    with opened(world_id) as world:
        world.quirks.change(changes)
        return show(world.quirks.ledger())


def _show(world: World, fault: Fault) -> dict[str, Any]:
    return {**vars(fault), "lives": fault.lives(world.now)}
