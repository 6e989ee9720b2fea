"""At the door: what a customer's code does there. The door has the last word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from features.steps.words import Count, phrase, rows

if TYPE_CHECKING:
    from strikeplate.scene import Scene

SECOND = timedelta(seconds=1)


def expect(
    scene: Scene, door: str, code: str, at: datetime, *, opens: bool, **more: object
) -> None:
    """Type a code at a door, and hold the door to what is expected.

    What the message brought beside the code goes with it, and whatever is in `more`.
    """
    given = {**scene.beside(code), **more}
    entry = scene.ground.try_code(scene.ground.place(door), code, at, **given)
    found = "it opened" if entry.opened else f"it stayed shut: {entry.reason}"
    wanted = "open" if opens else "stay shut"
    local = at.astimezone(scene.ground.zone).strftime("%Y-%m-%d %H:%M:%S")
    assert entry.opened is opens, f"at {local} {door} was to {wanted}, and {found}"


def expect_window(
    scene: Scene, door: str, code: str, start: datetime, end: datetime
) -> None:
    """Hold a door to open from a start until an end, and not a second outside."""
    expect(scene, door, code, start - SECOND, opens=False)
    expect(scene, door, code, start, opens=True)
    expect(scene, door, code, end - SECOND, opens=True)
    expect(scene, door, code, end, opens=False)


def expect_table(scene: Scene, door: str, code: str, table: list[list[str]]) -> None:
    """Hold a door to a table of instants."""
    for row in rows(table):
        at = scene.ground.instant(datetime.fromisoformat(row["at"]))
        expect(scene, door, code, at, opens=row["door"] == "open")


def codes_made(scene: Scene, door: str, name: str) -> list[str]:
    """Return the codes made for a door that no other customer was told."""
    others = scene.platform.everyone_but(name)
    told = {code for person in others for code in scene.post.all_codes(person)}
    made = scene.ground.codes(scene.ground.place(door))
    return [code for code in made if code not in told]


@given(phrase("{name:Who}'s code {opens:Opens} {door:Door} at {at:At}"))
@then(phrase("{name:Who}'s code {opens:Opens} {door:Door} at {at:At}"))
def code_opens(
    scene: Scene,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect(scene, door, scene.code(name), scene.ground.instant(at), opens=opens)


@then(phrase("{name:Who}'s code opens {door:Door} from {start:At} until {end:At}"))
def code_opens_from(
    scene: Scene, name: str, door: str, start: datetime, end: datetime
) -> None:
    times = scene.ground.instant(start), scene.ground.instant(end)
    expect_window(scene, door, scene.code(name), *times)


@then(phrase("one of {name:Who}'s codes opens {door:Door} at {at:At}"))
def one_code_opens(scene: Scene, name: str, door: str, at: datetime) -> None:
    place, instant = scene.ground.place(door), scene.ground.instant(at)
    tries = [
        scene.ground.try_code(place, code, instant, **scene.beside(code))
        for code in scene.codes(name)
    ]
    found = ", ".join(entry.reason for entry in tries)
    assert any(entry.opened for entry in tries), f"none opens {door}: {found}"


@then(phrase("the door of {resource:Resource} answers {name:Who}'s code"))
def door_answers(
    scene: Scene, resource: str, name: str, datatable: list[list[str]]
) -> None:
    expect_table(scene, resource, scene.code(name), datatable)


@given(phrase("{one:Who} and {other:Who} have different codes"))
@then(phrase("{one:Who} and {other:Who} have different codes"))
def codes_differ(scene: Scene, one: str, other: str) -> None:
    assert scene.code(one) != scene.code(other), f"{one} and {other} share a code"


@then(phrase("{name:Who} has {number:Count} code{_:S} at {door:Door}"))
def has_codes_at(scene: Scene, name: str, number: Count, door: str) -> None:
    made = codes_made(scene, door, name)
    assert number.holds(len(made)), f"{len(made)} codes were made, not {number}"


@then(phrase("{number:Count} code{_:S} {verb:Are} stored at the door of {door:Door}"))
def codes_stored(scene: Scene, number: Count, door: str) -> None:
    found = len(scene.ground.codes(scene.ground.place(door), "door"))
    assert number.holds(found), f"{found} codes are stored at the door, not {number}"


@then(phrase("{name:Who} has no code"))
def has_no_code(scene: Scene, name: str) -> None:
    told = scene.post.to(scene.platform.person(name))
    assert not told, f"{name} was sent {len(told)} messages"
    for resource in scene.sites:
        made = codes_made(scene, resource, name)
        assert not made, f"{len(made)} codes of nobody were made for {resource}"


@then("no code was made at the other connection")
def no_code_elsewhere(scene: Scene) -> None:
    for resource in scene.sites:
        made = scene.ground.codes(scene.ground.place(resource))
        assert not made, f"{len(made)} codes were made for {resource}"


@then(phrase('no code was made at "{door}"'))
def no_code_at(scene: Scene, door: str) -> None:
    made = scene.ground.codes(scene.ground.place(door))
    assert not made, f"{len(made)} codes were made for {door}"
