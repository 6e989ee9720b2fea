"""A LivionKey cabinet with the keys of two flats, and what happens at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from service.clock import now

if TYPE_CHECKING:
    from service.ports import Mail
    from tests.contracts.integration import IntegrationEnv

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
class LivionKeyEnv:
    """An environment with a cabinet; each flat is a resource with one key."""

    env: IntegrationEnv
    door: dict[str, Any]

    @classmethod
    def of(
        cls, env: IntegrationEnv, *, events: bool = True, **terms: Any
    ) -> LivionKeyEnv:
        """Return the environment of a connected account, with a rule for each flat."""
        zone = "Europe/Helsinki"
        door = env.world.add_door("livionkey", timezone=zone, slots=2, keys=KEYS)
        env.connect(zone)
        env.api("PATCH", env.path, manager_email=MANAGER)
        livionkey_env = cls(env, door)
        for key in ("flat-1", "flat-2"):
            env.rule(livionkey_env.lock(key), resource=key, **terms)
        if events:
            livionkey_env.register_push()
        env.service.work()
        return livionkey_env

    def lock(self, key: str) -> dict[str, str]:
        """Return the vendor's id of a key."""
        return {"vendor_id": f"{self.door['vendor_id']}/{key}"}

    def book(
        self, ref: str, start: datetime, end: datetime, key: str = "flat-1"
    ) -> str:
        """Return the code of a new booking."""
        self.env.send_event("confirmed", start, end, ref, resource=key)
        self.env.advance(seconds=5)
        access = self.env.access(ref)
        assert access.status == "created", access.reason
        return self.env.pin(access)

    def create_manual_code(self, name: str, start: datetime, end: datetime) -> str:
        """Return the code that a person makes for the first flat."""
        lock = self.env.locks[self.lock("flat-1")["vendor_id"]]["id"]
        times = {"start": start.isoformat(), "end": end.isoformat()}
        body = {"lock": lock, "kind": "contract", "name": name, **times}
        made = self.env.api("POST", "/api/accesses", **body)
        self.env.advance(seconds=5)
        shown = self.env.api("GET", f"/api/accesses/{made['id']}")
        assert shown["status"] == "created", shown["reason"]
        return str(shown["pin"])

    def type(self, code: str, then: str | None = None) -> dict[str, Any]:
        """Return what the cabinet does, and give its events time to arrive."""
        entry = self.env.world.call(
            "POST",
            f"/doors/{self.door['id']}/entries",
            code=code,
            **({"then": then} if then else {}),
        )
        self.env.advance(seconds=1)
        assert isinstance(entry, dict)
        return entry

    def opens(self, code: str, at: datetime) -> bool:
        """Tell whether the code would do anything then."""
        return self.env.world.opens(self.door, code, at)

    def key(self, key: str = "flat-1") -> dict[str, Any]:
        """Return what the service knows of a key."""
        lock = self.env.locks[self.lock(key)["vendor_id"]]["id"]
        found = self.env.api("GET", f"/api/keys/{lock}")
        assert isinstance(found, dict)
        return found

    def state(self, key: str = "flat-1") -> tuple[str, str | None]:
        """Return where the key is, and which booking has it."""
        found = self.key(key)
        return found["state"], found["booking"]

    def manager_mails(self, subject: str) -> list[Mail]:
        """Return the mails to the manager whose subject starts so."""
        mails = self.env.outbox.mails.values()
        mine = [each for each in mails if each.to == MANAGER]
        return [each for each in mine if each.subject.startswith(subject)]

    def messages(self) -> list[Mail]:
        """Return the mails to the customers."""
        mails = self.env.outbox.mails.values()
        return [each for each in mails if each.to != MANAGER]

    def patch(self, **fields: Any) -> None:
        """Change the simulated cabinet."""
        self.env.world.call("PATCH", f"/doors/{self.door['id']}", **fields)

    def settings(self, **fields: Any) -> None:
        """Change what the organisation has set in Livion's web app."""
        self._portal("PATCH", "settings", fields)

    def register_push(self) -> None:
        """Register the push of the older events."""
        url = f"https://service/vendor-events/{self.webhook_key}"
        self._portal("PUT", "push", {"url": url, "headers": {"x-api-key": AGREED}})
        self.env.api("PATCH", self.env.path, credentials={"push_key": AGREED})

    def register_webhook(self) -> None:
        """Register the webhook of the newer events."""
        url = f"https://service/vendor-events/{self.webhook_key}"
        made = self._portal("POST", "webhooks", {"name": "s", "url": url})
        given = {"webhook_secret": made["secret"]}
        self.env.api("PATCH", self.env.path, credentials=given)
        self._portal("POST", f"webhooks/{made['id']}/test", {})
        self.env.advance(seconds=5)

    @property
    def webhook_key(self) -> str:
        """Return the last part of the connection's URL."""
        return str(self.env.connection["webhook_url"].rpartition("/")[2])

    def listed(self) -> list[dict[str, Any]]:
        """Return the codes of contracts that Livion's cloud has."""
        rows = self.env.world.call("GET", "/codes")
        return [row for row in rows if row["truth"] == "cloud" and row["valid_from"]]

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """Return the calls that the service made."""
        rows = self.env.world.call("GET", "/requests")
        mine = [row for row in rows if row["vendor"] == "livionkey"]
        return [row for row in mine if row["method"] == method and path in row["path"]]

    def _portal(self, method: str, path: str, fields: dict[str, Any]) -> Any:
        given = self.env.world.data["credentials"]["livionkey"]
        answer = self.env.world.http.request(
            method,
            f"{given['api_url']}/portal/{path}",
            json=fields,
            auth=(given["email"], given["password"]),
        )
        assert answer.ok, answer.text
        return answer.json()


def advance_to(livionkey_env: LivionKeyEnv, at: datetime) -> None:
    """Let time pass until then, which is later than now."""
    assert at > now()
    livionkey_env.env.advance_to(at)
