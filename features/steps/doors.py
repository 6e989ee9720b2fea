"""At the door: which code opens it, and when.

A step names the code in words. `Ada's code` is the one in her latest message; `the
keypad code` is one that an earlier step made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from features.steps.parameter_types import NAME, Count, rows, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from strikeplate.context import ScenarioContext

SECOND = timedelta(seconds=1)
IF_ANY = ", if there is one,"
HALF_DAY = timedelta(hours=12)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Typed:
    """A code that is typed, and what the door gets with it: a link, a medium."""

    code: str
    extras: Mapping[str, str]


class Codes:
    """The codes of one scenario by the words of its steps.

    `made` holds those that steps have made, as functions: a code may change before it
    is typed.
    """

    def __init__(self, ctx: ScenarioContext) -> None:
        self.ctx = ctx
        self.made: dict[str, Callable[[], str]] = {}

    def typed(self, words: str) -> list[Typed]:
        """Return the codes to type; several if any one of them may open the door."""
        ctx = self.ctx
        if found := re.fullmatch(f"one of (all )?({NAME})'s codes", words):
            return self._one_of(found[2], every=bool(found[1]))
        if found := re.fullmatch(f"({NAME})'s (first code|code.*)", words):
            return self._customers(found[1], found[2].removeprefix("code").strip())
        if words == "the owner's code":
            return [Typed(code, ctx.extras_for(code)) for code in ctx.owners_codes()]
        if found := re.fullmatch('the static code "(.*)"', words):
            return [Typed(found[1], {})]
        if found := re.fullmatch('the link with "(.*)"', words):
            return [Typed(found[1], {"link": self.made["the link"]()})]
        assert words in self.made, f"there is no code that is called {words}"
        code = self.made[words]()
        return [Typed(code, ctx.extras_for(code))]

    def _one_of(self, name: str, *, every: bool) -> list[Typed]:
        """Return a customer's codes: of the latest message, or of every one."""
        ctx, last = self.ctx, None if every else 1
        found = ctx.all_codes(name) if every else ctx.codes(name)
        extras = ctx.inbox.every_extra_for
        return [Typed(code, each) for code in found for each in extras(code, last=last)]

    def _customers(self, name: str, how: str) -> list[Typed]:
        """Return a customer's code: with its link, without one, or with another's."""
        ctx = self.ctx
        if how == IF_ANY and not ctx.inbox.codes(ctx.platform.person(name)):
            return []
        code = ctx.first_code(name) if how == "first code" else ctx.code(name)
        if how == "without its link":
            return [Typed(code, {})]
        owner = re.fullmatch(f"with the link of ({NAME})", how)
        linked = ctx.code(owner[1]) if owner else code
        return [Typed(code, ctx.extras_for(linked))]


@pytest.fixture
def codes(ctx: ScenarioContext) -> Codes:
    """Return the codes of this scenario."""
    return Codes(ctx)


def expect(
    ctx: ScenarioContext,
    door: str,
    typed: Sequence[Typed],
    at: datetime,
    *,
    opens: bool,
) -> None:
    """Type codes at a door and check that one of them opens it, or that none does."""
    place = ctx.environment.place(door)
    tries = [ctx.environment.try_code(place, t.code, at, **t.extras) for t in typed]
    reasons = ", ".join(entry.reason or "it opened" for entry in tries)
    wanted = "open" if opens else "stay shut"
    local = at.astimezone(ctx.environment.zone).strftime("%Y-%m-%d %H:%M:%S")
    text = f"at {local} {door} was to {wanted}, and it did not: {reasons}"
    assert any(entry.opened for entry in tries) is opens, text


CODE_OPENS = "{code:Code} {opens:Opens} {door:Door} at {at:At}"


@given(step(CODE_OPENS))
@then(step(CODE_OPENS))
def code_opens(
    codes: Codes,
    code: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    instant, typed = codes.ctx.environment.instant(at), codes.typed(code)
    if typed or not code.endswith(IF_ANY):
        expect(codes.ctx, door, typed, instant, opens=opens)


@then(step("{code:Code} opens {door:Door} {times:d} times at {at:At}"))
def code_opens_often(
    codes: Codes,
    code: str,
    door: str,
    times: int,
    at: datetime,
) -> None:
    for _ in range(times):
        code_opens(codes, code, True, door, at)


@then(step("{code:Code} opens {door:Door} from {start:At} until {end:At}"))
def code_opens_from(
    codes: Codes,
    code: str,
    door: str,
    start: datetime,
    end: datetime,
) -> None:
    ctx, typed = codes.ctx, codes.typed(code)
    first, over = ctx.environment.instant(start), ctx.environment.instant(end)
    expect(ctx, door, typed, first - SECOND, opens=False)
    expect(ctx, door, typed, first, opens=True)
    expect(ctx, door, typed, over - SECOND, opens=True)
    expect(ctx, door, typed, over, opens=False)


@then(step("{name:Who}'s code opens {door:Door} for the booked time alone"))
def code_opens_for_booking(codes: Codes, name: str, door: str) -> None:
    ctx, booking = codes.ctx, codes.ctx.booking(name)
    vocabulary, zone = ctx.environment.vocabulary, ctx.environment.zone
    start, end = vocabulary.window(booking.start, booking.end, zone)
    typed = codes.typed(f"{name}'s code")
    expect(ctx, door, typed, start - SECOND, opens=False)
    for at in half_days(start, end):
        expect(ctx, door, typed, at, opens=True)
    expect(ctx, door, typed, end - SECOND, opens=True)
    expect(ctx, door, typed, end + vocabulary.closes_after, opens=False)


def half_days(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the start, and every half day from it before the end."""
    while start < end:
        yield start
        start += HALF_DAY


@then(step("the door of {door:Door} answers {code:Code}"))
def door_answers(
    codes: Codes,
    door: str,
    code: str,
    datatable: list[list[str]],
) -> None:
    ctx, typed = codes.ctx, codes.typed(code)
    for row in rows(datatable):
        at = ctx.environment.instant(datetime.fromisoformat(row["at"]))
        expect(ctx, door, typed, at, opens=row["door"] == "open")


@then(step("{code:Code} opens {door:Door} in the week from {first:At} on {days} alone"))
def opens_on_days(
    codes: Codes, code: str, door: str, first: datetime, days: str
) -> None:
    ctx, typed = codes.ctx, codes.typed(code)
    for number, day in enumerate(DAYS):
        at = ctx.environment.instant(first + timedelta(days=number))
        expect(ctx, door, typed, at, opens=day in days.split())


@when(step("{number:d} wrong PINs are typed at {door:Door} at {at:At}"))
def wrong_pins(ctx: ScenarioContext, number: int, door: str, at: datetime) -> None:
    place, instant = ctx.environment.place(door), ctx.environment.instant(at)
    for last in range(number):
        ctx.environment.try_code(place, f"00000{last}", instant)


@given(step("{one:Who} and {other:Who} have different codes"))
@then(step("{one:Who} and {other:Who} have different codes"))
def codes_differ(ctx: ScenarioContext, one: str, other: str) -> None:
    assert ctx.code(one) != ctx.code(other), f"{one} and {other} share a code"


def codes_made(ctx: ScenarioContext, door: str, name: str) -> list[str]:
    """Return the codes made for a door, without those sent to other customers."""
    ctx.let_deliver()
    others = ctx.platform.others(name)
    theirs = {code for person in others for code in ctx.inbox.all_codes(person)}
    made = ctx.environment.codes(ctx.environment.place(door))
    return [code for code in made if code not in theirs]


@when(step("{name:Who}'s code is deleted at {door:Door}"))
def code_is_deleted(ctx: ScenarioContext, name: str, door: str) -> None:
    (code,) = codes_made(ctx, door, name)
    ctx.environment.patch_door(door, app_removes=code)


@then(step("{name:Who} has {number:Count} code{_:S} at {door:Door}"))
def has_codes_at(ctx: ScenarioContext, name: str, number: Count, door: str) -> None:
    made = codes_made(ctx, door, name)
    assert number.holds(len(made)), f"{len(made)} codes were made, not {number}"


@then(step("{number:Count} code{_:S} {verb:Are} {stored:Stored} {door:Door}"))
def codes_stored(ctx: ScenarioContext, number: Count, stored: str, door: str) -> None:
    truth = "door" if stored == "stored at" else "cloud"
    found = len(ctx.environment.codes(ctx.environment.place(door), truth))
    assert number.holds(found), f"{found} codes are {stored} {door}, not {number}"


@then(step("{name:Who} has no code"))
def has_no_code(ctx: ScenarioContext, name: str) -> None:
    ctx.let_deliver()
    mails = ctx.inbox.with_code(ctx.platform.person(name))
    assert not mails, f"{name} was sent {len(mails)} messages with a code"
    for resource in ctx.setups:
        made = codes_made(ctx, resource, name)
        assert not made, f"{len(made)} unsent codes were made for {resource}"
