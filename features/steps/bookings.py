"""Bookings: what customers do, and in which order the events of the platform arrive."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.doors import Typed, expect
from features.steps.members import membership_history
from features.steps.parameter_types import DAY, step
from strikeplate.platforms.standard import StandardFormat
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


SOON = {
    "": None,
    " within the same second": timedelta(milliseconds=400),
    " at the same instant": timedelta(),
}
"""How soon after the event before it happened."""


def deliver(ctx: ScenarioContext, kind: str, name: str, soon: str = "") -> None:
    """Record an event of a customer's booking, and deliver it."""
    event = ctx.platform.record_event(kind, ctx.booking(name), SOON[soon])
    ctx.platform.deliver_event(event)


PHONES = {
    "0046": "0046{prefix}{rest}",
    "+46 (0)": "+46 (0){prefix}-{rest}",
    "+46 and spaces": "+46 {prefix} {rest}",
    "tel:": "tel:+46{prefix}{rest}",
    "0": "0{prefix}-{rest}",
}
"""Ways to write a phone number, the last one as at home."""


@given(step('{name:Who} writes her phone number with "{way}"'))
def writes_phone(ctx: ScenarioContext, name: str, way: str) -> None:
    digits = ctx.platform.person(name).phone.removeprefix("+46")
    written = PHONES[way].format(prefix=digits[:2], rest=digits[2:])
    ctx.platform.write_phone(name, written)
    if way == "0":
        answer = ctx.admin.switch(ctx.link(), country="SE")
        assert answer.ok, f"its country was not taken: {answer.text}"


@given(step('{name:Who} speaks "{language}"'))
def set_language(ctx: ScenarioContext, name: str, language: str) -> None:
    ctx.platform.set_language(name, language)


@given(step("the platform names {name:Who} by an id{at:Sharing}"))
def platform_names_by_id(ctx: ScenarioContext, name: str, at: str) -> None:
    if not isinstance(ctx.platform.format, StandardFormat):
        raise NotApplicable("what the ids of its platform look like is not said")
    shared = re.fullmatch(r", at (\w+)'s address", at)
    ctx.platform.name_by_id(name, shared and shared[1])


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


@given(step("{name:Who}'s booking is {kind:Event}{soon:Soon}"))
@when(step("{name:Who}'s booking is {kind:Event}{soon:Soon}"))
def known_booking_is(ctx: ScenarioContext, name: str, kind: str, soon: str) -> None:
    deliver(ctx, kind, name, soon)


@given(step("{number:d} bookings of {resource:Resource}, an hour each, are confirmed"))
@when(step("{number:d} bookings of {resource:Resource}, an hour each, are confirmed"))
def many_bookings(ctx: ScenarioContext, number: int, resource: str) -> None:
    first, platform = ctx.environment.now + timedelta(days=1), ctx.platform
    deliveries = []
    for index in range(number):
        times = [first + timedelta(hours=index + more) for more in (0, 1)]
        booking = platform.book(guest(index), resource, *times)
        event = platform.record_event("confirmed", booking)
        deliveries += platform.prepare_all(event)
    platform.send_all(deliveries, senders=1)


def guest(index: int) -> str:
    """Return the name of one of many customers."""
    return f"Guest{index}"


@then(
    step("each of the {number:d} codes opens {door:Door} in its hour, as it was told")
)
def each_code_opens(ctx: ScenarioContext, number: int, door: str) -> None:
    for name in map(guest, range(number)):
        code = ctx.code(name)
        inside = ctx.booking(name).start + timedelta(minutes=30)
        expect(ctx, door, [Typed(code, ctx.extras_for(code))], inside, opens=True)


@when(step("{name:Who}'s booking is moved to {target:Target}{soon:Soon}"))
def booking_moves(
    ctx: ScenarioContext, name: str, target: tuple[datetime, datetime] | str, soon: str
) -> None:
    booking = ctx.booking(name)
    if isinstance(target, str):
        ctx.platform.update(booking.moved(resource=target))
    else:
        start, end = map(ctx.environment.instant, target)
        ctx.platform.update(booking.moved(to=(start, end)))
    deliver(ctx, "changed", name, soon)


@given(step("{name:Who}'s address is corrected"))
@when(step("{name:Who}'s address is corrected"))
def address_is_corrected(ctx: ScenarioContext, name: str) -> None:
    ctx.platform.correct_address(name)
    deliver(ctx, "changed", name)


@given(step("{name:Who}'s booking has {ref:Ref}"))
def booking_has_ref(ctx: ScenarioContext, name: str, ref: str) -> None:
    if not isinstance(ctx.platform.format, StandardFormat):
        raise NotApplicable(f"its profile does not say how a booking has {ref}")
    if days := re.findall(DAY, ref.removeprefix("the weekdays")):
        ctx.platform.update(replace(ctx.booking(name), weekdays=tuple(days)))
    elif other := re.fullmatch(r"the id of (\w+)'s", ref):
        ctx.platform.rename(name, ctx.booking(other[1]).id)
    elif quoted := re.search('"(.*)"', ref):
        ctx.platform.rename(name, f"{quoted[1]}-{ctx.environment.tag}")
    else:
        length = int(ref.split()[3])
        ctx.platform.rename(name, f"B-{ctx.environment.tag}-".ljust(length, "x"))


@when(step("{name:Who}'s booking is changed, and was {before:Before}"))
def changed_after(ctx: ScenarioContext, name: str) -> None:
    if ctx.platform.format.confirms("changed"):
        raise NotApplicable("its platform tells a change as it tells a confirmation")
    deliver(ctx, "changed", name)


@given(step("a change{soon:Soon} to {start:At} until {end:At} is on its way"))
def change_is_coming(
    ctx: ScenarioContext, soon: str, start: datetime, end: datetime
) -> None:
    if soon and not isinstance(ctx.platform.format, StandardFormat):
        raise NotApplicable("what its platform numbers events by is not said")
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    ctx.platform.plan_change(ctx.platform.latest.moved(to=times), SOON[soon])


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
