"""Bookings: what customers do, and what the platform tells of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.parameter_types import step

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Booking


def book(
    ctx: ScenarioContext, name: str, resource: str, start: datetime, end: datetime
) -> Booking:
    """Let a customer book, at times as a scenario writes them."""
    environment = ctx.environment
    times = environment.instant(start), environment.instant(end)
    return ctx.platform.book(name, resource, *times)


def tell(ctx: ScenarioContext, kind: str, name: str) -> None:
    """Let something happen to a customer's booking, and tell it."""
    ctx.platform.deliver_event(ctx.platform.record_event(kind, ctx.booking(name)))


@given(step('{name:Who} speaks "{language}"'))
def set_language(ctx: ScenarioContext, name: str, language: str) -> None:
    ctx.platform.set_language(name, language)


@given(step("{name:Who} booked {resource:Resource} from {start:At} to {end:At}"))
def booked(
    ctx: ScenarioContext, name: str, resource: str, start: datetime, end: datetime
) -> None:
    book(ctx, name, resource, start, end)


BOOKING_IS = "{name:Who}'s booking of {resource:Resource} from {start:At} to {end:At}"


@given(step(BOOKING_IS + " is {kind:Event}"))
@when(step(BOOKING_IS + " is {kind:Event}"))
def booking_is(  # noqa: PLR0913, PLR0917 - as many as the sentence has words
    ctx: ScenarioContext,
    name: str,
    resource: str,
    start: datetime,
    end: datetime,
    kind: str,
) -> None:
    book(ctx, name, resource, start, end)
    tell(ctx, kind, name)


@given(step("{name:Who}'s booking is {kind:Event}"))
@when(step("{name:Who}'s booking is {kind:Event}"))
def known_booking_is(ctx: ScenarioContext, name: str, kind: str) -> None:
    tell(ctx, kind, name)


@given(step("{name:Who}'s booking was refused"))
def booking_was_refused(ctx: ScenarioContext, name: str) -> None:
    tell(ctx, "confirmed", name)
    assert not ctx.answer.ok, "the event was taken, though it was to be refused"


@given(step("{number:d} bookings of {resource:Resource}, an hour each, are confirmed"))
def many_bookings(ctx: ScenarioContext, number: int, resource: str) -> None:
    first = ctx.environment.now + timedelta(days=1)
    for index in range(number):
        times = [first + timedelta(hours=index + more) for more in (0, 1)]
        ctx.platform.book(f"Guest{index}", resource, *times)
        tell(ctx, "confirmed", f"Guest{index}")


@when(step("{name:Who}'s booking is moved to {start:At} until {end:At}"))
def booking_moves(
    ctx: ScenarioContext, name: str, start: datetime, end: datetime
) -> None:
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    ctx.platform.update(ctx.booking(name).moved(to=times))
    tell(ctx, "changed", name)


@when(step("{name:Who}'s booking is moved to {resource:Resource}"))
def booking_changes_court(ctx: ScenarioContext, name: str, resource: str) -> None:
    ctx.platform.update(ctx.booking(name).moved(resource=resource))
    tell(ctx, "changed", name)


@given(step("a change to {start:At} until {end:At} is on its way"))
def change_is_coming(ctx: ScenarioContext, start: datetime, end: datetime) -> None:
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    ctx.platform.plan_change(ctx.platform.latest.moved(to=times))


@when(step('the events of {name:Who}\'s booking arrive as "{order}"'))
def events_arrive(ctx: ScenarioContext, name: str, order: str) -> None:
    kinds = order.split(", ")
    history = ctx.platform.history(name, kinds)
    for kind in kinds:
        ctx.platform.deliver_event(history[kind])


ARRIVES = '"{kinds}" of {name:Who}\'s booking arrives {times:d} times from {senders:d} '


@when(step(ARRIVES + "senders at once"))
def events_arrive_at_once(
    ctx: ScenarioContext, kinds: str, name: str, times: int, senders: int
) -> None:
    history = ctx.platform.history(name, kinds.split(", "))
    deliveries = [ctx.platform.prepare(event) for event in history.values()]
    ctx.platform.send_all(deliveries * times, senders)


@when(step("{name:Who}'s booking is confirmed at a guessed URL"))
def told_to_a_guess(ctx: ScenarioContext, name: str) -> None:
    event = ctx.platform.record_event("confirmed", ctx.booking(name))
    delivery = ctx.platform.prepare(event)
    ctx.platform.send(delivery.to(delivery.path[:-4] + "AAAA"))


@when(step("{name:Who}'s booking is confirmed at the URL of {resource:Resource}"))
def told_elsewhere(ctx: ScenarioContext, name: str, resource: str) -> None:
    event = ctx.platform.record_event("confirmed", ctx.booking(name))
    delivery = ctx.platform.prepare(event)
    ctx.platform.send(delivery.to(ctx.setup_of(resource).connection.path))


@when(step(BOOKING_IS + " comes under the same event id"))
def same_event_id(
    ctx: ScenarioContext, name: str, resource: str, start: datetime, end: datetime
) -> None:
    booking = book(ctx, name, resource, start, end)
    ctx.platform.deliver_event(ctx.platform.reuse_last_id(booking))


@when("the very same delivery comes again")
def same_delivery(ctx: ScenarioContext) -> None:
    ctx.platform.send(ctx.platform.deliveries[-1])
