"""A property with LivionKey: by the vendor's paths, by the web app, at the cabinet."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client, TestResponse

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing

CONTROL = "control"
NOW = "2026-12-01T09:00:00Z"
START = "2026-12-01T15:00:00Z"
END = "2026-12-04T14:00:00Z"
PUSH = "http://127.0.0.1:9/push"
HOOK = "http://127.0.0.1:9/hook"
KEYS = [
    {"id": f"flat-{number}", "slot": number - 1, "return_code": f"700{number}"}
    for number in (1, 2, 3)
]
GUEST = {
    "contractId": "B-1001",
    "start": START,
    "end": END,
    "person": "Ada Novak",
    "contacts": [],
}
Json = dict[str, Any]


@dataclass
class Tenant:
    """One world of its own, with a cabinet of four slots and three keys."""

    app: Flask
    sent: list[Outgoing]
    now: str = NOW
    client_clock: str = "world"
    token: str = ""
    base: str = field(init=False)
    login: Json = field(init=False)
    cabinet: Json = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        asked = {"now": self.now, "seed": "7", "client_clock": self.client_clock}
        made = self.sim("POST", "/_sim/worlds", asked)
        self.base = f"/_sim/worlds/{made['id']}"
        self.login = made["credentials"]["livionkey"]
        self.switch(text_answers="text")
        self.cabinet = self.add_door("Lobby", slots=4, keys=KEYS)
        self.token = self.fresh_token()

    @property
    def device(self) -> str:
        return str(self.cabinet["vendor_id"])

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.open(
            path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {CONTROL}"},
        )
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def portal(self, method: str, path: str, body: Any = None) -> Any:
        account = (self.login["email"], self.login["password"])
        answer = self.client.open(
            f"/livionkey/portal{path}", method=method, json=body, auth=account
        )
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def ask_login(self, **fields: Any) -> TestResponse:
        asked = {"email": self.login["email"], "password": self.login["password"]}
        said = {name: each for name, each in (asked | fields).items() if each}
        return self.client.post("/livionkey/auth/login", json=said)

    def fresh_token(self) -> str:
        answer = self.ask_login()
        assert answer.status_code == 200, answer.text
        return str(answer.json["token"])

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {more.pop('token', self.token)}"}
        return self.client.open(
            f"/livionkey{path}", method=method, json=body, headers=headers, **more
        )

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def add_door(self, name: str, **fields: Any) -> Json:
        usual = {"vendor": "livionkey", "name": name, "timezone": "Europe/Stockholm"}
        return dict(self.sim("POST", f"{self.base}/doors", usual | fields))

    def change(self, door: Json | None = None, **fields: Any) -> Json:
        path = f"{self.base}/doors/{(door or self.cabinet)['id']}"
        return dict(self.sim("PATCH", path, fields))

    def order(self, key: str = "flat-1", **body: Any) -> TestResponse:
        """Order a contract: a right one but for what is given; None leaves out."""
        devices = [{"id": self.device, "keyId": key}]
        asked = {"devices": devices} | GUEST | body
        said = {name: each for name, each in asked.items() if each is not None}
        answer: TestResponse = self.call("POST", "/contracts", said)
        return answer

    def contract(self, key: str = "flat-1", **body: Any) -> Json:
        answer = self.order(key, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def update(self, contract: Json, **body: Any) -> TestResponse:
        key = self.get(f"/contracts/{contract['id']}")["devices"]
        answer: TestResponse = self.call(
            "POST", f"/contracts/{contract['id']}", {"devices": key} | body
        )
        return answer

    def enter(self, code: str, door: Json | None = None, **extra: Any) -> Json:
        path = f"{self.base}/doors/{(door or self.cabinet)['id']}/entries"
        return dict(self.sim("POST", path, {"code": code, **extra}))

    def probe(self, code: str, at: str, door: Json | None = None) -> str:
        path = f"{self.base}/doors/{(door or self.cabinet)['id']}/probe"
        return str(self.sim("POST", path, {"code": code, "at": at})["reason"])

    def reason(self, code: str, **extra: Any) -> str:
        return str(self.enter(code, **extra)["reason"])

    def go(self, to: str) -> list[Json]:
        return list(self.sim("POST", f"{self.base}/clock", {"now": to})["ran"])

    def advance(self, span: str) -> list[Json]:
        return list(self.sim("POST", f"{self.base}/clock", {"advance": span})["ran"])

    def switch(self, **quirks: Any) -> None:
        named = {name.replace("_", "-"): value for name, value in quirks.items()}
        self.sim("PATCH", f"{self.base}/quirks", {"livionkey": named})

    def settle(self, **settings: Any) -> None:
        self.portal("PATCH", "/settings", settings)

    def add_receiver(self) -> None:
        self.portal("PUT", "/push", {"url": PUSH, "headers": {"x-api-key": "shared"}})

    def events(self, url: str = PUSH) -> list[Json]:
        """Return what has arrived at an address, once the clock let it go."""
        self.advance("PT0S")
        return [json.loads(each.body) for each in self.sent if each.url == url]

    def key_events(self) -> list[str]:
        return [each["state"] for each in self.events() if each["type"] == "key-status"]

    def outbox(self) -> list[tuple[str, str]]:
        rows = self.sim("GET", f"{self.base}/outbox")
        return [(row["to"], row["subject"]) for row in rows]

    def where(self, key: str = "flat-1") -> Json:
        """Return the slot that a key belongs to, as the cabinet shows it."""
        slots = self.sim("GET", f"{self.base}/doors/{self.cabinet['id']}")["slots"]
        return dict(next(slot for slot in slots if slot["key"] == key))
