"""Keys that are taken and given back: at the cabinet, and as the owner sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.rules import edit
from features.steps.words import phrase
from strikeplate.desk import BEHIND, items
from strikeplate.scene import Site

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.scene import Scene
    from strikeplate.world import Entry

CABINET = "a key cabinet"


def press(scene: Scene, code: str, at: datetime, **more: object) -> Entry:
    """Type a code at the cabinet, and return what became of it."""
    ground = scene.ground
    return ground.try_code(ground.first, code, ground.instant(at), **more)


def expect_moved(scene: Scene, code: str, key: str, at: datetime, *, then: str) -> None:
    """Hold the cabinet to let a key be taken or put back."""
    entry = press(scene, code, at, then=then)
    assert entry.opened, f"the cabinet stays shut: {entry.reason}"
    assert entry.more["key"] == key, f"the key that was moved is {entry.more['key']}"


def key_of(scene: Scene, key: str) -> dict[str, Any]:
    """Return what the owner sees of a key."""
    answer = scene.desk.keys(scene.site(key).connection)
    assert answer.ok, f"the keys are not shown: {answer.status} {answer.text[:200]}"
    ids = scene.desk.lock_ids(scene.site(key).connection, _lock(scene, key))
    (found,) = (row for row in items(answer.json()) if row["lock"]["id"] in ids)
    return dict(found)


@given(
    phrase(
        "{one:Resource} and {other:Resource} have keys in one cabinet in {zone:Zone}"
    )
)
def keys_in_one_cabinet(scene: Scene, one: str, other: str, zone: str) -> None:
    scene.ground.add_door(one, CABINET, zone=zone)
    scene.ground.share(one, other)
    connection = scene.link()
    for resource in (one, other):
        rule = scene.subject.desk.couple(connection, resource, _lock(scene, resource))
        scene.sites[resource] = Site(connection, rule)
        scene.platform.serve(resource, connection)


@given(
    phrase("the rule of {key:Resource} tells of keys that are {late:d} minutes late")
)
def rule_tells_of_late(scene: Scene, key: str, late: int) -> None:
    edit(scene, key, overdue_after_minutes=late)


@given(phrase("the rule of {key:Resource} tells of keys that are returned"))
def rule_tells_of_returned(scene: Scene, key: str) -> None:
    edit(scene, key, report_returns=True)


@given(
    phrase("the rule of {key:Resource} says that there are {grace:d} minutes of grace")
)
def rule_says_grace(scene: Scene, key: str, grace: int) -> None:
    edit(scene, key, return_grace_minutes=grace)


@given(phrase('{name:Who}\'s code takes "{key}" at {at:At}'))
@when(phrase('{name:Who}\'s code takes "{key}" at {at:At}'))
@then(phrase('{name:Who}\'s code takes "{key}" at {at:At}'))
def code_takes(scene: Scene, name: str, key: str, at: datetime) -> None:
    expect_moved(scene, scene.code(name), key, at, then="take")


@given(phrase('{name:Who}\'s code returns "{key}" at {at:At}'))
@when(phrase('{name:Who}\'s code returns "{key}" at {at:At}'))
@then(phrase('{name:Who}\'s code returns "{key}" at {at:At}'))
def code_returns(scene: Scene, name: str, key: str, at: datetime) -> None:
    expect_moved(scene, scene.code(name), key, at, then="return")


@when(phrase('{name:Who}\'s code finds no key at "{key}" at {at:At}'))
def code_finds_no_key(scene: Scene, name: str, key: str, at: datetime) -> None:
    entry = press(scene, scene.code(name), at, then="take")
    assert entry.opened, f"the cabinet stays shut: {entry.reason}"
    assert entry.more["key"] is None, f"{entry.more['key']} was moved at {key}"


@given(phrase('the static code "{code}" returns "{key}" at {at:At}'))
@when(phrase('the static code "{code}" returns "{key}" at {at:At}'))
@then(phrase('the static code "{code}" returns "{key}" at {at:At}'))
def static_code_returns(scene: Scene, code: str, key: str, at: datetime) -> None:
    expect_moved(scene, code, key, at, then="return")


@then(phrase('the static code "{code}" does not open "{door}" at {at:At}'))
def static_code_is_refused(scene: Scene, code: str, door: str, at: datetime) -> None:
    entry = press(scene, code, at)
    assert not entry.opened, f"{door} opened for a static code"


@given("the owner looks where the keys are")
@when("the owner looks where the keys are")
def owner_looks(scene: Scene) -> None:
    scene.asked(scene.desk.look_at_keys(scene.link()))
    assert scene.answer.ok, f"nothing is looked at: {scene.answer.text}"
    scene.settle()


@then(phrase('the key of "{key}" is in slot'))
def key_is_in_slot(scene: Scene, key: str) -> None:
    found = key_of(scene, key)
    assert found["state"] == "in slot", f"the key is {found['state']}"
    assert found["booking"] is None, f"booking {found['booking']} still has it"


@then(phrase('the key of "{key}" is {state:w} with {name:Who}\'s booking'))
def key_is_with(scene: Scene, key: str, state: str, name: str) -> None:
    found, booking = key_of(scene, key), scene.booked(name)
    assert found["state"] == state, f"the key is {found['state']}, not {state}"
    assert found["booking"] == booking.id, f"booking {found['booking']} has it"


@then(phrase('"{key}" is not free for cleaning'))
def is_not_free(scene: Scene, key: str) -> None:
    assert not key_of(scene, key)["free_for_cleaning"], f"{key} is called free"


@then(phrase('"{key}" is free for cleaning after {name:Who}\'s booking'))
def is_free_after(scene: Scene, key: str, name: str) -> None:
    found, booking = key_of(scene, key), scene.booked(name)
    assert found["free_for_cleaning"], f"{key} is not called free"
    by = found["last_return"]["booking"]
    assert by == booking.id, f"it counts as returned by {by}"


@then(phrase('the owner is told of {name:Who}\'s booking, "{one}" and "{other}"'))
def owner_is_told(scene: Scene, name: str, one: str, other: str) -> None:
    mails = scene.post.to_owner()
    assert mails, "the owner is told nothing"
    for word in (scene.booked(name).id, one, other):
        assert word in mails[-1].text, f"the owner is not told {word!r}"


def _lock(scene: Scene, key: str) -> Any:
    """Return the key as the lock that it is to the vendor."""
    door = scene.ground.place(key).door
    return replace(door, vendor_id=f"{door.vendor_id}{BEHIND}{key}")
