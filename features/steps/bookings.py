"""Bookings: what customers do, and in which order the events of the platform arrive."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.members import membership_history
from features.steps.parameter_types import step
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Booking


def book(
    ctx: ScenarioContext, name: str, resource: str, start: datetime, end: datetime
) -> Booking:
    """Make a booking; its times are as the scenario writes them."""
    environment = ctx.environment
    times = environment.instant(start), environment.instant(end)
    return ctx.platform.book(name, resource, *times)


def deliver(ctx: ScenarioContext, kind: str, name: str) -> None:
    """Record an event of a customer's booking, and deliver it."""
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
    deliver(ctx, kind, name)


@given(step("{name:Who}'s booking is {kind:Event}"))
@when(step("{name:Who}'s booking is {kind:Event}"))
def known_booking_is(ctx: ScenarioContext, name: str, kind: str) -> None:
    deliver(ctx, kind, name)


@given(step("{number:d} bookings of {resource:Resource}, an hour each, are confirmed"))
def many_bookings(ctx: ScenarioContext, number: int, resource: str) -> None:
    first = ctx.environment.now + timedelta(days=1)
    for index in range(number):
        times = [first + timedelta(hours=index + more) for more in (0, 1)]
        ctx.platform.book(f"Guest{index}", resource, *times)
        deliver(ctx, "confirmed", f"Guest{index}")


@when(step("{name:Who}'s booking is moved to {target:Target}"))
def booking_moves(
    ctx: ScenarioContext, name: str, target: tuple[datetime, datetime] | str
) -> None:
    booking = ctx.booking(name)
    if isinstance(target, str):
        ctx.platform.update(booking.moved(resource=target))
    else:
        start, end = map(ctx.environment.instant, target)
        ctx.platform.update(booking.moved(to=(start, end)))
    deliver(ctx, "changed", name)


@when(step("{name:Who}'s booking is changed, and was never confirmed"))
def changed_unconfirmed(ctx: ScenarioContext, name: str) -> None:
    if ctx.platform.format.confirms("changed"):
        raise NotApplicable("its platform tells a change as it tells a confirmation")
    deliver(ctx, "changed", name)


@given(step("a change to {start:At} until {end:At} is on its way"))
def change_is_coming(ctx: ScenarioContext, start: datetime, end: datetime) -> None:
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    ctx.platform.plan_change(ctx.platform.latest.moved(to=times))


@when(step('the events of {whose:History} arrive as "{order}"{times:Times}'))
def events_arrive(ctx: ScenarioContext, whose: str, order: str, times: str) -> None:
    kinds = order.split(", ")
    name, _, community = whose.partition("'s membership of ")
    if community:
        events = membership_history(ctx, name, community.strip('"'), kinds)
    else:
        name = whose.removesuffix("'s booking")
        events = ctx.platform.history(name, kinds)
    if times == ", without a pause":
        ctx.platform.deliver_in_turn([events[kind] for kind in kinds])
        return
    if not times:
        for kind in kinds:
            ctx.platform.deliver_event(events[kind])
        return
    number, senders = map(int, re.findall(r"\d+", times))
    deliveries = [ctx.platform.prepare(event) for event in events.values()]
    ctx.platform.send_all(deliveries * number, senders)
