"""Accounts, locks and doors: what there is before anything is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.words import phrase

if TYPE_CHECKING:
    from strikeplate.scene import Scene

OTHER = "other"
"""The account of another connection."""


@given(phrase("{resource:Resource} has {what:Hung} in {zone:Zone}"))
def has_a_lock(scene: Scene, resource: str, what: str, zone: str) -> None:
    scene.equip(resource, what, zone)


@given(phrase("{resource:Resource} has {what:Hung} at another connection"))
def has_a_lock_elsewhere(scene: Scene, resource: str, what: str) -> None:
    scene.equip(resource, what, account=OTHER)


@given(phrase('{what:Hung} "{name}" in {zone:Zone}'))
def hangs(scene: Scene, what: str, name: str, zone: str) -> None:
    scene.ground.add_door(name, what, zone=zone)


@given(phrase('{resource:Resource} is also opened by the lock "{name}"'))
def is_also_opened_by(scene: Scene, resource: str, name: str) -> None:
    site = scene.site(resource)
    doors = (scene.ground.place(resource).door, scene.ground.add_door(name).door)
    ids = scene.desk.lock_ids(site.connection, *doors)
    scene.asked(scene.desk.edit_rule(site.rule, locks=ids))
    assert scene.answer.ok, f"the rule was not edited: {scene.answer.text}"


@given(phrase("{resource:Resource} is opened by the lock of {other:Resource}"))
def is_opened_by_the_lock_of(scene: Scene, resource: str, other: str) -> None:
    scene.couple(resource, scene.ground.share(other, resource).door)


@given(phrase('an account at the vendor with the lock "{name}"'))
@given(phrase('the lock "{name}" is added to the account'))
def account_with_lock(scene: Scene, name: str) -> None:
    scene.ground.add_door(name)


@given(phrase('{what:Hung} "{name}" is added to the account'))
def is_added(scene: Scene, what: str, name: str) -> None:
    scene.ground.add_door(name, what)


@given(phrase('a device "{name}" that takes no codes is added to the account'))
def device_without_codes(scene: Scene, name: str) -> None:
    scene.ground.add_door(name, "a device that takes no codes")


@given(phrase("{number:d} locks are added to the account"))
def many_locks(scene: Scene, number: int) -> None:
    for index in range(number):
        scene.ground.add_door(f"Lock {index + 1}")


@given("the owner has linked the account")
def owner_has_linked(scene: Scene) -> None:
    scene.link()


@given(phrase("the lock of {resource:Resource} is offline"))
def lock_is_offline(scene: Scene, resource: str) -> None:
    scene.ground.change(resource, online=False)


@when(phrase("the lock of {resource:Resource} is back online"))
def lock_is_back(scene: Scene, resource: str) -> None:
    scene.ground.change(resource, online=True)


@given(phrase('"{name}" is offline'))
def is_offline(scene: Scene, name: str) -> None:
    scene.ground.change(name, online=False)


@when(phrase('"{name}" is back online'))
def is_back(scene: Scene, name: str) -> None:
    scene.ground.change(name, online=True)


@when(phrase('"{name}" gets a keypad'))
def gets_keypad(scene: Scene, name: str) -> None:
    scene.ground.change(name, keypad=True)


@given(phrase('the vendor\'s "{quirk}" is "{value}"'))
def vendor_behaves(scene: Scene, quirk: str, value: str) -> None:
    scene.ground.world().turn_quirk(scene.ground.vendor, quirk, value)


@given(phrase('the clock of "{name}" is {drift:d} seconds off'))
def clock_is_off(scene: Scene, name: str, drift: int) -> None:
    scene.ground.change(name, clock_drift_seconds=drift)


@when(phrase('"{name}" loses its keypad'))
def loses_keypad(scene: Scene, name: str) -> None:
    scene.ground.change(name, keypad=False)
