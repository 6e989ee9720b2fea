"""A Nuki account as its owner uses it: by the vendor's paths, and at the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client, TestResponse

from tests.fakes.vendors.nuki.document import document

if TYPE_CHECKING:
    from flask import Flask

CONTROL = "control"
NOW = "2026-12-01T12:00:00+01:00"  # a Tuesday
SOON = "PT10S"
CODE = 345678
RIGHT = {"name": "Ada Novak", "type": 13, "code": CODE, "remoteAllowed": False}
Row = dict[str, Any]


@dataclass
class Account:
    """One world of its own; `token` is used for each call unless another is given."""

    app: Flask
    now: str = NOW
    token: str = ""
    strict: bool = True  # answers are held against the vendor's document
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        asked = {"now": self.now, "seed": "7", "client_clock": "world"}
        made = self.sim("POST", "/_sim/worlds", asked)
        self.base = f"/_sim/worlds/{made['id']}"
        self.token = made["credentials"]["nuki"]["api_token"]

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.open(
            path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {CONTROL}"},
        )
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def call(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> TestResponse:
        """Make a vendor's call; the answer is one that the vendor's document knows."""
        headers = {"Authorization": f"Bearer {more.pop('token', self.token)}"}
        if body is not None:
            more["json"] = body
        answer = self.client.open(
            f"/nuki{path}", method=method, headers=headers, **more
        )
        if self.strict:
            document().check(method, path, answer)
        return answer

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Make a call that is accepted; return what is answered, if anything is."""
        answer = self.call(method, path, body)
        assert answer.status_code in {200, 204}, answer.text
        return answer.json if answer.data else None

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Make a call that is refused; return the status and the message."""
        answer = self.call(method, path, body)
        assert answer.status_code >= 400, answer.text
        content = answer.get_json(silent=True) or {}
        return answer.status_code, str(content.get("detailMessage", ""))

    def add_door(self, name: str = "Studio", **fields: Any) -> Row:
        usual = {"vendor": "nuki", "name": name, "timezone": "Europe/Berlin"}
        return dict(self.sim("POST", f"{self.base}/doors", usual | fields))

    def change(self, door: Row, **fields: Any) -> Row:
        return dict(self.sim("PATCH", f"{self.base}/doors/{door['id']}", fields))

    def lock(self, door: Row) -> str:
        return f"/smartlock/{door['vendor_id']}"

    def order(self, door: Row, **body: Any) -> TestResponse:
        """Order a code: a right one but for what is given; None leaves a field out."""
        asked = {
            name: each for name, each in (RIGHT | body).items() if each is not None
        }
        return self.call("PUT", f"{self.lock(door)}/auth", asked)

    def store(self, door: Row, **body: Any) -> Row:
        """Order a code and wait until it is on the lock; return its row."""
        answer = self.order(door, **body)
        assert answer.status_code == 204, answer.text
        self.advance(SOON)
        return self.row(door, code=body.get("code", CODE))

    def rows(self, door: Row) -> list[Row]:
        """List the keypad codes of a lock."""
        return list(self.done("GET", f"{self.lock(door)}/auth?types=13"))

    def row(self, door: Row, code: int = CODE) -> Row:
        found = [row for row in self.rows(door) if row["code"] == code]
        assert len(found) == 1, found
        return found[0]

    def update(self, door: Row, row: Row, **body: Any) -> TestResponse:
        return self.call("POST", f"{self.lock(door)}/auth/{row['id']}", body)

    def delete(self, door: Row, row: Row) -> TestResponse:
        return self.call("DELETE", f"{self.lock(door)}/auth/{row['id']}")

    def log(self, door: Row, query: str = "") -> list[Row]:
        return list(self.done("GET", f"{self.lock(door)}/log{query}"))

    def probe(self, door: Row, code: int = CODE, at: str | None = None) -> str:
        asked = {"code": str(code)} | ({"at": at} if at else {})
        path = f"{self.base}/doors/{door['id']}/probe"
        return str(self.sim("POST", path, asked)["reason"])

    def enter(self, door: Row, code: int = CODE) -> str:
        path = f"{self.base}/doors/{door['id']}/entries"
        return str(self.sim("POST", path, {"code": str(code)})["reason"])

    def advance(self, span: str) -> list[Row]:
        return list(self.sim("POST", f"{self.base}/clock", {"advance": span})["ran"])

    def move_to(self, now: str) -> None:
        self.sim("POST", f"{self.base}/clock", {"now": now})

    def switch(self, **quirks: Any) -> None:
        named = {name.replace("_", "-"): value for name, value in quirks.items()}
        self.sim("PATCH", f"{self.base}/quirks", {"nuki": named})

    def truths(self, code: int = CODE) -> set[str]:
        """Return in which of the three truths a code is found."""
        rows = self.sim("GET", f"{self.base}/codes")
        return {row["truth"] for row in rows if row["code"] == str(code)}

    def fresh_token(self, *scopes: str) -> str:
        """Make a token that may do this and nothing else."""
        key = self.done("GET", "/api/key")[0]["apiKeyId"]
        made = self.done("PUT", f"/api/key/{key}/token", {"scopes": scopes})
        return str(made["accessToken"])
