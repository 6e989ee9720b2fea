"""A visit as its guest has it: link, PIN, and what else a rule adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.messages import latest
from features.steps.rules import edit
from features.steps.words import phrase

if TYPE_CHECKING:
    from datetime import datetime

    from features.steps.exivo import Client
    from strikeplate.scene import Scene


@given(
    phrase(
        "{resource:Resource} opens {before:d} minutes before and {after:d} minutes"
        " after a booking"
    )
)
def opens_around(scene: Scene, resource: str, before: int, after: int) -> None:
    edit(scene, resource, margin_before_minutes=before, margin_after_minutes=after)


@when(
    phrase(
        "the owner tries to have {resource:Resource} open {before:d} minutes before a"
        " booking"
    )
)
def tries_minutes(scene: Scene, resource: str, before: int) -> None:
    rule = scene.site(resource).rule
    scene.asked(scene.desk.edit_rule(rule, margin_before_minutes=before))


@then(phrase("{name:Who}'s message brings a link"))
def message_brings_link(scene: Scene, name: str) -> None:
    text = latest(scene, name).text
    pattern = scene.ground.dialect.beside["link"]
    assert pattern.search(text), f"{name}'s message brings no link"


@given(
    phrase("{name:Who}'s code without its link {opens:Opens} {door:Door} at {at:At}")
)
@then(phrase("{name:Who}'s code without its link {opens:Opens} {door:Door} at {at:At}"))
def code_without_link(
    scene: Scene,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect_with(scene, door, scene.code(name), at, opens=opens)


@then(
    phrase(
        "{name:Who}'s code with the link of {other:Who} does not open {door:Door} at"
        " {at:At}"
    )
)
def code_with_other_link(
    scene: Scene, name: str, other: str, door: str, at: datetime
) -> None:
    beside = scene.beside(scene.code(other))
    expect_with(scene, door, scene.code(name), at, opens=False, **beside)


@given(phrase('the rule of {resource:Resource} adds "{option}"'))
def rule_adds(scene: Scene, resource: str, option: str) -> None:
    edit(scene, resource, options=[option])


@when(phrase('the owner tries to add "{option}" to the rule of {resource:Resource}'))
def tries_option(scene: Scene, option: str, resource: str) -> None:
    rule = scene.site(resource).rule
    scene.asked(scene.desk.edit_rule(rule, options=[option]))


@given(phrase('the account\'s app is "{number}"'))
def account_has_app(scene: Scene, number: str) -> None:
    credentials = {"mobile_app_id": number}
    answer = scene.asked(scene.desk.switch(scene.link(), credentials=credentials))
    assert answer.ok, f"the app was not taken: {answer.status} {answer.text}"


@then(phrase('{name:Who}\'s access says that it goes without "{way}"'))
def goes_without(scene: Scene, name: str, way: str) -> None:
    booking = scene.booked(name)
    connection = scene.site(booking.resource).connection
    told = scene.asked(scene.desk.booking(connection, booking.id)).json()
    (access,) = told["accesses"]
    assert access["status"] == "created", f"the access is {access['status']}"
    notice = access["notice"] or "nothing"
    assert "Without" in notice, f"it says {notice}"
    assert way in notice, f"it says {notice}"


@then(phrase("{name:Who}'s app {opens:Opens} {door:Door} at {at:At}"))
def app_opens(
    exivo: Client,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    phone = exivo.scene.platform.person(name).phone
    told = exivo.ask("GET", "/digitalKeyVisits").json()
    own = [row["id"] for row in told if row["publicRegistrationId"] == phone]
    assert len(own) == 1, f"{name} has {len(own)} invitations"
    expect_with(exivo.scene, door, "", at, opens=opens, medium=own[0])


def expect_with(
    scene: Scene, door: str, code: str, at: datetime, *, opens: bool, **more: str
) -> None:
    """Type a code with just this beside it, and hold the door to what is expected."""
    place, there = scene.ground.place(door), scene.ground.instant(at)
    entry = scene.ground.try_code(place, code, there, **more)
    found = "it opened" if entry.opened else f"it stayed shut: {entry.reason}"
    assert entry.opened is opens, f"at {at} {door}: {found}"
