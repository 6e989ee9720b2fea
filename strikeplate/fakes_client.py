"""Client of the fakes: the control interface, and nothing else.

Invariants: this module does not know how the fakes are made; the same calls reach them
in process and over a socket. An answer that is no success is a fault of the harness or
of the fakes, never of the subject, and raises `HarnessFault`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from strikeplate.http import call_json
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from strikeplate.http import Answer, Caller

Json = Any  # what the control interface answers; its shape is the contract's
ENTRY = ("opened", "reason", "rule", "at")
"""The fields that every door's answer has."""


@dataclass(frozen=True)
class Door:
    """One door: its id here, and its id at the vendor; `keys` of a cabinet, by slot."""

    id: str
    vendor: str
    vendor_id: str
    name: str
    timezone: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A door's answer to a code, and why; `more` are fields of this kind of door."""

    opened: bool
    reason: str
    rule: str | None
    more: Mapping[str, Json] = field(default_factory=dict)


class Fakes:
    """One running set of fake vendors, which holds many worlds.

    `caller` reaches its root; `vendors` reaches the vendors' own paths.
    """

    def __init__(self, caller: Caller, token: str) -> None:
        self.vendors = caller
        self._caller = caller
        self._token = token
        self._known_calls = 0

    def new_world(
        self, *, name: str, seed: str, now: datetime | None, client_clock: str = ""
    ) -> World:
        """Return an empty world whose clock stands at `now`, or follows the present.

        Signatures and expiry times go by a clock that is set with the "world" or by the
        "real" one (`client_clock`): unless told otherwise, "world" if `now` is given.
        """
        start = {"now": instant(now)} if now else {}
        body = {"name": name, "seed": seed, "portfolio": "empty", **start}
        body["client_clock"] = client_clock or ("world" if now else "real")
        return self._world(self.call("POST", "/worlds", body))

    def world(self, world_id: str) -> World:
        """Return a world that exists, such as `demo`."""
        return self._world(self.call("GET", f"/worlds/{world_id}"))

    def call(self, method: str, path: str, data: object = None) -> Json:
        """Return the JSON answer of a control call; a failure is a `HarnessFault`."""
        answer = self.ask(method, path, data)
        if not answer.ok:
            text = f"the fakes answered {answer.status} to {method} {path}"
            message = f"{text}: {_refusal(answer)}"
            raise HarnessFault(message)
        return answer.json()

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of a control call, whatever its status."""
        bearer = {"Authorization": f"Bearer {self._token}"}
        return call_json(self._caller, method, f"/_sim{path}", data, bearer)

    def new_unknown_calls(self) -> Sequence[Json]:
        """Return the calls since the last time that belong to no account, and why."""
        kept: Sequence[Json] = self.call("GET", "/unknown-calls")
        found = [each for each in kept if each["number"] > self._known_calls]
        self._known_calls = max((each["number"] for each in kept), default=0)
        return found

    def caller_of(self, url: str) -> Caller:
        """Return what reaches an address of a vendor: all are at one server."""
        del url
        return self.vendors

    def _world(self, payload: Json) -> World:
        return World(self, payload["id"], payload["credentials"])


class World:
    """One world of the fakes: its accounts, doors, clock, faults and records."""

    turnable = True
    """Whether its clock can be set."""

    def __init__(self, fakes: Fakes, world_id: str, credentials: Json) -> None:
        self.fakes = fakes
        self.id = world_id
        self.credentials: Mapping[str, Mapping[str, str]] = credentials
        self._path = f"/worlds/{world_id}"

    def on_close(self, what: str, cleanup: Callable[[], bool]) -> None:
        """Ignore the cleanup: everything in this world is deleted with it."""
        del what, cleanup

    def drop(self) -> None:
        """End the world; `demo` stays, since others may use it."""
        if self.id != "demo":
            self._call("DELETE", "")

    def reset(self, seed: str | None = None) -> None:
        """Reset the world; its accounts stay the same, and its ids without a seed."""
        self._call("POST", "/reset", None if seed is None else {"seed": seed})

    def move(self, to: datetime) -> None:
        """Set the clock forward; everything due on the way happens."""
        self._call("POST", "/clock", {"now": instant(to)})

    def move_until_due(self, to: datetime) -> datetime:
        """Set the clock forward, to the next due thing at most; return its time."""
        moved = self._call("POST", "/clock", {"now": instant(to), "until_due": True})
        return parse(moved["now"])

    def clock(self) -> tuple[datetime, datetime | None]:
        """Return the world's instant, and the next at which something is due."""
        payload = self._call("GET", "/clock")
        upcoming = payload.get("next_at")
        return parse(payload["now"]), parse(upcoming) if upcoming else None

    def runs(self) -> bool:
        """Say whether its clock runs by itself."""
        return bool(self._call("GET", "/clock")["mode"] == "running")

    def under_way(self) -> tuple[datetime, datetime | None]:
        """Return the world's instant, and when the next thing under way arrives.

        What was ordered for a later day, such as the end of a contract, is not.
        """
        now, _ = self.clock()
        arrives = self.activity()["under_way_at"]
        return now, parse(arrives) if arrives else None

    def stop_clock(self) -> datetime:
        """Stop the clock, and return its time."""
        return parse(self._call("POST", "/clock", {"mode": "stopped"})["now"])

    def doors(self) -> list[Door]:
        """Return all doors."""
        return [_door(payload) for payload in self._call("GET", "/doors")]

    def add_door(self, vendor: str, name: str, **more: object) -> Door:
        """Add a door; `more` are the vendor's fields: kind, timezone, keypad."""
        body = {"vendor": vendor, "name": name, **more}
        return _door(self._call("POST", "/doors", body))

    def patch_door(self, door: Door, **what: object) -> None:
        """Change fields of a door: online, keypad, or its vendor's own."""
        self._call("PATCH", f"/doors/{door.id}", what)

    def enter_code(self, door: Door, code: str, **more: object) -> Entry:
        """Type a code now; `more` are fields of this kind of door: link, then, slot."""
        typed = {"code": code, **more}
        payload = self._call("POST", f"/doors/{door.id}/entries", typed)
        rest = {k: v for k, v in payload.items() if k not in ENTRY}
        return Entry(payload["opened"], payload["reason"], payload.get("rule"), rest)

    def probe(self, door: Door, code: str, at: datetime, **more: object) -> Entry:
        """Ask what a door would make of a code at an instant; it leaves no trace."""
        asked = {"code": code, "at": instant(at), **more}
        payload = self._call("POST", f"/doors/{door.id}/probe", asked)
        return Entry(payload["opens"], payload["reason"], payload.get("rule"))

    def codes(self, door: Door | None, truth: str) -> tuple[str, ...]:
        """Return the codes of a door in one of the three truths, each once."""
        query = f"?{urlencode({'door': door.id})}" if door else ""
        rows = self._call("GET", f"/codes{query}")
        found = (row["code"] for row in rows if row["truth"] == truth)
        return tuple(dict.fromkeys(found))

    def code_rows(self) -> Sequence[Json]:
        """Return every code in each of the three truths."""
        found: Sequence[Json] = self._call("GET", "/codes")
        return found

    def outbox(self) -> Sequence[Json]:
        """Return the mails and SMS that its vendors sent."""
        found: Sequence[Json] = self._call("GET", "/outbox")
        return found

    def requests(self) -> Sequence[Json]:
        """Return the calls that its vendors received."""
        found: Sequence[Json] = self._call("GET", "/requests")
        return found

    def activity(self) -> Mapping[str, Json]:
        """Return counts of calls: open, reads, changes; and of faults."""
        found: Mapping[str, Json] = self._call("GET", "/activity")
        return found

    def forget_requests(self) -> None:
        """Begin the journal anew."""
        self._call("DELETE", "/requests")

    def note(self, title: str, text: str, about: str) -> None:
        """Tell the timeline what happened outside; its calls hold the word `about`."""
        self._call("POST", "/notes", {"title": title, "text": text, "about": about})

    def mails(self, to: str) -> Sequence[Json]:
        """Return the mails that its vendors sent to an address."""
        return [each for each in self.outbox() if each["to"] == to]

    def deliveries(self) -> Sequence[Json]:
        """Return the webhooks that its vendors sent, delivered or not."""
        found: Sequence[Json] = self._call("GET", "/deliveries")
        return found

    def quirks(self) -> Json:
        """Return every quirk with its confidence and source, by vendor and name."""
        return self._call("GET", "/quirks")

    def set_quirk(self, vendor: str, name: str, value: object) -> None:
        """Set a quirk: one of several possible behaviours of a vendor."""
        self._call("PATCH", "/quirks", {f"{vendor}.{name}": value})

    def renew_credentials(self, vendor: str) -> Mapping[str, str]:
        """Renew a vendor's credentials, which ends the old ones; return the new."""
        path, renewed = f"/credentials/{vendor}", {"state": "renewed"}
        found: Mapping[str, str] = self._call("POST", path, renewed)["credentials"]
        return found

    def add_fault(self, vendor: str, **fault: object) -> None:
        """Inject a fault into a vendor's calls; fields as in the control interface."""
        self._call("POST", "/faults", {"vendor": vendor, **fault})

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._call("DELETE", "/faults")

    def _call(self, method: str, path: str, data: object = None) -> Json:
        return self.fakes.call(method, self._path + path, data)


def instant(at: datetime) -> str:
    """Return an aware instant as it is written on the wire, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Return the aware instant that a text names."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _refusal(answer: Answer) -> str:
    """Return the words of a refusal, with the values that are refused."""
    problem = answer.json()
    if not isinstance(problem, dict) or "detail" not in problem:
        return answer.text
    said = str(problem["detail"])
    wrong = [each for each in problem.get("errors", ()) if each["value"] is not None]
    values = (f"{each['field']} was {each['value']!r}" for each in wrong)
    return "; ".join((said, *values))


def _door(payload: Json) -> Door:
    wanted = ("id", "vendor", "vendor_id", "name", "timezone")
    slots = payload.get("slots") or ()
    keys = tuple(slot["key"] for slot in slots if slot.get("key"))
    return Door(**{name: payload[name] for name in wanted}, keys=keys)
