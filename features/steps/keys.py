"""Keys that are taken and given back: at the cabinet, and as the owner sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from features.steps.rules import edit
from strikeplate.context import ResourceSetup
from strikeplate.subjects.admin_client import BEHIND, items

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.fakes_client import Entry

CABINET = "a key cabinet"


def press(ctx: ScenarioContext, code: str, at: datetime, **more: object) -> Entry:
    """Type a code at the cabinet, and return what became of it."""
    environment = ctx.environment
    return environment.try_code(
        environment.first, code, environment.instant(at), **more
    )


def expect_moved(
    ctx: ScenarioContext, code: str, key: str, at: datetime, *, then: str
) -> None:
    """Hold the cabinet to let a key be taken or put back."""
    entry = press(ctx, code, at, then=then)
    assert entry.opened, f"the cabinet stays shut: {entry.reason}"
    assert entry.more["key"] == key, f"the key that was moved is {entry.more['key']}"


def key_of(ctx: ScenarioContext, key: str) -> dict[str, Any]:
    """Return what the owner sees of a key."""
    answer = ctx.admin.keys(ctx.setup_of(key).connection)
    assert answer.ok, f"the keys are not shown: {answer.status} {answer.text[:200]}"
    ids = ctx.admin.lock_ids(ctx.setup_of(key).connection, _lock(ctx, key))
    (found,) = (row for row in items(answer.json()) if row["lock"]["id"] in ids)
    return dict(found)


@given(
    step("{one:Resource} and {other:Resource} have keys in one cabinet in {zone:Zone}")
)
def keys_in_one_cabinet(ctx: ScenarioContext, one: str, other: str, zone: str) -> None:
    ctx.environment.add_door(one, CABINET, zone=zone)
    ctx.environment.add_alias(one, other)
    connection = ctx.link()
    for resource in (one, other):
        rule = ctx.subject.admin.create_rule(connection, resource, _lock(ctx, resource))
        ctx.setups[resource] = ResourceSetup(connection, rule)
        ctx.platform.route_events(resource, connection)


@given(step("the rule of {key:Resource} tells of keys that are {late:d} minutes late"))
def rule_tells_of_late(ctx: ScenarioContext, key: str, late: int) -> None:
    edit(ctx, key, overdue_after_minutes=late)


@given(step("the rule of {key:Resource} tells of keys that are returned"))
def rule_tells_of_returned(ctx: ScenarioContext, key: str) -> None:
    edit(ctx, key, report_returns=True)


@given(
    step("the rule of {key:Resource} says that there are {grace:d} minutes of grace")
)
def rule_says_grace(ctx: ScenarioContext, key: str, grace: int) -> None:
    edit(ctx, key, return_grace_minutes=grace)


@given(step('{name:Who}\'s code takes "{key}" at {at:At}'))
@when(step('{name:Who}\'s code takes "{key}" at {at:At}'))
@then(step('{name:Who}\'s code takes "{key}" at {at:At}'))
def code_takes(ctx: ScenarioContext, name: str, key: str, at: datetime) -> None:
    expect_moved(ctx, ctx.code(name), key, at, then="take")


@given(step('{name:Who}\'s code returns "{key}" at {at:At}'))
@when(step('{name:Who}\'s code returns "{key}" at {at:At}'))
@then(step('{name:Who}\'s code returns "{key}" at {at:At}'))
def code_returns(ctx: ScenarioContext, name: str, key: str, at: datetime) -> None:
    expect_moved(ctx, ctx.code(name), key, at, then="return")


@when(step('{name:Who}\'s code finds no key at "{key}" at {at:At}'))
def code_finds_no_key(ctx: ScenarioContext, name: str, key: str, at: datetime) -> None:
    entry = press(ctx, ctx.code(name), at, then="take")
    assert entry.opened, f"the cabinet stays shut: {entry.reason}"
    assert entry.more["key"] is None, f"{entry.more['key']} was moved at {key}"


@given(step('the static code "{code}" returns "{key}" at {at:At}'))
@when(step('the static code "{code}" returns "{key}" at {at:At}'))
@then(step('the static code "{code}" returns "{key}" at {at:At}'))
def static_code_returns(
    ctx: ScenarioContext, code: str, key: str, at: datetime
) -> None:
    expect_moved(ctx, code, key, at, then="return")


@then(step('the static code "{code}" does not open "{door}" at {at:At}'))
def static_code_is_refused(
    ctx: ScenarioContext, code: str, door: str, at: datetime
) -> None:
    entry = press(ctx, code, at)
    assert not entry.opened, f"{door} opened for a static code"


@given("the owner looks where the keys are")
@when("the owner looks where the keys are")
def owner_looks(ctx: ScenarioContext) -> None:
    ctx.record_answer(ctx.admin.look_at_keys(ctx.link()))
    assert ctx.answer.ok, f"nothing is looked at: {ctx.answer.text}"
    ctx.run_until_idle()


@then(step('the key of "{key}" is in slot'))
def key_is_in_slot(ctx: ScenarioContext, key: str) -> None:
    found = key_of(ctx, key)
    assert found["state"] == "in slot", f"the key is {found['state']}"
    assert found["booking"] is None, f"booking {found['booking']} still has it"


@then(step('the key of "{key}" is {state:w} with {name:Who}\'s booking'))
def key_is_with(ctx: ScenarioContext, key: str, state: str, name: str) -> None:
    found, booking = key_of(ctx, key), ctx.booking(name)
    assert found["state"] == state, f"the key is {found['state']}, not {state}"
    assert found["booking"] == booking.id, f"booking {found['booking']} has it"


@then(step('"{key}" is not free for cleaning'))
def is_not_free(ctx: ScenarioContext, key: str) -> None:
    assert not key_of(ctx, key)["free_for_cleaning"], f"{key} is called free"


@then(step('"{key}" is free for cleaning after {name:Who}\'s booking'))
def is_free_after(ctx: ScenarioContext, key: str, name: str) -> None:
    found, booking = key_of(ctx, key), ctx.booking(name)
    assert found["free_for_cleaning"], f"{key} is not called free"
    by = found["last_return"]["booking"]
    assert by == booking.id, f"it counts as returned by {by}"


@then(step('the owner is told of {name:Who}\'s booking, "{one}" and "{other}"'))
def owner_is_told(ctx: ScenarioContext, name: str, one: str, other: str) -> None:
    mails = ctx.post.to_owner()
    assert mails, "the owner is told nothing"
    for word in (ctx.booking(name).id, one, other):
        assert word in mails[-1].text, f"the owner is not told {word!r}"


def _lock(ctx: ScenarioContext, key: str) -> Any:
    """Return the key as the lock that it is to the vendor."""
    door = ctx.environment.place(key).door
    return replace(door, vendor_id=f"{door.vendor_id}{BEHIND}{key}")
