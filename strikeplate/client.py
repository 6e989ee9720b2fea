"""The client for tests of an integration: worlds, doors, time, faults and calls.

    fakes = Strikeplate("http://127.0.0.1:8700", control_token)
    world = fakes.world(now="2026-12-01T09:00:00Z")
    door = world.door("nuki", "Court 1", zone="Europe/Stockholm")
    assert door.opens("251463", at="2026-12-01T15:00:00+01:00")

An instant is an aware `datetime`, or ISO 8601 text with an offset. What the fakes
refuse raises `HarnessFault`, which holds their words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from strikeplate.calls import Call, Calls
from strikeplate.fakes_client import Fakes, instant
from strikeplate.http import HttpCaller
from strikeplate.processes import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strikeplate import fakes_client

Found = TypeVar("Found")

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 90.0  # longer than the fakes wait in one call


@dataclass(frozen=True)
class Answer:
    """A door's answer to a code; true when it opens."""

    opens: bool
    at: str
    reason: str
    rule: str | None
    """The id of the rule that decided, such as IGL-04."""

    def __bool__(self) -> bool:
        """Return whether the door opens."""
        return self.opens

    def __repr__(self) -> str:
        """Return the answer as a sentence, which a failed assertion shows."""
        found = "opens" if self.opens else "stays shut"
        rule = f" ({self.rule})" if self.rule else ""
        return f"<the door {found} at {self.at}: {self.reason}{rule}>"


@dataclass(frozen=True)
class Credential:
    """Credentials of a vendor, by its own names, and an id that is no secret."""

    id: str
    settings: Mapping[str, str] = field(repr=False)


class Door:
    """A simulated door and its keypad."""

    def __init__(self, world: World, hung: fakes_client.Door) -> None:
        self.id = hung.id
        self.vendor = hung.vendor
        self.vendor_id = hung.vendor_id
        """What the vendor's interface calls it, such as Nuki's smartlockId."""

        self.name = hung.name
        self.zone = hung.timezone
        self._world = world
        self._hung = hung

    def opens(self, code: str, *, at: datetime | str | None = None) -> Answer:
        """Ask what the door would do with a code, now or then; it leaves no trace."""
        asked = {"code": code, **({"at": written(at)} if at else {})}
        payload = self._world.call("POST", f"/doors/{self.id}/probe", asked)
        when = written(at) if at else instant(self._world.now)
        return Answer(payload["opens"], when, payload["reason"], payload.get("rule"))

    def enter(self, code: str, **more: object) -> Answer:
        """Type a code now; the door remembers it. A cabinet takes `then` and `slot`."""
        body = {"code": code, **more}
        payload = self._world.call("POST", f"/doors/{self.id}/entries", body)
        rule = payload.get("rule")
        return Answer(payload["opened"], payload["at"], payload["reason"], rule)

    def codes(self, where: str = "door") -> tuple[str, ...]:
        """Return its codes that are known to the "cloud", the "queue" or the "door"."""
        return self._world.codes(self._hung, where)

    def set(self, **what: object) -> None:
        """Change it: online=False, keypad=True, battery=15, clock_drift_seconds=40."""
        self._world.call("PATCH", f"/doors/{self.id}", what)

    def remove(self) -> None:
        """Take it and its device away."""
        self._world.call("DELETE", f"/doors/{self.id}")

    def reset(self) -> None:
        """Factory-reset its device: it knows no code and no account until `pair`."""
        self._change_device("reset")

    def pair(self) -> None:
        """Pair its device anew with the account, after a factory reset."""
        self._change_device("paired")

    def replace(self) -> None:
        """Put another device in its place, paired: `vendor_id` is another as a rule."""
        self._change_device("replaced")

    def _change_device(self, state: str) -> None:
        changed = self._world.call("POST", f"/doors/{self.id}/device", {"state": state})
        self.vendor_id = changed["vendor_id"]


class World:
    """One world: accounts at all vendors, doors, one clock; it meets no other world."""

    def __init__(self, made: fakes_client.World) -> None:
        self._made = made
        self.id = made.id
        self.codes = made.codes
        self.drop = made.drop

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """What a client needs, by vendor: `api_url`, and keys by the vendor's names."""
        return self._made.credentials

    @property
    def now(self) -> datetime:
        """The instant of its clock."""
        return self._made.clock()[0]

    def environ(self, *vendors: str) -> dict[str, str]:
        """Return the credentials, of all vendors or of some, as NUKI_API_TOKEN etc."""
        return {
            f"{vendor}_{name}".upper(): value
            for vendor, values in self.credentials.items()
            for name, value in values.items()
            if not vendors or vendor in vendors
        }

    def add_credentials(self, vendor: str) -> Credential:
        """Return further credentials of a vendor, good beside the first ones."""
        return self._change_credentials(vendor, {"state": "added"})

    def renew_credentials(self, vendor: str) -> Credential:
        """Replace the first credentials of a vendor; the old ones are dead."""
        return self._change_credentials(vendor, {"state": "renewed"})

    def revoke_credentials(self, vendor: str, credential_id: str = "") -> None:
        """Withdraw a vendor's credentials, all of them or one by its id."""
        one = {"id": credential_id} if credential_id else {}
        self._change_credentials(vendor, {"state": "revoked", **one})

    def restore_credentials(self, vendor: str, credential_id: str = "") -> None:
        """Make credentials good again, all of them or one by its id."""
        one = {"id": credential_id} if credential_id else {}
        self._change_credentials(vendor, {"state": "restored", **one})

    def credential_ids(self, vendor: str) -> list[str]:
        """Return the ids of a vendor's credentials; the first ones come first."""
        return [each["id"] for each in self.call("GET", f"/credentials/{vendor}")]

    def _change_credentials(self, vendor: str, body: object) -> Credential:
        changed = self.call("POST", f"/credentials/{vendor}", body)
        return Credential(changed["id"], changed["credentials"])

    def door(self, vendor: str, name: str, *, zone: str = "", **more: object) -> Door:
        """Hang a door; `more` are the vendor's own fields, such as kind or keypad."""
        where = {"timezone": zone} if zone else {}
        return Door(self, self._made.add_door(vendor, name, **where, **more))

    def doors(self) -> list[Door]:
        """Return all of its doors."""
        return [Door(self, each) for each in self._made.doors()]

    def move(self, to: datetime | str) -> None:
        """Set its clock forward to an instant; what is due on the way happens."""
        self.call("POST", "/clock", {"now": written(to), "mode": "stopped"})

    def advance(self, by: timedelta) -> None:
        """Set its clock forward by a duration; what is due on the way happens."""
        self.move(self.now + by)

    def fault(self, vendor: str, **fault: object) -> None:
        """Order a fault: method, path, phase, effect, times, skip, probability, ttl."""
        self._made.add_fault(vendor, **fault)

    def quirk(self, vendor: str, name: str, value: object) -> None:
        """Choose one of several possible behaviours of a vendor."""
        self._made.set_quirk(vendor, name, value)

    def calls(self, vendor: str = "*", method: str = "*", path: str = "*") -> Calls:
        """Return the calls that its vendors received, in order; `*` stands for any.

        A list, which a test holds by `exactly(1)`, `never()` and `in_order(...)`.
        """
        every = [_call(each) for each in self._made.requests()]
        return Calls(every, vendor, method, path)

    def wait(self, condition: Callable[[], Found], *, within: float = 10.0) -> Found:
        """Return what a condition gives once it is true.

        `within` is in real seconds; TimeoutError names the last calls to vendors.
        """
        for _ in range(int(within / POLL_SECONDS)):
            if found := condition():
                return found
            wait(POLL_SECONDS)
        raise TimeoutError(f"not so within {within} s; {self._last_calls()}")

    def wait_until(self, *, within: float = 10.0, **holds: object) -> None:
        """Have the fakes wait until all holds that is given of this world.

        `calls`, `door`, `code` and `webhook`, as in `POST /_sim/worlds/{w}/wait`;
        `within` is in real seconds, at most 60. TimeoutError says what is missing.
        """
        seen = self.call("POST", "/wait", {**holds, "within_seconds": within})
        if not seen["holds"]:
            why = f"not so within {within} s: {seen['why']}"
            raise TimeoutError(f"{why}; {self._last_calls()}")

    def call(self, method: str, path: str, data: object = None) -> Any:
        """Return the answer of the control interface to a call about this world."""
        return self._made.fakes.call(method, f"/worlds/{self.id}{path}", data)

    def _last_calls(self) -> str:
        made = [f"{call.method} {call.path}: {call.status}" for call in self.calls()]
        return f"last calls: {'; '.join(made[-3:])}" if made else "no vendor was called"


class Strikeplate:
    """Running fakes, by their address and control token."""

    def __init__(self, url: str, control_token: str) -> None:
        self.url = url
        self._fakes = Fakes(HttpCaller(url, PATIENCE_SECONDS), control_token)

    def world(
        self,
        *,
        now: datetime | str | None = None,
        name: str = "",
        seed: str = "7",
        client_clock: str = "real",
    ) -> World:
        """Return an empty world whose clock stands at `now`, or follows the present.

        Signatures and expiry times go by the clock that your integration has: the
        "real" one, or one that your test sets with the "world".
        """
        start = datetime.fromisoformat(written(now)) if now else None
        made = self._fakes.new_world(
            name=name or "test", seed=seed, now=start, client_clock=client_clock
        )
        return World(made)

    def existing(self, world_id: str) -> World:
        """Return a world that is there, such as `demo`."""
        return World(self._fakes.world(world_id))


def written(at: datetime | str) -> str:
    """Return an instant as it goes over the wire; ValueError without an offset."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    if found.tzinfo is None:
        raise ValueError(f"{at} has no offset; write 2026-12-01T15:00:00+01:00")
    return found.isoformat()


def _call(row: Mapping[str, Any]) -> Call:
    return Call(**{each.name: row.get(each.name) for each in fields(Call)})  # type: ignore[arg-type]  # as the interface has them


__all__ = [
    "Answer",
    "Call",
    "Calls",
    "Credential",
    "Door",
    "HarnessFault",
    "Strikeplate",
    "World",
]
