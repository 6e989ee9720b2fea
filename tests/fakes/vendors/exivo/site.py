"""An Exivo site as its owner, its visitors and its people use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

CONTROL = "control"
NOW = "2026-12-01T13:00:00Z"  # 14:00 in Zurich, a Tuesday
FROM = "2026-12-01T14:00:00Z"
TO = "2026-12-01T17:00:00Z"
CODE = "0427"


@dataclass
class Site:
    """One world of its own, empty but for its credentials."""

    app: Flask
    now: str = NOW
    base: str = field(init=False)
    site_id: str = field(init=False)
    key: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        asked = {"now": self.now, "seed": "7", "client_clock": "world"}
        made = self.sim("POST", "/_sim/worlds", asked)
        self.base = f"/_sim/worlds/{made['id']}"
        given = made["credentials"]["exivo"]
        self.site_id = given["site_id"]
        self.key = given["api_key"], given["api_secret"]

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {CONTROL}"}
        answer = self.client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Call the interface; `site` and `auth` are this site's unless given."""
        site, auth = more.pop("site", self.site_id), more.pop("auth", self.key)
        url = f"/exivo/v1/{site}{path}"
        return self.client.open(url, method=method, json=body, auth=auth, **more)

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Call the interface and see that it was done; return the object, if any."""
        answer = self.ask(method, path, body)
        assert answer.status_code in {200, 204}, answer.text
        assert (answer.status_code == 204) == (not answer.data)
        return answer.json if answer.data else None

    def refused(self, path: str, body: Any = None, status: int = 400) -> str:
        """Ask for a change and see that it was refused; return why."""
        answer = self.ask("POST", path, body)
        assert answer.status_code == status, answer.text
        return str(answer.json["message"]) if answer.data else ""

    def add_door(self, name: str = "Studio", **fields: Any) -> dict[str, Any]:
        usual = {"vendor": "exivo", "name": name, "timezone": "Europe/Zurich"}
        return dict(self.sim("POST", f"{self.base}/doors", usual | fields))

    def change(self, door: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return dict(self.sim("PATCH", f"{self.base}/doors/{door['id']}", fields))

    def door(self, door: dict[str, Any]) -> dict[str, Any]:
        return dict(self.sim("GET", f"{self.base}/doors/{door['id']}"))

    def visit(self, *doors: dict[str, Any], **body: Any) -> dict[str, Any]:
        """Make a visit: a right one but for what is given."""
        return dict(self.done("POST", "/visit", self.visit_body(*doors, **body)))

    def visit_body(self, *doors: dict[str, Any], **body: Any) -> dict[str, Any]:
        usual = {
            "code": CODE,
            "validFrom": FROM,
            "validTo": TO,
            "components": [door["vendor_id"] for door in doors],
        }
        return {name: each for name, each in (usual | body).items() if each is not None}

    def person(self, *, pin: str = CODE, **body: Any) -> str:
        """Make a person with a PIN; return the id."""
        visit_body = {"firstName": "Ada", "lastName": "Novak"} | body
        person_id = str(self.done("POST", "/person", visit_body)["id"])
        if pin:
            self.done("POST", f"/person/{person_id}/pincode", {"pinCode": pin})
        return person_id

    def group(self, profile: str = "ALWAYS", zone: str = "Main") -> str:
        """Make an access group that may enter a zone; return the id."""
        group_id = str(self.done("POST", "/accessgroup", {"name": "Members"})["id"])
        zones = {each["name"]: each["id"] for each in self.done("GET", "/accessZone")}
        path = f"/accessgroup/{group_id}/accesszone/{zones[zone]}"
        self.done("POST", path, profile)
        return group_id

    def member(self, group_id: str, **body: Any) -> str:
        """Make a person in a group; return the id."""
        person_id = self.person(**body)
        self.done("POST", f"/person/{person_id}/assign/accessgroup/{group_id}")
        return person_id

    def enter(self, door: dict[str, Any], code: str = CODE, **more: Any) -> str:
        path = f"{self.base}/doors/{door['id']}/entries"
        return str(self.sim("POST", path, {"code": code, **more})["reason"])

    def probe(self, door: dict[str, Any], code: str = CODE, **more: Any) -> str:
        path = f"{self.base}/doors/{door['id']}/probe"
        return str(self.sim("POST", path, {"code": code, **more})["reason"])

    def advance(self, span: str) -> list[dict[str, Any]]:
        return list(self.sim("POST", f"{self.base}/clock", {"advance": span})["ran"])

    def turn(self, now: str) -> None:
        self.sim("POST", f"{self.base}/clock", {"now": now})

    def switch(self, **quirks: Any) -> None:
        named = {name.replace("_", "-"): value for name, value in quirks.items()}
        self.sim("PATCH", f"{self.base}/quirks", {"exivo": named})

    def facts(self, path: str = "/component", **query: Any) -> list[str]:
        """Return the names of the log's lines, newest first."""
        answer = self.ask("GET", f"/accesslog{path}", query_string=query)
        assert answer.status_code == 200, answer.text
        return [fact["name"] for fact in answer.json]

    def codes(self, truth: str) -> list[str]:
        rows = self.sim("GET", f"{self.base}/codes")
        return [row["code"] for row in rows if row["truth"] == truth]


@dataclass
class Phone:
    """A program that uses a visit's page: no HTML, the same cookie all the time."""

    app: Flask
    visit: dict[str, Any]
    html: bool = False

    def __post_init__(self) -> None:
        self.client = Client(self.app)
        self.path = self.visit["link"].removeprefix("http://localhost")

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(self.path + path, headers=self._headers())

    def log_in(self, code: str = CODE) -> TestResponse:
        return self.client.post(
            f"{self.path}/login", data={"code": code}, headers=self._headers()
        )

    def open(self, door: dict[str, Any]) -> TestResponse:
        path = f"{self.path}/components/{door['vendor_id']}/open"
        return self.client.post(path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Accept": "text/html" if self.html else "application/json"}
