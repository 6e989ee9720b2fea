"""Bookings: what customers do, and what the platform tells of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.words import phrase

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.booking import Booking
    from strikeplate.scene import Scene


def book(
    scene: Scene, name: str, resource: str, start: datetime, end: datetime
) -> Booking:
    """Let a customer book, at times as a scenario writes them."""
    ground = scene.ground
    times = ground.instant(start), ground.instant(end)
    return scene.platform.book(name, resource, *times)


def tell(scene: Scene, kind: str, name: str) -> None:
    """Let something happen to a customer's booking, and tell it."""
    scene.platform.tell(scene.platform.happen(kind, scene.booked(name)))


@given(phrase('{name:Who} speaks "{language}"'))
def speaks(scene: Scene, name: str, language: str) -> None:
    scene.platform.speaks(name, language)


@given(phrase("{name:Who} booked {resource:Resource} from {start:At} to {end:At}"))
def booked(
    scene: Scene, name: str, resource: str, start: datetime, end: datetime
) -> None:
    book(scene, name, resource, start, end)


BOOKING_IS = "{name:Who}'s booking of {resource:Resource} from {start:At} to {end:At}"


@given(phrase(BOOKING_IS + " is {kind:Event}"))
@when(phrase(BOOKING_IS + " is {kind:Event}"))
def booking_is(  # noqa: PLR0913, PLR0917 - as many as the sentence has words
    scene: Scene, name: str, resource: str, start: datetime, end: datetime, kind: str
) -> None:
    book(scene, name, resource, start, end)
    tell(scene, kind, name)


@given(phrase("{name:Who}'s booking is {kind:Event}"))
@when(phrase("{name:Who}'s booking is {kind:Event}"))
def known_booking_is(scene: Scene, name: str, kind: str) -> None:
    tell(scene, kind, name)


@given(phrase("{name:Who}'s booking was refused"))
def booking_was_refused(scene: Scene, name: str) -> None:
    tell(scene, "confirmed", name)
    assert not scene.answer.ok, "the event was taken, though it was to be refused"


@given(
    phrase("{number:d} bookings of {resource:Resource}, an hour each, are confirmed")
)
def many_bookings(scene: Scene, number: int, resource: str) -> None:
    first = scene.ground.now + timedelta(days=1)
    for index in range(number):
        times = [first + timedelta(hours=index + more) for more in (0, 1)]
        scene.platform.book(f"Guest{index}", resource, *times)
        tell(scene, "confirmed", f"Guest{index}")


@when(phrase("{name:Who}'s booking is moved to {start:At} until {end:At}"))
def booking_moves(scene: Scene, name: str, start: datetime, end: datetime) -> None:
    times = scene.ground.instant(start), scene.ground.instant(end)
    scene.platform.change(scene.booked(name).moved(to=times))
    tell(scene, "changed", name)


@when(phrase("{name:Who}'s booking is moved to {resource:Resource}"))
def booking_changes_court(scene: Scene, name: str, resource: str) -> None:
    scene.platform.change(scene.booked(name).moved(resource=resource))
    tell(scene, "changed", name)


@given(phrase("a change to {start:At} until {end:At} is on its way"))
def change_is_coming(scene: Scene, start: datetime, end: datetime) -> None:
    times = scene.ground.instant(start), scene.ground.instant(end)
    scene.platform.announce(scene.platform.latest.moved(to=times))


@when(phrase('the events of {name:Who}\'s booking arrive as "{order}"'))
def events_arrive(scene: Scene, name: str, order: str) -> None:
    kinds = order.split(", ")
    history = scene.platform.history(name, kinds)
    for kind in kinds:
        scene.platform.tell(history[kind])


ARRIVES = '"{kinds}" of {name:Who}\'s booking arrives {times:d} times from {senders:d} '


@when(phrase(ARRIVES + "senders at once"))
def events_arrive_at_once(
    scene: Scene, kinds: str, name: str, times: int, senders: int
) -> None:
    history = scene.platform.history(name, kinds.split(", "))
    tellings = [scene.platform.prepare(event) for event in history.values()]
    scene.platform.send_all(tellings * times, senders)


@when(phrase("{name:Who}'s booking is confirmed at a guessed URL"))
def told_to_a_guess(scene: Scene, name: str) -> None:
    event = scene.platform.happen("confirmed", scene.booked(name))
    telling = scene.platform.prepare(event)
    scene.platform.send(telling.to(telling.path[:-4] + "AAAA"))


@when(phrase("{name:Who}'s booking is confirmed at the URL of {resource:Resource}"))
def told_elsewhere(scene: Scene, name: str, resource: str) -> None:
    event = scene.platform.happen("confirmed", scene.booked(name))
    telling = scene.platform.prepare(event)
    scene.platform.send(telling.to(scene.site(resource).connection.path))


@when(phrase(BOOKING_IS + " comes under the same event id"))
def same_event_id(
    scene: Scene, name: str, resource: str, start: datetime, end: datetime
) -> None:
    booking = book(scene, name, resource, start, end)
    scene.platform.tell(scene.platform.under_last_id(booking))


@when("the very same delivery comes again")
def same_delivery(scene: Scene) -> None:
    scene.platform.send(scene.platform.deliveries[-1])
