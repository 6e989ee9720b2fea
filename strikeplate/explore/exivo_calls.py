"""The calls of Exivo's API that runs need: visits, and persons at PIN pads.

A person is in an access group of its own, which may enter the zone of its door alone.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from strikeplate.explore.vendor_calls import AGREED, Made, VendorCalls, success, times
from strikeplate.explore.vendor_hooks import Report
from strikeplate.fakes_client import instant
from strikeplate.http import call_json
from strikeplate.oracle.codes import PERSON
from strikeplate.verdict import Inconclusive
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random
    from typing import Any

    from strikeplate.environment import Place
    from strikeplate.explore.vendor_hooks import Posted
    from strikeplate.explore.vendor_run import CodeStep

ROWS = 2
"""So many rows of a list are asked for at once."""


class Exivo(VendorCalls):
    """Visits of an Exivo site."""

    def bearer(self, secret: str | None = None) -> dict[str, str]:
        """Return key and secret, the account's own unless another is given."""
        pair = f"{self.own['api_key']}:{secret or self.own['api_secret']}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}

    def add_door(self, number: int, zone: str) -> Place:
        """Return a door: of a fake with a PIN pad, in a zone of its own."""
        name, add = f"door {number + 1}", self.ctx.environment.add_door
        try:
            return add(name, LOCK, zone=zone, keypad=True, zones=[f"zone {number + 1}"])
        except Inconclusive:  # a vendor's own server has the doors that it has
            return add(name, LOCK, zone=zone)

    def _make(self, order: CodeStep, *places: Place) -> Made:
        digits = _digits(self.chance(self.label(order.code), "digits"))
        if order.kind == PERSON:
            return self._admit(order, places[0], digits)
        start, end = times(order)
        body = {
            "code": digits,
            "name": self.label(order.code),
            "validFrom": instant(start),
            "validTo": instant(end),
            "components": [place.door.vendor_id for place in places],
        }
        visit = self.ask("POST", self.path("/visit"), body)
        link = {"link": visit["link"]}
        return Made(str(visit["code"]), str(visit["id"]), places[0], link)

    def _admit(self, order: CodeStep, place: Place, digits: str) -> Made:
        """Let a person in at a PIN pad: always, or within hours of the week."""
        name = self.label(order.code)
        person = self.ask("POST", self.path("/person"), self._person(order))["id"]
        pin = {"pinCode": digits}
        self.ask("POST", self.path(f"/person/{person}/pincode"), pin)
        group = self.ask("POST", self.path("/accessgroup"), {"name": name})["id"]
        zone, hours = self._zone(place), self._hours(order)
        path = f"/accessgroup/{group}/accesszone/{zone}"
        self.ask("POST", self.path(path), hours)
        self.ask("POST", self.path(f"/person/{person}/assign/accessgroup/{group}"))
        more = {"group": group, "zone": zone, "hours": hours}
        return Made(digits, str(person), place, {}, known=more)

    def _zone(self, place: Place) -> str:
        door = self.ask("GET", self.path(f"/component/{place.door.vendor_id}"))
        if not door["accessZones"]:
            raise Inconclusive(f"{place.door.name} is in no zone that one may enter")
        return str(door["accessZones"][0])

    def _person(self, order: CodeStep) -> dict[str, object]:
        start, end = map(instant, times(order))
        body = {"firstName": "strikeplate", "lastName": self.label(order.code)}
        return {**body, "entryDate": start, "exitDate": end}

    def _hours(self, order: CodeStep) -> str:
        """Return the time profile of an order, made if it is of some hours alone."""
        if order.week is None:
            return "ALWAYS"
        profile = self.ask("POST", self.path("/timeprofile"), self._profile(order))
        return str(profile["id"])

    def _profile(self, order: CodeStep) -> dict[str, object]:
        assert order.week
        first, last = order.week.minutes or (0, 1440)
        bits = order.week.days or 127
        days = [str(day) for day in range(7) if bits & 64 >> (day - 1) % 7]
        hours = {"start": first, "end": last, "days": days, "pinRequired": True}
        return {"name": self.label(order.code), "ranges": [hours]}

    def change(self, order: CodeStep) -> None:
        """Change a person's times, hours and PIN; a visit cannot be changed."""
        made = self.made[order.code]
        self.ask("POST", self.path(f"/person/{made.ref}"), self._person(order))
        if order.renews:
            digits = _digits(self.chance(order.code, f"change {order.at}"))
            pin = {"pinCode": digits}
            self.ask("POST", self.path(f"/person/{made.ref}/pincode"), pin)
            made.renew(digits)
        if order.week is not None:
            path = f"/timeprofile/{made.known['hours']}"
            self.ask("POST", self.path(path), self._profile(order))

    def delete(self, *names: str) -> None:
        """Revoke a visit; shut a person out in one of several ways."""
        made = self.made[names[0]]
        if not made.known:
            self.ask("POST", self.path(f"/visit/{made.ref}/revoke"))
            return
        path, zone = f"/person/{made.ref}", made.known["zone"]
        group = f"/accessgroup/{made.known['group']}"
        ways = (
            ("DELETE", path),
            ("POST", f"{path}/revoke"),
            ("POST", f"{path}/unassign/accessgroup"),
            ("DELETE", f"{path}/pincode"),
            ("DELETE", f"{group}/accesszone/{zone}"),
            ("POST", f"{path}/assign/accessgroup/"),
        )
        method, path = ways[self.seed % len(ways)]
        if path.endswith("/"):  # another group, which may enter nothing
            other = self.ask("POST", self.path("/accessgroup"), {"name": "x"})
            path += other["id"]
        self.ask(method, self.path(path))

    def listed(self, place: Place) -> set[str]:
        """Return the names of visits that are good, and of persons who may enter."""
        visits = {
            row["name"]
            for row in self._rows("/visit")
            if place.door.vendor_id in row["components"]
            and not (row["revoked"] or row["expired"])
        }
        return visits | self._admitted(place)

    def _admitted(self, place: Place) -> set[str]:
        if not any(each.known for each in self.made.values()):
            return set()
        zone = self._zone(place)
        groups = {
            row["id"]
            for row in self._rows("/accessgroup")
            if zone in row["accessZoneTimeProfiles"]
        }
        return {
            row["lastName"]
            for row in self._rows("/person")
            if row["hasPinCode"]
            and not row["revoked"]
            and row.get("accessGroupId") in groups
        }

    def _rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a list, read page by page."""
        rows: list[dict[str, Any]] = []
        query = f"{self.path(path)}?limit={ROWS}&skip="
        while page := self.ask("GET", f"{query}{len(rows)}"):
            rows += page
        return rows

    def locks(self) -> dict[str, str]:
        """Return its components."""
        rows = self.ask("GET", self.path("/component"))
        return {row["id"]: row["identifier"] for row in rows}

    def path(self, path: str) -> str:
        """Return a path of its site."""
        return f"/{self.own['site_id']}{path}"

    def subscribe(self, url: str) -> None:
        """Set the receiver of its site, as a person does in the portal."""
        base = urlsplit(self.own["api_url"]).path.rstrip("/").removesuffix("/v1")
        server, body = self.ctx.target_context.fakes.vendors, {"url": url}
        path = f"{base}/portal/webhook"
        given = {**body, "authentication": AGREED}
        answer = success(call_json(server, "PUT", path, given, self.bearer()), path)
        self._header = str(answer["header"]).lower()

    def is_genuine(self, posted: Posted) -> bool:
        """Look for what was agreed on."""
        return posted.headers.get(self._header) == AGREED

    def read(self, posted: Posted) -> Iterator[Report]:
        """Yield the door that was opened."""
        body = json.loads(posted.body)
        if body["name"] == "accessPermitted":
            yield Report("opened", body["payload"]["componentId"])


def _digits(chance: Random) -> str:
    return "".join(chance.choices("0123456789", k=chance.randint(4, 6)))
