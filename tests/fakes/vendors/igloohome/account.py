"""An igloohome account as its owner uses it: by the vendor's paths, and at the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client, TestResponse

if TYPE_CHECKING:
    from flask import Flask

CONTROL = "control"
NOW = "2026-12-01T09:20:00+01:00"
RIGHT = {
    "variance": 1,
    "startDate": "2026-12-01T15:00:00+01:00",
    "endDate": "2026-12-01T18:00:00+01:00",
    "accessName": "Ada",
}

# A PIN for a bridge to put into a lock, and the types of job
PIN = {
    "accessName": "Ada",
    "pin": "4711",
    "pinType": 4,
    "startDate": "2026-12-01T09:20:00+01:00",
    "endDate": "2026-12-01T10:20:00+01:00",
}
LOCK, UNLOCK, CREATE, DELETE, BATTERY, STATUS, PULL = 1, 2, 4, 5, 9, 10, 15


@dataclass
class Account:
    """One world of its own; `token` is used for each call unless another is given."""

    app: Flask
    now: str = NOW
    token: str = ""
    base: str = field(init=False)
    client_id: str = field(init=False)
    client_secret: str = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        asked = {"now": self.now, "seed": "7", "client_clock": "world"}
        made = self.sim("POST", "/_sim/worlds", asked)
        self.base = f"/_sim/worlds/{made['id']}"
        credentials = made["credentials"]["igloohome"]
        self.client_id = credentials["client_id"]
        self.client_secret = credentials["client_secret"]
        self.token = self.token or self.fresh_token()

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.open(
            path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {CONTROL}"},
        )
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def ask_token(self, **form: str) -> TestResponse:
        return self.client.post(
            "/igloohome/oauth2/token",
            data={"grant_type": "client_credentials", **form},
            auth=(self.client_id, self.client_secret),
        )

    def fresh_token(self, *scopes: str) -> str:
        named = {"scope": " ".join(f"igloohomeapi/{scope}" for scope in scopes)}
        answer = self.ask_token(**(named if scopes else {}))
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {more.pop('token', self.token)}"}
        return self.client.open(
            f"/igloohome/igloohome{path}",
            method=method,
            json=body,
            headers=headers,
            **more,
        )

    def add_door(self, name: str = "Gate", **fields: Any) -> dict[str, Any]:
        usual = {"vendor": "igloohome", "name": name, "timezone": "Europe/Stockholm"}
        return dict(self.sim("POST", f"{self.base}/doors", usual | fields))

    def change(self, door: dict[str, Any], **fields: Any) -> None:
        self.sim("PATCH", f"{self.base}/doors/{door['id']}", fields)

    def order(self, door: dict[str, Any], kind: str = "hourly", **body: Any) -> Any:
        """Order a PIN: a right one but for what is given; None leaves a field out."""
        asked = {
            name: each for name, each in (RIGHT | body).items() if each is not None
        }
        return self.call("POST", f"/devices/{door['vendor_id']}/algopin/{kind}", asked)

    def pin(self, door: dict[str, Any], kind: str = "hourly", **body: Any) -> str:
        answer = self.order(door, kind, **body)
        assert answer.status_code == 200, answer.text
        return str(answer.json["pin"])

    def probe(self, door: dict[str, Any], code: str, at: str) -> str:
        asked = {"code": code, "at": at}
        path = f"{self.base}/doors/{door['id']}/probe"
        return str(self.sim("POST", path, asked)["reason"])

    def enter(self, door: dict[str, Any], code: str) -> str:
        path = f"{self.base}/doors/{door['id']}/entries"
        return str(self.sim("POST", path, {"code": code})["reason"])

    def advance(self, span: str) -> list[dict[str, Any]]:
        return list(self.sim("POST", f"{self.base}/clock", {"advance": span})["ran"])

    def switch(self, **quirks: Any) -> None:
        named = {name.replace("_", "-"): value for name, value in quirks.items()}
        self.sim("PATCH", f"{self.base}/quirks", {"igloohome": named})

    def codes(self, truth: str) -> list[dict[str, Any]]:
        rows = self.sim("GET", f"{self.base}/codes")
        return [row for row in rows if row["truth"] == truth]

    def job(self, lock: dict[str, Any], hub: dict[str, Any], **body: Any) -> Any:
        path = f"/devices/{lock['vendor_id']}/jobs/bridges/{hub['vendor_id']}"
        return self.call("POST", path, body)

    def queue(self, lock: dict[str, Any], hub: dict[str, Any], **body: Any) -> str:
        """Queue a job that the bridge takes, and return its id."""
        answer = self.job(lock, hub, **body)
        assert answer.status_code == 200, answer.text
        return str(answer.json["jobId"])

    def job_status(self, job_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/jobs/{job_id}").json)
