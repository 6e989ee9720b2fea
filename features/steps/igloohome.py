"""The igloohome server, asked for PINs through its API."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from pytest_bdd import given, when

from features.steps.parameter_types import step
from features.steps.vendor_api import VendorClient

if TYPE_CHECKING:
    from features.steps.doors import Codes
    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

PATHS = {"one-time": "onetime"}
UNKNOWN = "OE1X00000000"
"""The id of a device that no account has."""


class Client(VendorClient):
    """A client of the API, which keeps the PIN that it was given last."""

    def __init__(self, ctx: ScenarioContext, answers: list[Answer]) -> None:
        super().__init__(ctx, answers)
        self.path = ""
        self.made: dict[str, str] = {}

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer to a call with a new token."""
        return self.call(method, self.base + path, data, self.bearer())

    def bearer(self) -> dict[str, str]:
        """Return the header with a new token."""
        own = self.ctx.environment.credentials
        pair = f"{own['client_id']}:{own['client_secret']}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"grant_type": "client_credentials"}).encode()
        path = urlsplit(own["token_url"]).path
        server = self.ctx.target_context.fakes.vendors
        answer = server("POST", path, body=body, headers=headers)
        assert answer.ok, f"no token: {answer.status} {answer.text}"
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def order(self, kind: str, door: str, dates: dict[str, str]) -> Answer:
        """Order a PIN for a door of the scenario."""
        return self.order_of(
            self.ctx.environment.place(door).door.vendor_id, kind, dates
        )

    def order_of(self, device: str, kind: str, dates: dict[str, str]) -> Answer:
        """Order a PIN for a device, which the account may not have."""
        self.path = f"/devices/{device}/algopin"
        body = {"variance": 1, "accessName": "Ada", **dates}
        answer = self.ask("POST", f"{self.path}/{PATHS.get(kind, kind)}", body)
        self.made = answer.json() if answer.status == 200 else {}
        self.ctx.redact.hide(self.made.get("pin", ""))
        return answer

    def pin(self) -> str:
        """Return the PIN that was made last."""
        found = self.answers[-1]
        assert self.made, f"no PIN was made: {found.status} {found.text}"
        return self.made["pin"]

    def locks(self) -> dict[str, str]:
        """Return the name of each device, by its id."""
        rows = self.ask("GET", "/devices").json()["payload"]
        return {row["deviceId"]: row["deviceName"] for row in rows}

    def revoke(self) -> None:
        """Ask the vendor to delete the PIN, which its API does not offer."""
        self.ask("DELETE", f"{self.path}/{self.made['pinId']}")


@pytest.fixture
def igloohome(
    ctx: ScenarioContext, vendor_answers: list[Answer], codes: Codes
) -> Client:
    """Return the client of this scenario."""
    made = Client(ctx, vendor_answers)
    codes.made["the PIN"] = made.pin
    codes.made["the PIN with a wrong last digit"] = lambda: mistyped(made.pin())
    codes.made["the PIN after decoy digits"] = lambda: f"4711{made.pin()}"
    return made


def mistyped(pin: str) -> str:
    """Return a PIN whose last digit is wrong."""
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)


ORDER = 'the vendor is asked for {_:A} {kind} PIN for "{door}" from {start:Date}'


@given(step(ORDER + "{end:To}"))
def has_pin(igloohome: Client, kind: str, door: str, start: str, end: str) -> None:
    asked_for_pin(igloohome, kind, door, start, end)
    igloohome.pin()


@when(step(ORDER + "{end:To}"))
def asked_for_pin(
    igloohome: Client, kind: str, door: str, start: str, end: str
) -> None:
    dates = {"startDate": start}
    if end:
        dates["endDate"] = end.removeprefix(" to ")
    igloohome.order(kind, door, dates)


@when("the vendor is asked for an hourly PIN for an unknown device")
def asked_for_unknown(igloohome: Client) -> None:
    environment = igloohome.ctx.environment
    first = environment.now.astimezone(environment.zone).replace(minute=0)
    hours = [(first + timedelta(hours=n)).isoformat(timespec="seconds") for n in (1, 2)]
    dates = dict(zip(("startDate", "endDate"), hours, strict=True))
    igloohome.order_of(UNKNOWN, "hourly", dates)
