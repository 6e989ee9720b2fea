"""Client of a subject's admin API: its connections, rules and lists.

Each method makes one call and returns the answer as it came, for scenarios to check.
`link`, `create_rule` and `lock_ids` combine calls where a scenario only needs the
result. The calls are those of the reference service; `[api]` of a profile says which
calls take their place (`subjects/declared_api.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from strikeplate.subjects import Connection
from strikeplate.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strikeplate.allotment import Bound
    from strikeplate.fakes_client import Door, Fakes, World
    from strikeplate.http import Answer

    Call = Callable[[str, str, object], Answer]


PAGE = "5"
"""Few enough that a longer list comes in pages."""

PLACES = {
    "igloohome": "Tennis club",
    "nuki": "Music school",
    "exivo": "Meeting house",
    "livionkey": "Holiday flats",
}
"""What an owner calls the connection whose locks are of a vendor."""

BEHIND = "/"
"""Parts a door from what is behind it, where that is what the vendor calls a lock."""

Json = Any  # what the API answers; its shape is the contract's
RULE = {"trigger": "confirmed", "channel": "email", "send_hours_before": None}


class ApiAdminClient:
    """Admin client over the subject's JSON API."""

    owner = ""

    def __init__(self, call: Call, fakes: Fakes) -> None:
        self._call = call
        self._fakes = fakes

    @property
    def api(self) -> ApiAdminClient:
        """The owner's actions: its own."""
        return self

    def bind(self, bound: Mapping[str, Bound]) -> None:
        """Bind nothing: it sets up what a scenario names."""

    def world(self, name: str, seed: str, now: datetime) -> World:
        """Return a new world, its clock stopped at `now`."""
        return self._fakes.new_world(name=name, seed=seed, now=now)

    def door(
        self, world: World, vendor: str, name: str, zone: str, /, **more: object
    ) -> Door:
        """Return a new door of that world in that zone."""
        return world.add_door(vendor, name, timezone=zone, **more)

    def link(self, world: World, vendor: str, zone: str, owner: str) -> Connection:
        """Return a new connection, switched on, terms accepted."""
        credentials = world.credentials[vendor]
        answer = self.connect(vendor, credentials, zone=zone, owner=owner)
        connection = linked(_sure(answer), world)
        _sure(self.switch(connection, active=True, terms_accepted=True))
        return connection

    def create_rule(
        self, connection: Connection, resource: str, *doors: Door, **more: object
    ) -> str:
        """Create the rule by which a resource opens doors, and return its id."""
        ids = self.lock_ids(connection, *doors)
        rule = {"resource": resource, "locks": ids, **RULE, **more}
        payload: str = _sure(self.add_rule(connection, rule))["id"]
        return payload

    def unlink(self, connection: Connection) -> None:
        """Remove a connection with all that belongs to it."""
        self.ask("unlink", "DELETE", _of(connection), connection=connection.id)

    def lock_ids(self, connection: Connection, *doors: Door) -> list[str]:
        """Return the subject's ids of doors; refresh its list of locks if needed."""
        for answer in (self.locks, self.refresh_locks):
            rows = items(_sure(answer(connection)))
            known = {row["vendor_id"]: row["id"] for row in rows}
            behind = {name.split(BEHIND)[0]: lock for name, lock in known.items()}
            known = behind | known
            if all(door.vendor_id in known for door in doors):
                return [known[door.vendor_id] for door in doors]
        names = ", ".join(door.name for door in doors)
        raise Inconclusive(f"the subject does not list all of these locks: {names}")

    def connect(
        self,
        vendor: str,
        credentials: Mapping[str, str],
        *,
        name: str = "",
        zone: str = "Europe/Stockholm",
        owner: str = "owner@example.org",
    ) -> Answer:
        """Ask for a connection."""
        body = {
            "vendor": vendor,
            "name": name or PLACES.get(vendor, vendor),
            "timezone": zone,
            "credentials": dict(credentials),
            "owner_email": owner,
        }
        return self.ask("connect", "POST", "/api/connections", body)

    def connections(self) -> Answer:
        """Ask for all connections."""
        return self.ask("connections", "GET", "/api/connections")

    def connection(self, connection: Connection) -> Answer:
        """Ask for one connection."""
        return self.ask("connection", "GET", _of(connection), connection=connection.id)

    def switch(self, connection: Connection, **what: object) -> Answer:
        """Change a connection: active, terms_accepted, timezone."""
        of = connection.id
        return self.ask("switch", "PATCH", _of(connection), what, connection=of)

    def margins(self, connection: Connection, resource: str, **hours: int) -> Answer:
        """Give the connection of a resource margins."""
        seen = {"connection": connection.id, "resource": resource}
        return self.ask("margins", "PATCH", _of(connection), hours, **seen)

    def rotate_secret(self, connection: Connection) -> Answer:
        """Ask for a new secret that events are signed with."""
        path = f"{_of(connection)}/rotate-secret"
        return self.ask("rotate_secret", "POST", path, connection=connection.id)

    def locks(self, connection: Connection) -> Answer:
        """Ask for the stored list of locks."""
        path = f"{_of(connection)}/locks"
        return self.ask("locks", "GET", path, connection=connection.id)

    def refresh_locks(self, connection: Connection) -> Answer:
        """Ask for the locks to be read from the vendor again."""
        path = f"{_of(connection)}/locks/refresh"
        return self.ask("refresh_locks", "POST", path, connection=connection.id)

    def lock(self, lock_id: str) -> Answer:
        """Ask for the page of a lock."""
        return self.ask("lock", "GET", f"/api/locks/{lock_id}", lock=lock_id)

    def keys(self, connection: Connection) -> Answer:
        """Ask for the keys' states as last observed."""
        path = f"{_of(connection)}/keys"
        return self.ask("keys", "GET", path, connection=connection.id)

    def refresh_keys(self, connection: Connection) -> Answer:
        """Ask for the keys' states to be read from the vendor now."""
        path = f"{_of(connection)}/keys/look"
        return self.ask("refresh_keys", "POST", path, connection=connection.id)

    def add_rule(self, connection: Connection, rule: Json) -> Answer:
        """Ask for a rule."""
        path = f"{_of(connection)}/rules"
        return self.ask("add_rule", "POST", path, rule, connection=connection.id)

    def edit_rule(self, rule_id: str, **what: object) -> Answer:
        """Change a rule."""
        return self.ask(
            "edit_rule", "PATCH", f"/api/rules/{rule_id}", what, rule=rule_id
        )

    def delete_rule(self, rule_id: str) -> Answer:
        """Delete a rule."""
        return self.ask("delete_rule", "DELETE", f"/api/rules/{rule_id}", rule=rule_id)

    def overview(
        self, connection: Connection, cursor: str | None = None, **only: str
    ) -> Answer:
        """Ask for the accesses of a connection, or `only` some, a page of them."""
        query = {"connection": connection.id, "limit": PAGE, **only}
        more = {"cursor": cursor} if cursor else {}
        path = f"/api/accesses?{urlencode({**query, **more})}"
        seen = {"connection": connection.id, "cursor": cursor or ""}
        return self.ask("overview", "GET", path, **seen)

    def booking(self, connection: Connection, ref: str) -> Answer:
        """Ask for a booking with its accesses and messages."""
        path = f"{_of(connection)}/bookings/{ref}"
        return self.ask("booking", "GET", path, connection=connection.id, booking=ref)

    def membership(self, connection: Connection, membership: str) -> Answer:
        """Ask for a membership with its accesses and messages."""
        path = f"{_of(connection)}/memberships/{membership}"
        seen = {"connection": connection.id, "membership": membership}
        return self.ask("membership", "GET", path, **seen)

    def customers_view(self, connection: Connection, ref: str) -> Answer:
        """Ask for what the customer sees of a booking."""
        path, of = f"{_of(connection)}/bookings/{ref}/customer", connection.id
        return self.ask("customers_view", "GET", path, connection=of, booking=ref)

    def make_by_hand(self, body: Json) -> Answer:
        """Ask for a code without a booking."""
        return self.ask("make_by_hand", "POST", "/api/accesses", body)

    def access(self, access_id: str) -> Answer:
        """Ask for one access."""
        path = f"/api/accesses/{access_id}"
        return self.ask("access", "GET", path, access=access_id)

    def delete_access(self, access_id: str) -> Answer:
        """Ask for an access to be deleted."""
        path = f"/api/accesses/{access_id}"
        return self.ask("delete_access", "DELETE", path, access=access_id)

    def write(self, connection: Connection, where: str, text: Json) -> Answer:
        """Ask for a template of one channel and language: `email/en`."""
        path, of = f"{_of(connection)}/templates/{where}", connection.id
        return self.ask("write", "PUT", path, text, connection=of, where=where)

    def preview(self, connection: Connection, text: Json) -> Answer:
        """Ask what a template would look like."""
        path = f"{_of(connection)}/templates/preview"
        return self.ask("preview", "POST", path, text, connection=connection.id)

    def events(self, connection: Connection) -> Answer:
        """Ask for the received events."""
        path = f"/api/events?{urlencode({'connection': connection.id})}"
        return self.ask("events", "GET", path, connection=connection.id)

    def replay(self, event_id: str) -> Answer:
        """Ask for an event to be replayed."""
        path = f"/api/events/{event_id}/replay"
        return self.ask("replay", "POST", path, event=event_id)

    def ask(
        self, action: str, method: str, path: str, data: Json = None, **_seen: str
    ) -> Answer:
        """Return the answer to an action of the owner's; a profile may call otherwise.

        `_seen` are the ids that the action is about, by what they are ids of.
        """
        del action
        return self._call(method, path, data)


def linked(payload: Json, world: World) -> Connection:
    """Return the connection in an answer's JSON."""
    path = urlsplit(payload["webhook_url"]).path
    return Connection(payload["id"], path, payload["webhook_secret"], world)


def door_of(lock_name: str) -> str:
    """Return the door's name; the name of a lock behind it follows a comma."""
    return lock_name.split(", ", maxsplit=1)[0]


def all_pages(ask: Callable[[str | None], Answer]) -> list[Json]:
    """Return the rows of all pages; `ask` takes the cursor of the page before."""
    found: list[Json] = []
    cursor = None
    while True:
        payload = _sure(ask(cursor))
        found += items(payload)
        cursor = payload.get("next_cursor") if isinstance(payload, dict) else None
        if not cursor:
            return found


def items(payload: Json) -> list[Json]:
    """Return the rows of a list, whether it comes bare or in pages."""
    found: list[Json] = payload if isinstance(payload, list) else payload["items"]
    return found


def _of(connection: Connection) -> str:
    return f"/api/connections/{connection.id}"


def _sure(answer: Answer) -> Json:
    """Return the JSON of an answer; `Inconclusive` if the call failed."""
    if not answer.ok:
        text = f"not set up: the subject answered {answer.status}: {answer.text[:200]}"
        raise Inconclusive(text)
    return answer.json()
