"""Codes by hand: made by the owner without a booking, and the page of a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_bdd import then, when

from features.steps.doors import expect, expect_table
from features.steps.words import phrase

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.scene import Scene

KINDS = {"one-time": "onetime"}
"""How kinds are written in the API where it is not as in a scenario."""


def make(
    scene: Scene, kind: str, door: str, start: datetime, end: datetime | None
) -> None:
    """Ask for a code of a kind at a door."""
    place = scene.ground.place(door)
    wish: dict[str, Any] = {
        "lock": scene.desk.lock_ids(scene.link(), place.door)[0],
        "kind": KINDS.get(kind, kind),
        "start": start.astimezone(scene.ground.zone).isoformat(),
        "name": "Plumber",
    }
    if end:
        wish["end"] = end.astimezone(scene.ground.zone).isoformat()
    scene.asked(scene.desk.make_by_hand(wish))
    scene.settle()


@when(
    phrase(
        'the owner makes a code of kind "{kind}" for {door:Door} from {start:At} to'
        " {end:AtOrNone}"
    )
)
def makes_by_hand(
    scene: Scene, kind: str, door: str, start: datetime, end: datetime | None
) -> None:
    until = scene.ground.instant(end) if end else None
    make(scene, kind, door, scene.ground.instant(start), until)


@when(phrase('the owner tries to make a code of kind "{kind}" for {door:Door}'))
def tries_by_hand(scene: Scene, kind: str, door: str) -> None:
    start = scene.ground.now.replace(minute=0)
    make(scene, kind, door, start, start.replace(hour=start.hour + 2))


@then(phrase("the code made by hand answers at the door of {resource:Resource}"))
def made_code_answers(scene: Scene, resource: str, datatable: list[list[str]]) -> None:
    expect_table(scene, resource, made(scene)["pin"], datatable)


@then("the code made by hand has failed, and it says why")
def by_hand_failed(scene: Scene) -> None:
    row = scene.desk.access(scene.answer.json()["id"]).json()
    assert row["status"] == "failed", f"it has not failed: {row['status']}"
    assert row["reason"], "it gives no reason"


def made(scene: Scene) -> dict[str, Any]:
    """Return the access that was made by hand, as it is now."""
    assert scene.answer.status == 201, f"{scene.answer.status}: {scene.answer.text}"
    row: dict[str, Any] = scene.desk.access(scene.answer.json()["id"]).json()
    assert row["pin"], f"it has no PIN: {row['status']}, {row['reason']}"
    scene.redact.hide(row["pin"])
    return row


@when(
    phrase("the owner opens the page of the lock of {resource:Resource}"),
    target_fixture="page",
)
def opens_page(scene: Scene, resource: str) -> dict[str, Any]:
    site = scene.site(resource)
    door = scene.ground.place(resource).door
    answer = scene.desk.lock(scene.desk.lock_ids(site.connection, door)[0])
    assert answer.ok, f"the page is not shown: {answer.status}"
    page: dict[str, Any] = answer.json()
    return page


@then(phrase("it shows {name:Who}'s code"))
def page_shows_code(scene: Scene, page: dict[str, Any], name: str) -> None:
    pins = [row["pin"] for row in page["accesses"]]
    assert scene.code(name) in pins, f"it is not among the {len(pins)} codes shown"


@then(phrase("its master code opens {door:Door} at {at:At}"))
def master_code_opens(
    scene: Scene, page: dict[str, Any], door: str, at: datetime
) -> None:
    assert page["master_code"], "it shows no master code"
    scene.redact.hide(page["master_code"])
    expect(scene, door, page["master_code"], scene.ground.instant(at), opens=True)
