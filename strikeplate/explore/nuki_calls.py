"""The calls of the Nuki Web API that runs need, one by one or in bulk.

Which of the two a code is asked by follows from its name, and so does which of the
three lists of codes is read next.
"""

from __future__ import annotations

import hmac
import json
from itertools import count
from typing import TYPE_CHECKING

from strikeplate.explore.vendor_calls import Made, RefusalError, VendorCalls
from strikeplate.explore.vendor_hooks import Report
from strikeplate.fakes_client import instant, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random
    from typing import Any

    from strikeplate.environment import Place
    from strikeplate.explore.vendor_hooks import Posted
    from strikeplate.explore.vendor_run import CodeStep
    from strikeplate.oracle.reports import What

MANY = "/smartlock/auth"


class Nuki(VendorCalls):
    """Keypad codes of Nuki Web."""

    changes = True
    _looks = 0

    def bearer(self) -> dict[str, str]:
        """Return the token."""
        return {"Authorization": f"Bearer {self.own['api_token']}"}

    def token(self, scope: str, *, live: bool = True) -> str:
        """Return a new token of the account with one scope alone, or one deleted."""
        key = self.ask("PUT", "/api/key", {"description": self.label(scope)})
        path = f"/api/key/{key['apiKeyId']}"
        body = {"description": self.label(scope), "scopes": [scope]}
        made = self.ask("PUT", f"{path}/token", body)
        if not live:
            self.ask("DELETE", path)
        return str(made["accessToken"])

    def order(self, name: str, code: str) -> dict[str, object]:
        """Return the order of a keypad code without limits."""
        order = {"name": self.label(name), "type": 13, "code": int(code)}
        return order | {"remoteAllowed": False}

    def _make(self, order: CodeStep, *places: Place) -> Made:
        code = _digits(self.chance(self.label(order.code), "digits"))
        body = {**self.order(order.code, code), **_limits(order)}
        if order.also or self._is_bulk(order.code, "make"):
            self.ask("PUT", MANY, {**body, "smartlockIds": [*map(_number, places)]})
        else:
            self.ask("PUT", self.auths(places[0]), body)
        return Made(code, "", places[0])

    def change(self, order: CodeStep) -> None:
        """Overwrite its schedule; a last day that is gone is left out, or null."""
        name, chance = order.code, self.chance(order.code, f"change {order.at}")
        body = {"name": self.label(name), "enabled": not order.off, **_limits(order)}
        if order.end is None and chance.random() < 0.5:
            body["allowedUntilDate"] = None
        if order.renews:
            body["code"] = int(_digits(chance))
        if order.also or self._is_bulk(name, "change"):
            self.ask("POST", MANY, [{**body, "id": self.id(n)} for n in order.codes])
        else:
            self.ask("POST", self.path(name), body)
        if order.renews:
            self.made[name].renew(str(body["code"]))

    def delete(self, *names: str) -> None:
        """Delete it, or several."""
        if len(names) > 1 or self._is_bulk(names[0], "delete"):
            self.ask("DELETE", MANY, [*map(self.id, names)])
        else:
            self.ask("DELETE", self.path(names[0]))

    def _is_bulk(self, name: str, what: str) -> bool:
        return self.chance(name, what).random() < 0.4

    def listed(self, place: Place) -> set[str]:
        """Return the names of its authorizations, from the next of three lists."""
        self._looks += 1
        read = (self._of_lock, self._of_all, self._of_pages)[self._looks % 3]
        number = _number(place)
        return {row["name"] for row in read(place) if row["smartlockId"] == number}

    def _of_lock(self, place: Place) -> list[dict[str, Any]]:
        return list(self.ask("GET", self.auths(place)))

    def _of_all(self, _place: Place) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"{MANY}?types=13"))

    def _of_pages(self, _place: Place) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for page in count():
            found = self.ask("GET", f"{MANY}/paged?size=2&page={page}")
            rows += found["results"]
            if page + 1 >= found["pagination"]["totalPages"]:
                break
        return rows

    def locks(self) -> dict[str, str]:
        """Return its smart locks."""
        rows = self.ask("GET", "/smartlock")
        return {str(row["smartlockId"]): row["name"] for row in rows}

    def auths(self, place: Place) -> str:
        """Return the path of a lock's authorizations."""
        return f"/smartlock/{place.door.vendor_id}/auth"

    def path(self, name: str) -> str:
        """Return the path of a code's authorization."""
        place = self.made[name].place
        rows = self.ask("GET", self.auths(place))
        found = [row["id"] for row in rows if row["name"] == self.label(name)]
        if not found:
            raise RefusalError(f"the code {name} is not listed", 404)
        return f"{self.auths(place)}/{found[0]}"

    def id(self, name: str) -> str:
        """Return the id of a code's authorization."""
        return self.path(name).rpartition("/")[2]

    def subscribe(self, url: str) -> None:
        """Register a webhook of the account, and keep its secret."""
        body = {"webhookUrl": url, "webhookFeatures": ["DEVICE_AUTHS"]}
        self._secret = str(self.ask("PUT", "/api/decentralWebhook", body)["secret"])

    def agreed(self) -> dict[str, str]:
        """Return the webhook's secret."""
        return {"webhook_secret": self._secret}

    def signed(self, body: bytes) -> dict[str, str]:
        """Return the HMAC of the body."""
        digest = hmac.digest(self._secret.encode(), body, "sha256").hex()
        return {"x-nuki-signature-sha256": digest}

    def is_genuine(self, posted: Posted) -> bool:
        """Check the HMAC of the body as it came."""
        return self.signed(posted.body).items() <= posted.headers.items()

    def read(self, posted: Posted) -> Iterator[Report]:
        """Yield the code that was taken, changed or deleted."""
        body = json.loads(posted.body)
        auth = body.get("smartlockAuth", {})
        what: What = "deleted code" if body.get("deleted") else "code"
        dates = (auth.get(name) for name in ("allowedFromDate", "allowedUntilDate"))
        start, end = (date and parse(date) for date in dates)
        door = str(auth.get("smartlockId", ""))
        yield Report(what, door, str(auth.get("name", "")), (start, end))


def _digits(chance: Random) -> str:
    return "9" + "".join(chance.choices("123456789", k=5))


def _number(place: Place) -> int:
    return int(place.door.vendor_id)


def _limits(order: CodeStep) -> dict[str, object]:
    """Return the limits of an order as Nuki writes them, without those not set."""
    found: dict[str, object] = {}
    for name, at in (("allowedFromDate", order.start), ("allowedUntilDate", order.end)):
        if at is not None:
            text = instant(at)
            found[name] = text.replace(":00Z", "Z") if order.terse else text
    if order.week and order.week.days:
        found["allowedWeekDays"] = order.week.days
    if order.week and order.week.minutes:
        first, last = order.week.minutes
        found |= {"allowedFromTime": first, "allowedUntilTime": last}
    return found
