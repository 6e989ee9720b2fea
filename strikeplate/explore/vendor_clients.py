"""The calls of each vendor's API that runs need.

Codes are made, changed, deleted and listed; webhooks are ordered and read. What people
set by hand in a vendor's web app is set by the paths of our fakes for it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from strikeplate.explore.exivo_calls import Exivo
from strikeplate.explore.nuki_calls import Nuki
from strikeplate.explore.vendor_calls import (
    AGREED,
    Made,
    RefusalError,
    VendorCalls,
    success,
    times,
)
from strikeplate.explore.vendor_hooks import Report
from strikeplate.fakes_client import instant, parse
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.environment import Place
    from strikeplate.explore.vendor_hooks import Posted
    from strikeplate.explore.vendor_run import CodeStep
    from strikeplate.oracle.reports import What

HOLDS = timedelta(minutes=55)
MANAGER = "manager@example.org"
STATES: Mapping[str, What] = {
    "key-fetched": "taken",
    "key-returned": "returned",
    "key-not-returned": "late",
}
PLACES = {"key-fetched": True, "key-not-returned": True, "key-returned": False}
"""Whether a key is out, by its last event; one not fetched may be out with another."""


class Igloohome(VendorCalls):
    """The algoPINs of igloohome, which nobody can revoke or list."""

    deletes = lists = reports = False

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
        found = success(server("POST", path, body=body, headers=headers), "its token")
        return {"Authorization": f"Bearer {found['access_token']}"}

    def _make(self, order: CodeStep, *places: Place) -> Made:
        assert order.start
        (place,) = places
        path = f"/devices/{place.door.vendor_id}/algopin/{order.kind}"
        zone = ZoneInfo(place.door.timezone)
        dates = (at and at.astimezone(zone) for at in (order.start, order.end))
        found = self.order(path, *dates)
        return Made(found["pin"], found["pinId"], place)

    def order(self, path: str, start: datetime | None, end: datetime | None) -> Any:
        """Order a PIN, each with another variance."""
        body: dict[str, object] = {
            "variance": 1 if path.endswith("permanent") else len(self.made) % 3 + 1,
            "accessName": "strikeplate",
        }
        for name, at in (("startDate", start), ("endDate", end)):
            if at is not None:
                body[name] = at.isoformat(timespec="seconds")
        return self.ask("POST", path, body)

    def change(self, order: CodeStep) -> None:
        """Refuse: a PIN cannot be changed."""
        raise NotImplementedError

    def delete(self, *names: str) -> None:
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


class Livionkey(VendorCalls):
    """Contracts for the keys of a cabinet."""

    changes = True
    _good_until: datetime | None = None

    def bearer(self) -> dict[str, str]:
        """Return a token: of the sign-in before, for as long as that holds."""
        now = self.ctx.environment.now
        if self._good_until is None or now >= self._good_until:
            given = {name: self.own[name] for name in ("email", "password")}
            self._token = str(self.ask("POST", "/auth/login", given, {})["token"])
            self._good_until = now + HOLDS
        return {"Authorization": f"Bearer {self._token}"}

    def add_door(self, number: int, zone: str) -> Place:
        """Return a cabinet with one key, which has a static return code."""
        key = {"id": f"key-{number}", "name": f"Key {number}", "slot": 0}
        keys = [{**key, "return_code": f"700{number}"}]
        return self.ctx.environment.add_door(
            f"door {number + 1}", LOCK, zone=zone, slots=1, keys=keys
        )

    def static_code(self, place: Place, *, other: bool = False) -> str:
        """Return what is typed at a cabinet to give its key back."""
        number = int(place.door.keys[0].removeprefix("key-"))
        return f"*700{number + other}"

    def set_up(self, settings: Mapping[str, int | str]) -> None:
        """Set what the organisation sets in the web app."""
        self._at_portal("PATCH", "settings", {"manager_email": MANAGER, **settings})

    def _at_portal(self, method: str, path: str, data: object) -> None:
        pair = f"{self.own['email']}:{self.own['password']}".encode()
        headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
        self.ask(method, f"/portal/{path}", data, headers)

    def order(self, name: str) -> dict[str, object]:
        """Return the order of a contract without its times and keys."""
        order = {"contractId": self.label(name), "person": "strikeplate"}
        return order | {"contacts": []}

    def _keys(self, place: Place) -> list[dict[str, str]]:
        return [{"id": place.door.vendor_id, "keyId": place.door.keys[0]}]

    def _make(self, order: CodeStep, *places: Place) -> Made:
        (place,) = places
        if order.joins:
            first = self.made[order.joins]
            keys = [*self._keys(first.place), *self._keys(place)]
            self.ask("POST", f"/contracts/{first.ref}", {"devices": keys})
            return Made(first.code, first.ref, place)
        start, end = map(instant, times(order))
        body = {**self.order(order.code), "start": start, "end": end}
        found = self.ask("POST", "/contracts", {**body, "devices": self._keys(place)})
        return Made(str(found["pincode"]), str(found["id"]), place)

    def change(self, order: CodeStep) -> None:
        """Change its times; of one that has begun the end alone."""
        made, now = self.made[order.code], self.ctx.environment.now
        start, end = times(order)
        body: dict[str, object] = {"devices": self._keys(made.place)}
        if not order.keeps_end:
            body["end"] = instant(end)
        if start > now:
            body["start"] = instant(start)
        self.ask("POST", f"/contracts/{made.ref}", body)
        if order.renews:
            found = self.ask("POST", f"/contracts/{made.ref}/pincode", body)
            made.renew(str(found["pincode"]))

    def delete(self, *names: str) -> None:
        """Delete it."""
        self.ask("DELETE", f"/contracts/{self.made[names[0]].ref}")

    def listed(self, place: Place) -> set[str]:
        """Return the names of contracts; a cabinet without any refuses to list them."""
        try:
            rows = self.ask("GET", f"/devices/{place.door.vendor_id}/contracts")
        except RefusalError:
            return set()
        return {row["contractId"] for row in rows}

    def is_out(self, place: Place) -> bool | None:
        """Read the last event of the key."""
        path = f"/keys/{place.door.keys[0]}/status?deviceId={place.door.vendor_id}"
        return PLACES.get(self.ask("GET", path)["action"])

    def locks(self) -> dict[str, str]:
        """Return its cabinets."""
        ids = [row["deviceId"] for row in self.ask("GET", "/devices")]
        return {each: self.ask("GET", f"/devices/{each}")["name"] for each in ids}

    def subscribe(self, url: str) -> None:
        """Set where the older events go, as Livion does when it is asked."""
        self._at_portal("PUT", "push", {"url": url, "headers": {"x-api-key": AGREED}})

    def agreed(self) -> dict[str, str]:
        """Return the header's value."""
        return {"push_key": AGREED}

    def signed(self, body: bytes) -> dict[str, str]:
        """Return what was agreed on."""
        del body
        return {"x-api-key": AGREED}

    def is_genuine(self, posted: Posted) -> bool:
        """Look for what was agreed on."""
        return posted.headers.get("x-api-key") == AGREED

    def read(self, posted: Posted) -> Iterator[Report]:
        """Yield the contract that was made or changed, the key that was moved."""
        body = json.loads(posted.body)
        door, code = body.get("deviceId", ""), body.get("contractId", "")
        if body["type"] == "key-status" and body["state"] in STATES:
            yield Report(STATES[body["state"]], door, code)
        elif body["type"] == "default":
            times = (parse(body["start"]), body["end"] and parse(body["end"]))
            yield Report("code", door, code, times)


CLIENTS: dict[str, type[VendorCalls]] = {
    "exivo": Exivo,
    "igloohome": Igloohome,
    "livionkey": Livionkey,
    "nuki": Nuki,
}
