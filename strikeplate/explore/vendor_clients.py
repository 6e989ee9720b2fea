"""Calls of each vendor's API, as far as codes are made, changed, deleted and listed.

Invariants: a code is known by the name that it was ordered by here; the vendor's own
ids and digits stay inside. What is made is taken back when its world ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64encode
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from strikeplate.fakes_client import instant
from strikeplate.http import call_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.http import Answer

Times = tuple["datetime", "datetime"]


class RefusalError(Exception):
    """The vendor refused what it must do."""


@dataclass
class Made:
    """A code that was made: its digits, its id at the vendor, and its door."""

    code: str
    ref: str
    place: Place
    extras: dict[str, str] = field(default_factory=dict)


@dataclass
class VendorCalls(ABC):
    """The calls of one vendor's account."""

    ctx: ScenarioContext
    made: dict[str, Made] = field(default_factory=dict)

    changes: ClassVar[bool] = False
    deletes: ClassVar[bool] = True
    lists: ClassVar[bool] = True

    @property
    def own(self) -> Mapping[str, str]:
        """The account's credentials."""
        return self.ctx.environment.credentials

    def make(self, name: str, place: Place, times: Times) -> None:
        """Order a code for a door; `RefusalError` if the vendor does not make it."""
        undo = partial(self.gone, name)
        place.world.on_close(f"a code called {self.label(name)}", undo)
        self.made[name] = self._make(name, place, times)

    def gone(self, name: str) -> bool:
        """Delete a code of a real server, if it is there; return whether it is gone."""
        made = self.made.get(name)
        if made is None or self.label(name) not in self.listed(made.place):
            return True
        self.delete(name)
        return False

    def label(self, name: str) -> str:
        """Return what a code is called at the vendor."""
        return f"strikeplate-{self.ctx.environment.tag}-{name}"

    @abstractmethod
    def _make(self, name: str, place: Place, times: Times) -> Made: ...

    @abstractmethod
    def change(self, name: str, times: Times) -> None:
        """Change when a code is good."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a code."""

    @abstractmethod
    def listed(self, place: Place) -> set[str]:
        """Return what the codes of a door are called that the vendor lists as good."""

    @abstractmethod
    def locks(self) -> dict[str, str]:
        """Return the name of each lock of the account, by its id."""

    @abstractmethod
    def bearer(self) -> dict[str, str]:
        """Return the headers of a call."""

    def ask(self, method: str, path: str, data: object = None) -> Any:
        """Return the JSON answer to a call; `RefusalError` if it is no success."""
        base = urlsplit(self.own["api_url"]).path.rstrip("/")
        server = self.ctx.target_context.fakes.vendors
        answer = call_json(server, method, base + path, data, self.bearer())
        return _success(answer, f"{method} {path}")


def _success(answer: Answer, call: str) -> Any:
    if not answer.ok:
        raise RefusalError(f"{call} was answered {answer.status}")
    return answer.json()


class Nuki(VendorCalls):
    """Keypad codes of Nuki Web."""

    changes = True

    def bearer(self) -> dict[str, str]:
        """Return the token."""
        return {"Authorization": f"Bearer {self.own['api_token']}"}

    def _make(self, name: str, place: Place, times: Times) -> Made:
        chance = Random(self.label(name))  # noqa: S311 - no secret
        code = "9" + "".join(chance.choices("123456789", k=5))
        body = {"type": 13, "code": int(code), "remoteAllowed": False}
        self.ask("PUT", self._auths(place), body | self._body(name, times))
        return Made(code, "", place)

    def change(self, name: str, times: Times) -> None:
        """Overwrite its schedule."""
        self.ask("POST", self._path(name), self._body(name, times))

    def delete(self, name: str) -> None:
        """Delete it."""
        self.ask("DELETE", self._path(name))

    def listed(self, place: Place) -> set[str]:
        """Return the names of its authorizations."""
        return {row["name"] for row in self.ask("GET", self._auths(place))}

    def locks(self) -> dict[str, str]:
        """Return its smart locks."""
        rows = self.ask("GET", "/smartlock")
        return {str(row["smartlockId"]): row["name"] for row in rows}

    def _auths(self, place: Place) -> str:
        return f"/smartlock/{place.door.vendor_id}/auth"

    def _path(self, name: str) -> str:
        place = self.made[name].place
        rows = self.ask("GET", self._auths(place))
        found = [row["id"] for row in rows if row["name"] == self.label(name)]
        if not found:
            raise RefusalError(f"the code {name} is not listed")
        return f"{self._auths(place)}/{found[0]}"

    def _body(self, name: str, times: Times) -> dict[str, str]:
        start, end = map(instant, times)
        dates = {"allowedFromDate": start, "allowedUntilDate": end}
        return {"name": self.label(name), **dates}


class Exivo(VendorCalls):
    """Visits of an Exivo site."""

    def bearer(self) -> dict[str, str]:
        """Return key and secret."""
        pair = f"{self.own['api_key']}:{self.own['api_secret']}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}

    def _make(self, name: str, place: Place, times: Times) -> Made:
        chance = Random(self.label(name))  # noqa: S311 - no secret
        body = {
            "code": "".join(chance.choices("123456789", k=6)),
            "name": self.label(name),
            "validFrom": instant(times[0]),
            "validTo": instant(times[1]),
            "components": [place.door.vendor_id],
        }
        visit = self.ask("POST", self._path("/visit"), body)
        link = {"link": visit["link"]}
        return Made(str(visit["code"]), str(visit["id"]), place, link)

    def change(self, name: str, times: Times) -> None:
        """Refuse: a visit cannot be changed."""
        raise NotImplementedError

    def delete(self, name: str) -> None:
        """Revoke it."""
        self.ask("POST", self._path(f"/visit/{self.made[name].ref}/revoke"))

    def listed(self, place: Place) -> set[str]:
        """Return the names of visits that are good."""
        return {
            row["name"]
            for row in self.ask("GET", self._path("/visit"))
            if place.door.vendor_id in row["components"]
            and not (row["revoked"] or row["expired"])
        }

    def locks(self) -> dict[str, str]:
        """Return its components."""
        rows = self.ask("GET", self._path("/component"))
        return {row["id"]: row["identifier"] for row in rows}

    def _path(self, path: str) -> str:
        return f"/{self.own['site_id']}{path}"


class Igloohome(VendorCalls):
    """The algoPINs of igloohome, which nobody can revoke or list."""

    deletes = lists = False

    def bearer(self) -> dict[str, str]:
        """Return a new token."""
        pair = f"{self.own['client_id']}:{self.own['client_secret']}".encode()
        headers = {
            "Authorization": f"Basic {b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"grant_type": "client_credentials"}).encode()
        path = urlsplit(self.own["token_url"]).path
        server = self.ctx.target_context.fakes.vendors
        found = _success(server("POST", path, body=body, headers=headers), "its token")
        return {"Authorization": f"Bearer {found['access_token']}"}

    def _make(self, name: str, place: Place, times: Times) -> Made:
        zone = ZoneInfo(place.door.timezone)
        start, end = (at.astimezone(zone).isoformat() for at in times)
        kind = "daily" if (times[1] - times[0]).days > LONGEST_HOURLY else "hourly"
        number = len(self.made) % 3 + 1
        body = {"variance": number, "accessName": name}
        path = f"/devices/{place.door.vendor_id}/algopin/{kind}"
        found = self.ask("POST", path, {**body, "startDate": start, "endDate": end})
        return Made(found["pin"], "", place)

    def change(self, name: str, times: Times) -> None:
        """Refuse: a PIN cannot be changed."""
        raise NotImplementedError

    def delete(self, name: str) -> None:
        """Refuse: a PIN cannot be deleted."""
        raise NotImplementedError

    def listed(self, place: Place) -> set[str]:
        """Return nothing: no list has PINs."""
        del place
        return set()

    def locks(self) -> dict[str, str]:
        """Return its devices."""
        rows = self.ask("GET", "/devices")["payload"]
        return {row["deviceId"]: row["deviceName"] for row in rows}


LONGEST_HOURLY = 28  # days


class Livionkey(VendorCalls):
    """Contracts for the keys of a cabinet."""

    changes = True

    def bearer(self) -> dict[str, str]:
        """Sign in, and return the token."""
        base = urlsplit(self.own["api_url"]).path.rstrip("/")
        given = {name: self.own[name] for name in ("email", "password")}
        server = self.ctx.target_context.fakes.vendors
        found = _success(
            call_json(server, "POST", f"{base}/auth/login", given), "login"
        )
        return {"Authorization": f"Bearer {found['token']}"}

    def _make(self, name: str, place: Place, times: Times) -> Made:
        start, end = map(instant, times)
        key = {"id": place.door.vendor_id, "keyId": place.door.keys[0]}
        found = self.ask(
            "POST",
            "/contracts",
            {
                "contractId": self.label(name),
                "devices": [key],
                "start": start,
                "end": end,
                "person": "strikeplate",
                "contacts": [],
            },
        )
        return Made(str(found["pincode"]), str(found["id"]), place)

    def change(self, name: str, times: Times) -> None:
        """Change its times; of one that has begun the end alone."""
        made, now = self.made[name], self.ctx.environment.now
        place = made.place.door
        body: dict[str, object] = {
            "devices": [{"id": place.vendor_id, "keyId": place.keys[0]}],
            "end": instant(times[1]),
        }
        if times[0] > now:
            body["start"] = instant(times[0])
        self.ask("POST", f"/contracts/{made.ref}", body)

    def delete(self, name: str) -> None:
        """Delete it."""
        self.ask("DELETE", f"/contracts/{self.made[name].ref}")

    def listed(self, place: Place) -> set[str]:
        """Return the names of contracts; a cabinet without any refuses to list them."""
        try:
            rows = self.ask("GET", f"/devices/{place.door.vendor_id}/contracts")
        except RefusalError:
            return set()
        return {row["contractId"] for row in rows}

    def locks(self) -> dict[str, str]:
        """Return its cabinets."""
        ids = [row["deviceId"] for row in self.ask("GET", "/devices")]
        return {each: self.ask("GET", f"/devices/{each}")["name"] for each in ids}


CLIENTS: dict[str, type[VendorCalls]] = {
    "exivo": Exivo,
    "igloohome": Igloohome,
    "livionkey": Livionkey,
    "nuki": Nuki,
}
