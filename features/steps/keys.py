"""Keys: taken from and returned to the cabinet, and as the owner sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from strikeplate.context import ResourceSetup
from strikeplate.subjects.admin_client import BEHIND, items

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from features.steps.doors import Codes
    from features.steps.livionkey import Client
    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.fakes_client import Door

CABINET = "a key cabinet"
INTENTS = {"takes": "take", "returns": "return", "does not find": "take"}


def key_of(ctx: ScenarioContext, key: str) -> dict[str, Any]:
    """Return a key as the owner sees it."""
    answer = ctx.admin.keys(ctx.setup_of(key).connection)
    assert answer.ok, f"the keys are not shown: {answer.status} {answer.text[:200]}"
    ids = ctx.admin.lock_ids(ctx.setup_of(key).connection, lock(ctx, key))
    (found,) = (row for row in items(answer.json()) if row["lock"]["id"] in ids)
    return dict(found)


@given(step("{one:Resource} and {other:Resource} have keys in one cabinet{zone:Zone}"))
def keys_in_one_cabinet(ctx: ScenarioContext, one: str, other: str, zone: str) -> None:
    ctx.environment.add_door(one, CABINET, zone=zone.removeprefix(" in "))
    ctx.environment.add_alias(one, other)
    connection = ctx.link()
    for resource in (one, other):
        rule = ctx.subject.admin.create_rule(connection, resource, lock(ctx, resource))
        ctx.setups[resource] = ResourceSetup(connection, rule)
        ctx.platform.route_events(resource, connection)


MOVES = "{code:Code} {moves:Moves} {key:Door} at {at:At}"


@given(step(MOVES))
@when(step(MOVES))
@then(step(MOVES))
def code_moves_key(codes: Codes, code: str, moves: str, key: str, at: datetime) -> None:
    environment, place = codes.ctx.environment, place_of(codes.ctx, key)
    wanted = None if moves == "does not find" else id_of(place.door, key)
    (typed,) = codes.typed(code)
    instant, intent = environment.instant(at), INTENTS[moves]
    entry = environment.try_code(place, typed.code, instant, then=intent)
    assert entry.opened, f"the cabinet stays shut: {entry.reason}"
    assert entry.more["key"] == wanted, f"the key that was moved is {entry.more['key']}"


@then(step("the key of {key:Door} is {state:KeyState}"))
def key_is(
    ctx: ScenarioContext, request: pytest.FixtureRequest, key: str, state: str
) -> None:
    if ctx.target_context.subject is None:
        client: Client = request.getfixturevalue("livionkey")
        shown = client.shown(key)
        assert shown == state, f"the vendor shows the key as {shown}, not {state}"
        return
    found = key_of(ctx, key)
    wanted, _, holder = state.partition(" with ")
    booking = ctx.booking(holder.removesuffix("'s booking")).id if holder else None
    shown = "in its slot" if found["state"] == "in slot" else found["state"]
    assert shown == wanted, f"the key is {shown}, not {wanted}"
    assert found["booking"] == booking, f"booking {found['booking']} has it"


@then(step("{key:Door} is {free:Free}"))
def is_free(ctx: ScenarioContext, key: str, free: str) -> None:
    found, (_, _, name) = key_of(ctx, key), free.partition(" after ")
    assert found["free_for_cleaning"] is bool(name), f"{key} is to be {free}"
    if name:
        booking, by = name.removesuffix("'s booking"), found["last_return"]["booking"]
        assert by == ctx.booking(booking).id, f"it counts as returned by {by}"


@then(step('the owner is notified of {name:Who}\'s booking, "{one}" and "{other}"'))
def owner_is_notified(ctx: ScenarioContext, name: str, one: str, other: str) -> None:
    mails = ctx.inbox.to_owner()
    assert mails, "the owner is notified of nothing"
    for word in (ctx.booking(name).id, one, other):
        assert word in mails[-1].text, f"the owner's message lacks {word!r}"


def lock(ctx: ScenarioContext, key: str) -> Door:
    """Return the door, or the key of a cabinet, which its vendor lists as a lock."""
    door = ctx.environment.place(key).door
    if len(door.keys) <= 1:
        return door
    return replace(door, vendor_id=f"{door.vendor_id}{BEHIND}{id_of(door, key)}")


def place_of(ctx: ScenarioContext, key: str) -> Place:
    """Return the cabinet of a key that is booked, else the only one there is."""
    environment = ctx.environment
    return environment.place(key) if key in ctx.setups else environment.first


def id_of(cabinet: Door, key: str) -> str:
    """Return a key's id at the vendor: that of flat-2 is in the second slot."""
    if len(cabinet.keys) == 1:
        return cabinet.keys[0]
    return cabinet.keys[int(key.rpartition("-")[2]) - 1]
