"""Accounts, locks and doors: the environment before the first booking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, when

from features.steps.parameter_types import step
from strikeplate.context import ResourceSetup
from strikeplate.environment import MAIN

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext

SECOND = "second"
"""The name under which a second connection to the main account is kept."""

OTHER = "other"
"""The name of the account that a second connection uses."""

STATES: dict[str, dict[str, Any]] = {
    "is offline": {"online": False},
    "is back online": {"online": True},
    "gets a keypad": {"keypad": True},
    "loses its keypad": {"keypad": False},
}


@given(step("{resource:Resource} has {what:Hung} {where:Where}"))
def has_a_lock(ctx: ScenarioContext, resource: str, what: str, where: str) -> None:
    zone = where.removeprefix("in ") if where.startswith("in ") else None
    ctx.set_up(resource, what, zone, MAIN if zone else OTHER)


@given(step("{resource:Resource} has {other:Resource}'s lock at its own connection"))
def has_that_lock_too(ctx: ScenarioContext, resource: str, other: str) -> None:
    place, world = ctx.environment.place(other), ctx.environment.world()
    zone, admin = str(ctx.environment.zone), ctx.subject.admin
    connection = admin.link(world, ctx.environment.vendor, zone, ctx.inbox.owner)
    rule = admin.create_rule(connection, resource, place.door)
    ctx.environment.add_alias(other, resource)
    ctx.setups[resource] = ResourceSetup(connection, rule)
    ctx.track_connection(connection, SECOND)
    ctx.platform.route_events(resource, connection)


@given(step('the account has {what:Hung} "{name}"{zone:Zone}'))
def account_has(ctx: ScenarioContext, what: str, name: str, zone: str) -> None:
    ctx.environment.add_door(name, what, zone=zone.removeprefix(" in ") or None)


@given(step("{number:d} locks are added to the account"))
def many_locks(ctx: ScenarioContext, number: int) -> None:
    for index in range(number):
        ctx.environment.add_door(f"Lock {index + 1}")


@given("the owner has linked the account")
def owner_has_linked(ctx: ScenarioContext) -> None:
    ctx.link()


@given(step("{lock:Lock} {state:LockState}"))
@when(step("{lock:Lock} {state:LockState}"))
def lock_changes(ctx: ScenarioContext, lock: str, state: str) -> None:
    name = lock.removeprefix("the lock of ").strip('"')
    if called := re.fullmatch('is called "(.*)"', state):
        ctx.environment.patch_door(name, name=called[1])
    elif drift := re.search(r"-?\d+", state):
        ctx.environment.patch_door(name, clock_drift_seconds=int(drift[0]))
    else:
        ctx.environment.patch_door(name, **STATES[state])


@given(step('the vendor\'s "{quirk}" is "{value}"'))
def vendor_behaves(ctx: ScenarioContext, quirk: str, value: str) -> None:
    ctx.environment.world().set_quirk(ctx.environment.vendor, quirk, value)
