"""Accounts, locks and doors: what there is before anything is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.parameter_types import step

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext

OTHER = "other"
"""The account of another connection."""


@given(step("{resource:Resource} has {what:Hung} in {zone:Zone}"))
def has_a_lock(ctx: ScenarioContext, resource: str, what: str, zone: str) -> None:
    ctx.set_up(resource, what, zone)


@given(step("{resource:Resource} has {what:Hung} at another connection"))
def has_a_lock_elsewhere(ctx: ScenarioContext, resource: str, what: str) -> None:
    ctx.set_up(resource, what, account=OTHER)


@given(step('{what:Hung} "{name}" in {zone:Zone}'))
def door_in_zone(ctx: ScenarioContext, what: str, name: str, zone: str) -> None:
    ctx.environment.add_door(name, what, zone=zone)


@given(step('{resource:Resource} is also opened by the lock "{name}"'))
def is_also_opened_by(ctx: ScenarioContext, resource: str, name: str) -> None:
    setup = ctx.setup_of(resource)
    doors = (ctx.environment.place(resource).door, ctx.environment.add_door(name).door)
    ids = ctx.admin.lock_ids(setup.connection, *doors)
    ctx.record_answer(ctx.admin.edit_rule(setup.rule, locks=ids))
    assert ctx.answer.ok, f"the rule was not edited: {ctx.answer.text}"


@given(step("{resource:Resource} is opened by the lock of {other:Resource}"))
def is_opened_by_the_lock_of(ctx: ScenarioContext, resource: str, other: str) -> None:
    ctx.create_rule(resource, ctx.environment.add_alias(other, resource).door)


@given(step('an account at the vendor with the lock "{name}"'))
@given(step('the lock "{name}" is added to the account'))
def account_with_lock(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.add_door(name)


@given(step('{what:Hung} "{name}" is added to the account'))
def is_added(ctx: ScenarioContext, what: str, name: str) -> None:
    ctx.environment.add_door(name, what)


@given(step('a device "{name}" that takes no codes is added to the account'))
def device_without_codes(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.add_door(name, "a device that takes no codes")


@given(step("{number:d} locks are added to the account"))
def many_locks(ctx: ScenarioContext, number: int) -> None:
    for index in range(number):
        ctx.environment.add_door(f"Lock {index + 1}")


@given("the owner has linked the account")
def owner_has_linked(ctx: ScenarioContext) -> None:
    ctx.link()


@given(step("the lock of {resource:Resource} is offline"))
def lock_is_offline(ctx: ScenarioContext, resource: str) -> None:
    ctx.environment.patch_door(resource, online=False)


@when(step("the lock of {resource:Resource} is back online"))
def lock_is_back(ctx: ScenarioContext, resource: str) -> None:
    ctx.environment.patch_door(resource, online=True)


@given(step('"{name}" is offline'))
def is_offline(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.patch_door(name, online=False)


@when(step('"{name}" is back online'))
def is_back(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.patch_door(name, online=True)


@when(step('"{name}" gets a keypad'))
def gets_keypad(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.patch_door(name, keypad=True)


@given(step('the vendor\'s "{quirk}" is "{value}"'))
def vendor_behaves(ctx: ScenarioContext, quirk: str, value: str) -> None:
    ctx.environment.world().set_quirk(ctx.environment.vendor, quirk, value)


@given(step('the clock of "{name}" is {drift:d} seconds off'))
def clock_is_off(ctx: ScenarioContext, name: str, drift: int) -> None:
    ctx.environment.patch_door(name, clock_drift_seconds=drift)


@when(step('"{name}" loses its keypad'))
def loses_keypad(ctx: ScenarioContext, name: str) -> None:
    ctx.environment.patch_door(name, keypad=False)
