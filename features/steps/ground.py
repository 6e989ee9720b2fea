"""Accounts, locks and doors: what there is before anything is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given

from features.steps.words import phrase

if TYPE_CHECKING:
    from features.harness.scene import Scene

OTHER = "other"
"""The account of another connection."""


@given(phrase("{resource:Resource} has a lock in {zone:Zone}"))
def has_a_lock(scene: Scene, resource: str, zone: str) -> None:
    scene.equip(resource, zone)


@given(phrase("{resource:Resource} has a lock at another connection"))
def has_a_lock_elsewhere(scene: Scene, resource: str) -> None:
    scene.equip(resource, account=OTHER)


@given(phrase('{resource:Resource} is also opened by the lock "{name}"'))
def is_also_opened_by(scene: Scene, resource: str, name: str) -> None:
    site = scene.site(resource)
    doors = (scene.ground.place(resource).door, scene.ground.hang(name).door)
    ids = scene.desk.lock_ids(site.connection, *doors)
    scene.asked(scene.desk.edit_rule(site.rule, locks=ids))
    assert scene.answer.ok, f"the rule was not edited: {scene.answer.text}"


@given(phrase("{resource:Resource} is opened by the lock of {other:Resource}"))
def is_opened_by_the_lock_of(scene: Scene, resource: str, other: str) -> None:
    scene.couple(resource, scene.ground.share(other, resource).door)


@given(phrase('an account at the vendor with the lock "{name}"'))
@given(phrase('the lock "{name}" is added to the account'))
def account_with_lock(scene: Scene, name: str) -> None:
    scene.ground.hang(name, kind="lock")


@given(phrase('a device "{name}" that takes no codes is added to the account'))
def device_without_codes(scene: Scene, name: str) -> None:
    scene.ground.hang(name, kind="bridge")


@given(phrase("{number:d} locks are added to the account"))
def many_locks(scene: Scene, number: int) -> None:
    for index in range(number):
        scene.ground.hang(f"Lock {index + 1}", kind="lock")


@given("the owner has linked the account")
def owner_has_linked(scene: Scene) -> None:
    scene.link()


@given(phrase("the lock of {resource:Resource} is offline"))
def lock_is_offline(scene: Scene, resource: str) -> None:
    place = scene.ground.place(resource)
    place.world.patch_door(place.door, online=False)
