"""A cabinet with two flats' keys in a lobby, and what happens at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from service.clock import now

if TYPE_CHECKING:
    from service.ports import Mail
    from tests.contracts.premises import Premises

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
# From three in the afternoon to two the next day, in Helsinki
START, END = MORNING + 5 * HOUR, MORNING + 28 * HOUR
AGREED = "agreed"
MANAGER = "manager@example.org"
KEYS = [
    {"id": "flat-1", "name": "Flat 1", "slot": 0, "return_code": "7001"},
    {"id": "flat-2", "name": "Flat 2", "slot": 1, "return_code": "7002"},
]


@dataclass
class Lobby:
    """The premises with their cabinet; each flat is a resource with one key."""

    place: Premises
    door: dict[str, Any]

    @classmethod
    def of(cls, place: Premises, *, events: bool = True, **terms: Any) -> Lobby:
        """Return the lobby of a linked account, with a rule for each flat."""
        zone = "Europe/Helsinki"
        door = place.site.door("livionkey", timezone=zone, slots=2, keys=KEYS)
        place.connect(zone)
        place.api("PATCH", place.path, manager_email=MANAGER)
        lobby = cls(place, door)
        for key in ("flat-1", "flat-2"):
            place.rule(lobby.lock(key), resource=key, **terms)
        if events:
            lobby.register_push()
        place.service.work()
        return lobby

    def lock(self, key: str) -> dict[str, str]:
        """Return the vendor's id of a key."""
        return {"vendor_id": f"{self.door['vendor_id']}/{key}"}

    def book(
        self, ref: str, start: datetime, end: datetime, key: str = "flat-1"
    ) -> str:
        """Return the code of a new booking."""
        self.place.tell("confirmed", start, end, ref, resource=key)
        self.place.pass_time(seconds=5)
        access = self.place.access(ref)
        assert access.status == "created", access.reason
        return self.place.pin(access)

    def by_hand(self, name: str, start: datetime, end: datetime) -> str:
        """Return the code of the first flat that a person makes."""
        lock = self.place.locks[self.lock("flat-1")["vendor_id"]]["id"]
        times = {"start": start.isoformat(), "end": end.isoformat()}
        wish = {"lock": lock, "kind": "contract", "name": name, **times}
        made = self.place.api("POST", "/api/accesses", **wish)
        self.place.pass_time(seconds=5)
        shown = self.place.api("GET", f"/api/accesses/{made['id']}")
        assert shown["status"] == "created", shown["reason"]
        return str(shown["pin"])

    def type(self, code: str, then: str | None = None) -> dict[str, Any]:
        """Return what the cabinet does, and give its events time to arrive."""
        entry = self.place.site.ask(
            "POST",
            f"/doors/{self.door['id']}/entries",
            code=code,
            **({"then": then} if then else {}),
        )
        self.place.pass_time(seconds=1)
        assert isinstance(entry, dict)
        return entry

    def opens(self, code: str, at: datetime) -> bool:
        """Tell whether the code would do anything then."""
        return self.place.site.opens(self.door, code, at)

    def key(self, key: str = "flat-1") -> dict[str, Any]:
        """Return what the service knows of a key."""
        lock = self.place.locks[self.lock(key)["vendor_id"]]["id"]
        found = self.place.api("GET", f"/api/keys/{lock}")
        assert isinstance(found, dict)
        return found

    def state(self, key: str = "flat-1") -> tuple[str, str | None]:
        """Return where the key is, and which booking has it."""
        found = self.key(key)
        return found["state"], found["booking"]

    def told(self, subject: str) -> list[Mail]:
        """Return what the manager was told so."""
        letters = self.place.outbox.mails.values()
        mine = [each for each in letters if each.to == MANAGER]
        return [each for each in mine if each.subject.startswith(subject)]

    def messages(self) -> list[Mail]:
        """Return what the customers were told."""
        letters = self.place.outbox.mails.values()
        return [each for each in letters if each.to != MANAGER]

    def patch(self, **fields: Any) -> None:
        """Change the cabinet on the wall."""
        self.place.site.ask("PATCH", f"/doors/{self.door['id']}", **fields)

    def settings(self, **fields: Any) -> None:
        """Change what the organisation has set in Livion's web app."""
        self._portal("PATCH", "settings", fields)

    def register_push(self) -> None:
        """Have Livion send its older events here."""
        url = f"https://service/vendor-events/{self.webhook_key}"
        self._portal("PUT", "push", {"url": url, "headers": {"x-api-key": AGREED}})
        self.place.api("PATCH", self.place.path, credentials={"push_key": AGREED})

    def register_webhook(self) -> None:
        """Have Livion send its newer events here."""
        url = f"https://service/vendor-events/{self.webhook_key}"
        made = self._portal("POST", "webhooks", {"name": "s", "url": url})
        given = {"webhook_secret": made["secret"]}
        self.place.api("PATCH", self.place.path, credentials=given)
        self._portal("POST", f"webhooks/{made['id']}/test", {})
        self.place.pass_time(seconds=5)

    @property
    def webhook_key(self) -> str:
        """Return the last part of the connection's URL."""
        return str(self.place.connection["webhook_url"].rpartition("/")[2])

    def listed(self) -> list[dict[str, Any]]:
        """Return the codes of contracts that Livion's cloud has."""
        rows = self.place.site.ask("GET", "/codes")
        return [row for row in rows if row["truth"] == "cloud" and row["valid_from"]]

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """Return the calls that the service made."""
        rows = self.place.site.ask("GET", "/requests")
        mine = [row for row in rows if row["vendor"] == "livionkey"]
        return [row for row in mine if row["method"] == method and path in row["path"]]

    def _portal(self, method: str, path: str, fields: dict[str, Any]) -> Any:
        given = self.place.site.world["credentials"]["livionkey"]
        answer = self.place.site.http.request(
            method,
            f"{given['api_url']}/portal/{path}",
            json=fields,
            auth=(given["email"], given["password"]),
        )
        assert answer.ok, answer.text
        return answer.json()


def go_to(lobby: Lobby, at: datetime) -> None:
    """Let time pass until then, which is later than now."""
    assert at > now()
    lobby.place.go_to(at)
