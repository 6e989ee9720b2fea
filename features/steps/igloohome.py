"""The igloohome server, asked over its own API, and its lock's keypad."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from pytest_bdd import given, then, when

from features.steps.doors import expect, expect_window
from features.steps.parameter_types import step
from strikeplate.http import call_json

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

PATHS = {"one-time": "onetime"}


def bearer(ctx: ScenarioContext) -> dict[str, str]:
    """Return a fresh token as the header that carries it."""
    own = ctx.environment.credentials
    pair = f"{own['client_id']}:{own['client_secret']}".encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"grant_type": "client_credentials"}).encode()
    path = urlsplit(own["token_url"]).path
    answer = ctx.target_context.fakes.vendors("POST", path, body=body, headers=headers)
    assert answer.ok, f"no token: {answer.status} {answer.text}"
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def ask(ctx: ScenarioContext, method: str, path: str, data: object = None) -> Answer:
    """Return the server's answer to a call of its API."""
    base = urlsplit(ctx.environment.credentials["api_url"]).path
    token = bearer(ctx)
    answer = call_json(
        ctx.target_context.fakes.vendors, method, base + path, data, token
    )
    ctx.transcript.add("caller", f"{method} {path}", at=ctx.environment.now, data=data)
    text = f"answers {answer.status}"
    ctx.transcript.add("fake", text, at=ctx.environment.now, data=answer.json())
    return answer


def ask_for_pin(ctx: ScenarioContext, kind: str, door: str, **dates: str) -> Answer:
    """Return the server's answer to a wish for a PIN."""
    return ask_device(ctx, kind, ctx.environment.place(door).door.vendor_id, dates)


def ask_device(
    ctx: ScenarioContext, kind: str, device: str, dates: dict[str, str]
) -> Answer:
    """Return the server's answer to a wish for a PIN of a device."""
    body = {"variance": 1, "accessName": "Ada", **dates}
    path = f"/devices/{device}/algopin/{PATHS.get(kind, kind)}"
    return ask(ctx, "POST", path, body)


def minted(ctx: ScenarioContext, answer: Answer) -> dict[str, Any]:
    """Return the PIN that an answer brings."""
    assert answer.status == 200, f"no PIN: {answer.status} {answer.text}"
    payload: dict[str, Any] = answer.json()
    ctx.redact.hide(payload["pin"])
    return payload


PIN_FOR = '{kind} PIN for "{door}" from {start:Date}'


@given(
    step('an hourly PIN for "{door}" from {start:Date} to {end:Date}'),
    target_fixture="pin",
)
def hourly_pin(ctx: ScenarioContext, door: str, start: str, end: str) -> dict[str, Any]:
    answer = ask_for_pin(ctx, "hourly", door, startDate=start, endDate=end)
    return minted(ctx, answer)


@when(step(f"{{_:A}} {PIN_FOR} to {{end:Date}} is made"), target_fixture="pin")
def pin_is_made(
    ctx: ScenarioContext, kind: str, door: str, start: str, end: str
) -> dict[str, Any]:
    answer = ask_for_pin(ctx, kind, door, startDate=start, endDate=end)
    return minted(ctx, answer)


@when(step(f"{{_:A}} {PIN_FOR} is made"), target_fixture="pin")
def endless_pin_is_made(
    ctx: ScenarioContext, kind: str, door: str, start: str
) -> dict[str, Any]:
    return minted(ctx, ask_for_pin(ctx, kind, door, startDate=start))


@when(
    step(f"the vendor is asked for {{_:A}} {PIN_FOR} to {{end:Date}}"),
    target_fixture="vendors_answer",
)
def vendor_is_asked(
    ctx: ScenarioContext, kind: str, door: str, start: str, end: str
) -> Answer:
    return ask_for_pin(ctx, kind, door, startDate=start, endDate=end)


@when(
    "the vendor is asked for an hourly PIN for an unknown device",
    target_fixture="vendors_answer",
)
def unknown_device(ctx: ScenarioContext) -> Answer:
    first = ctx.environment.now.astimezone(ctx.environment.zone).replace(minute=0)
    hours = [(first + timedelta(hours=n)).isoformat(timespec="seconds") for n in (1, 2)]
    dates = dict(zip(("startDate", "endDate"), hours, strict=True))
    return ask_device(ctx, "hourly", "OE1X00000000", dates)


@when("the vendor is asked to delete the PIN", target_fixture="vendors_answer")
def asked_to_delete(ctx: ScenarioContext, pin: dict[str, Any]) -> Answer:
    device = ctx.environment.place("Gate").door.vendor_id
    return ask(ctx, "DELETE", f"/devices/{device}/algopin/{pin['pinId']}")


@then("the vendor mints a PIN")
def vendor_mints(ctx: ScenarioContext, vendors_answer: Answer) -> None:
    assert minted(ctx, vendors_answer)["pin"].isdigit(), "the PIN is no digits"


@then("the vendor refuses")
def vendor_refuses(vendors_answer: Answer) -> None:
    status = vendors_answer.status
    assert 400 <= status < 500, f"it answers {status}: {vendors_answer.text}"


@then(step("the vendor refuses with {status:d}"))
def vendor_refuses_with(vendors_answer: Answer, status: int) -> None:
    found = vendors_answer
    assert found.status == status, f"it answers {found.status}: {found.text}"
    payload = found.json()
    assert isinstance(payload, dict), "the refusal is no JSON object"
    assert payload.get("message") or payload.get("error"), "the refusal says nothing"


@given(step('the PIN {opens:Opens} "{door}" at {at:At}'))
@then(step('the PIN {opens:Opens} "{door}" at {at:At}'))
def pin_opens(
    ctx: ScenarioContext,
    pin: dict[str, Any],
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect(ctx, door, pin["pin"], ctx.environment.instant(at), opens=opens)


@then(step('the PIN is {found} for "{door}" at {at:At}'))
def pin_is(
    ctx: ScenarioContext, pin: dict[str, Any], found: str, door: str, at: datetime
) -> None:
    instant = ctx.environment.instant(at)
    expect(ctx, door, pin["pin"], instant, opens=found == "open")


@then(step('the PIN opens "{door}" {times:d} times at {at:At}'))
def pin_opens_often(
    ctx: ScenarioContext, pin: dict[str, Any], door: str, times: int, at: datetime
) -> None:
    for _ in range(times):
        expect(ctx, door, pin["pin"], ctx.environment.instant(at), opens=True)


@then(step('the PIN opens "{door}" from {start:At} until {end:At}'))
def pin_opens_from(
    ctx: ScenarioContext, pin: dict[str, Any], door: str, start: datetime, end: datetime
) -> None:
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    expect_window(ctx, door, pin["pin"], *times)


@when("the last digit of the PIN is mistyped", target_fixture="mistyped")
def mistyped(pin: dict[str, Any]) -> str:
    digits: str = pin["pin"]
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


@then(step('the mistyped PIN does not open "{door}" at {at:At}'))
def mistyped_stays_shut(
    ctx: ScenarioContext, mistyped: str, door: str, at: datetime
) -> None:
    expect(ctx, door, mistyped, ctx.environment.instant(at), opens=False)


@when("the PIN is typed with decoy digits before it", target_fixture="longer")
def with_decoys(pin: dict[str, Any]) -> str:
    return f"4711{pin['pin']}"


@then(step('the longer PIN opens "{door}" at {at:At}'))
def longer_opens(ctx: ScenarioContext, longer: str, door: str, at: datetime) -> None:
    expect(ctx, door, longer, ctx.environment.instant(at), opens=True)


@when(step('{number:d} wrong PINs are typed at "{door}" at {at:At}'))
def wrong_pins(ctx: ScenarioContext, number: int, door: str, at: datetime) -> None:
    place, instant = ctx.environment.place(door), ctx.environment.instant(at)
    for last in range(number):
        ctx.environment.try_code(place, f"00000{last}", instant)
