"""A demo world by its control interface, and one code at each vendor's door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.kit.app import Options, create_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.test import TestResponse

CONTROL = {"Authorization": "Bearer control"}
CLIENT = create_app(Options(control_token="control")).test_client()
VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
NOW = "2026-12-01T09:00:00Z"
START, END = "2026-12-01T10:00:00Z", "2026-12-01T12:00:00Z"
INSIDE = "2026-12-01T11:00:00Z"
NUKI_CODES = iter(range(345678, 345999))
Door = dict[str, Any]
Typed = dict[str, str]


class Sim:
    """A demo world of its own."""

    def __init__(self) -> None:
        body = {"portfolio": "demo", "now": NOW, "client_clock": "world"}
        made = CLIENT.post("/_sim/worlds", json=body, headers=CONTROL).json
        self.path = f"/_sim/worlds/{made['id']}"
        self.credentials = made["credentials"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = CLIENT.open(
            self.path + path, method=method, json=body, headers=CONTROL
        )
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def doors(self, vendor: str) -> list[Door]:
        return [each for each in self.ask("GET", "/doors") if each["vendor"] == vendor]

    def door(self, vendor: str) -> Door:
        return self.doors(vendor)[0]

    def turn(self, door: Door, state: str) -> Door:
        """Reset, pair or replace the device at a door; return it as it is now."""
        return dict(self.ask("POST", f"/doors/{door['id']}/device", {"state": state}))

    def opens(self, door: Door, typed: Typed) -> bool:
        asked = {**typed, "at": INSIDE}
        return bool(self.ask("POST", f"/doors/{door['id']}/probe", asked)["opens"])

    def codes(self, door: Door, truth: str) -> list[str]:
        rows = self.ask("GET", f"/codes?door={door['id']}")
        return [row["code"] for row in rows if row["truth"] == truth]

    def switch(self, vendor: str, name: str, value: object) -> None:
        self.ask("PATCH", "/quirks", {vendor: {name: value}})

    def issue(self, door: Door) -> Typed:
        """Make a code for 10 to 12 o'clock; return what is typed at the door."""
        issue = {
            "exivo": self._issue_visit,
            "igloohome": self._issue_pin,
            "livionkey": self._issue_contract,
            "nuki": self._issue_code,
        }[door["vendor"]]
        typed = issue(door)
        self.ask("POST", "/clock", {"advance": "PT1M"})
        return typed

    def call(self, vendor: str, method: str, path: str, body: Any) -> TestResponse:
        """Call a vendor with the credentials of this world."""
        known: Mapping[str, str] = self.credentials[vendor]
        if vendor == "exivo":
            pair = (known["api_key"], known["api_secret"])
            url = f"/exivo/v1/{known['site_id']}{path}"
            return CLIENT.open(url, method=method, json=body, auth=pair)
        bearer = {"Authorization": f"Bearer {self._token(vendor, known)}"}
        url = known["api_url"].removeprefix("http://localhost") + path
        return CLIENT.open(url, method=method, json=body, headers=bearer)

    def done(self, vendor: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(vendor, method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def _token(self, vendor: str, known: Mapping[str, str]) -> str:
        if vendor == "nuki":
            return known["api_token"]
        if vendor == "livionkey":
            login = {name: known[name] for name in ("email", "password")}
            return str(CLIENT.post("/livionkey/auth/login", json=login).json["token"])
        pair = (known["client_id"], known["client_secret"])
        form = {"grant_type": "client_credentials"}
        made = CLIENT.post("/igloohome/oauth2/token", data=form, auth=pair)
        return str(made.json["access_token"])

    def _issue_visit(self, door: Door) -> Typed:
        visit = {
            "code": "4711",
            "validFrom": START,
            "validTo": END,
            "components": [door["vendor_id"]],
        }
        made = self.done("exivo", "POST", "/visit", visit)
        return {"code": "4711", "link": made["link"]}

    def _issue_pin(self, door: Door) -> Typed:
        order = {"variance": 1, "accessName": "B-1", "startDate": START, "endDate": END}
        order |= {name: order[name].replace("Z", "+00:00") for name in DATES}
        path = f"/devices/{door['vendor_id']}/algopin/hourly"
        return {"code": self.done("igloohome", "POST", path, order)["pin"]}

    def _issue_contract(self, door: Door) -> Typed:
        key = next(each["key"] for each in door["slots"] if each["key"])
        order = {
            "contractId": f"B-{next(NUKI_CODES)}",
            "start": START,
            "end": END,
            "person": "Ada",
            "contacts": [{"name": "Ada", "email": "ada@example.org"}],
            "devices": [{"id": door["vendor_id"], "keyId": key}],
        }
        return {"code": self.done("livionkey", "POST", "/contracts", order)["pincode"]}

    def _issue_code(self, door: Door) -> Typed:
        code = next(NUKI_CODES)
        while "0" in str(code):
            code = next(NUKI_CODES)
        order = {
            "name": f"B {code}",
            "type": 13,
            "code": code,
            "allowedFromDate": START,
            "allowedUntilDate": END,
        }
        self.done("nuki", "PUT", f"/smartlock/{door['vendor_id']}/auth", order)
        return {"code": str(code)}


DATES = ("startDate", "endDate")
