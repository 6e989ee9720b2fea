"""The igloohome server, asked over its own API, and its lock's keypad."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from pytest_bdd import given, then, when

from features.steps.doors import expect, expect_window
from features.steps.words import phrase
from strikeplate.call import call_json

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.call import Answer
    from strikeplate.scene import Scene

PATHS = {"one-time": "onetime"}


def bearer(scene: Scene) -> dict[str, str]:
    """Return a fresh token as the header that carries it."""
    own = scene.ground.credentials
    pair = f"{own['client_id']}:{own['client_secret']}".encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"grant_type": "client_credentials"}).encode()
    path = urlsplit(own["token_url"]).path
    answer = scene.stage.fakes.vendors("POST", path, body=body, headers=headers)
    assert answer.ok, f"no token: {answer.status} {answer.text}"
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def ask(scene: Scene, method: str, path: str, data: object = None) -> Answer:
    """Return the server's answer to a call of its API."""
    base = urlsplit(scene.ground.credentials["api_url"]).path
    token = bearer(scene)
    answer = call_json(scene.stage.fakes.vendors, method, base + path, data, token)
    scene.transcript.add("caller", f"{method} {path}", at=scene.ground.now, data=data)
    text = f"answers {answer.status}"
    scene.transcript.add("fake", text, at=scene.ground.now, data=answer.json())
    return answer


def ask_for_pin(scene: Scene, kind: str, door: str, **dates: str) -> Answer:
    """Return the server's answer to a wish for a PIN."""
    return ask_device(scene, kind, scene.ground.place(door).door.vendor_id, dates)


def ask_device(scene: Scene, kind: str, device: str, dates: dict[str, str]) -> Answer:
    """Return the server's answer to a wish for a PIN of a device."""
    wish = {"variance": 1, "accessName": "Ada", **dates}
    path = f"/devices/{device}/algopin/{PATHS.get(kind, kind)}"
    return ask(scene, "POST", path, wish)


def minted(scene: Scene, answer: Answer) -> dict[str, Any]:
    """Return the PIN that an answer brings."""
    assert answer.status == 200, f"no PIN: {answer.status} {answer.text}"
    told: dict[str, Any] = answer.json()
    scene.redact.hide(told["pin"])
    return told


PIN_FOR = '{kind} PIN for "{door}" from {start:Date}'


@given(
    phrase('an hourly PIN for "{door}" from {start:Date} to {end:Date}'),
    target_fixture="pin",
)
def hourly_pin(scene: Scene, door: str, start: str, end: str) -> dict[str, Any]:
    answer = ask_for_pin(scene, "hourly", door, startDate=start, endDate=end)
    return minted(scene, answer)


@when(phrase(f"{{_:A}} {PIN_FOR} to {{end:Date}} is made"), target_fixture="pin")
def pin_is_made(
    scene: Scene, kind: str, door: str, start: str, end: str
) -> dict[str, Any]:
    answer = ask_for_pin(scene, kind, door, startDate=start, endDate=end)
    return minted(scene, answer)


@when(phrase(f"{{_:A}} {PIN_FOR} is made"), target_fixture="pin")
def endless_pin_is_made(
    scene: Scene, kind: str, door: str, start: str
) -> dict[str, Any]:
    return minted(scene, ask_for_pin(scene, kind, door, startDate=start))


@when(
    phrase(f"the vendor is asked for {{_:A}} {PIN_FOR} to {{end:Date}}"),
    target_fixture="vendors_answer",
)
def vendor_is_asked(scene: Scene, kind: str, door: str, start: str, end: str) -> Answer:
    return ask_for_pin(scene, kind, door, startDate=start, endDate=end)


@when(
    "the vendor is asked for an hourly PIN for an unknown device",
    target_fixture="vendors_answer",
)
def unknown_device(scene: Scene) -> Answer:
    first = scene.ground.now.astimezone(scene.ground.zone).replace(minute=0)
    hours = [(first + timedelta(hours=n)).isoformat(timespec="seconds") for n in (1, 2)]
    dates = dict(zip(("startDate", "endDate"), hours, strict=True))
    return ask_device(scene, "hourly", "OE1X00000000", dates)


@when("the vendor is asked to delete the PIN", target_fixture="vendors_answer")
def asked_to_delete(scene: Scene, pin: dict[str, Any]) -> Answer:
    device = scene.ground.place("Gate").door.vendor_id
    return ask(scene, "DELETE", f"/devices/{device}/algopin/{pin['pinId']}")


@then("the vendor mints a PIN")
def vendor_mints(scene: Scene, vendors_answer: Answer) -> None:
    assert minted(scene, vendors_answer)["pin"].isdigit(), "the PIN is no digits"


@then("the vendor refuses")
def vendor_refuses(vendors_answer: Answer) -> None:
    status = vendors_answer.status
    assert 400 <= status < 500, f"it answers {status}: {vendors_answer.text}"


@then(phrase("the vendor refuses with {status:d}"))
def vendor_refuses_with(vendors_answer: Answer, status: int) -> None:
    found = vendors_answer
    assert found.status == status, f"it answers {found.status}: {found.text}"
    told = found.json()
    assert isinstance(told, dict), "the refusal is no JSON object"
    assert told.get("message") or told.get("error"), "the refusal says nothing"


@given(phrase('the PIN {opens:Opens} "{door}" at {at:At}'))
@then(phrase('the PIN {opens:Opens} "{door}" at {at:At}'))
def pin_opens(
    scene: Scene,
    pin: dict[str, Any],
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect(scene, door, pin["pin"], scene.ground.instant(at), opens=opens)


@then(phrase('the PIN is {found} for "{door}" at {at:At}'))
def pin_is(
    scene: Scene, pin: dict[str, Any], found: str, door: str, at: datetime
) -> None:
    instant = scene.ground.instant(at)
    expect(scene, door, pin["pin"], instant, opens=found == "open")


@then(phrase('the PIN opens "{door}" {times:d} times at {at:At}'))
def pin_opens_often(
    scene: Scene, pin: dict[str, Any], door: str, times: int, at: datetime
) -> None:
    for _ in range(times):
        expect(scene, door, pin["pin"], scene.ground.instant(at), opens=True)


@then(phrase('the PIN opens "{door}" from {start:At} until {end:At}'))
def pin_opens_from(
    scene: Scene, pin: dict[str, Any], door: str, start: datetime, end: datetime
) -> None:
    times = scene.ground.instant(start), scene.ground.instant(end)
    expect_window(scene, door, pin["pin"], *times)


@when("the last digit of the PIN is mistyped", target_fixture="mistyped")
def mistyped(pin: dict[str, Any]) -> str:
    digits: str = pin["pin"]
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


@then(phrase('the mistyped PIN does not open "{door}" at {at:At}'))
def mistyped_stays_shut(scene: Scene, mistyped: str, door: str, at: datetime) -> None:
    expect(scene, door, mistyped, scene.ground.instant(at), opens=False)


@when("the PIN is typed with decoy digits before it", target_fixture="longer")
def with_decoys(pin: dict[str, Any]) -> str:
    return f"4711{pin['pin']}"


@then(phrase('the longer PIN opens "{door}" at {at:At}'))
def longer_opens(scene: Scene, longer: str, door: str, at: datetime) -> None:
    expect(scene, door, longer, scene.ground.instant(at), opens=True)


@when(phrase('{number:d} wrong PINs are typed at "{door}" at {at:At}'))
def wrong_pins(scene: Scene, number: int, door: str, at: datetime) -> None:
    place, instant = scene.ground.place(door), scene.ground.instant(at)
    for last in range(number):
        scene.ground.try_code(place, f"00000{last}", instant)
