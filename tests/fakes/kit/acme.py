"""A fifth vendor, made up: one key, doors that learn their codes after a while.

The tests copy this file into a package of its own, where the kit finds it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from fakes.kit.dispatch import answer, current_world, note
from fakes.kit.door import Code
from fakes.kit.quirks import read_quirks
from fakes.kit.webhooks import push
from fakes.kit.world import Fake

if TYPE_CHECKING:
    from collections.abc import Mapping

acme = Blueprint("acme", __name__)
RESTLESS = "6666"  # a code that is never done with: the mistake the kit must tell


@dataclass(frozen=True)
class Tried:
    opened: bool
    reason: str
    at: datetime

    def details(self) -> dict[str, Any]:
        return {}


@dataclass
class Leaf:
    id: str
    vendor_id: str
    name: str
    online: bool = True
    known: dict[str, str] = field(default_factory=dict)
    log: list[Tried] = field(default_factory=list)

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "vendor": "acme",
            "vendor_id": self.vendor_id,
            "name": self.name,
            "online": self.online,
        }

    def enter(self, code: str, now: datetime) -> Tried:
        tried = self.probe(code, now)
        self.log.append(tried)
        return tried

    def probe(self, code: str, at: datetime) -> Tried:
        if not code.isdigit():
            raise ValueError("this keypad has the digits 0 to 9")
        opens = code in self.known.values()
        return Tried(opens, "opened" if opens else "wrong-code", at)


@dataclass
class Acme:
    key: str
    doors: dict[str, Leaf] = field(default_factory=dict)
    cloud: dict[str, tuple[str, str]] = field(default_factory=dict)
    hook: str = ""
    received: list[str] = field(default_factory=list)


@acme.post("/codes")
def make_code() -> Response:
    world = current_world()
    state = world.state(Acme)
    ref = world.ids.name("code")
    state.cloud[ref] = (request.json["door"], request.json["pin"])
    wait = timedelta(seconds=world.quirks["acme.sync-seconds"])
    world.call_at(world.now + wait, "acme.sync", ref=ref)
    note(ref)
    return jsonify(ref=ref, pin=request.json["pin"], at=world.now.isoformat())


@acme.get("/codes")
def list_codes() -> Response:
    return jsonify(sorted(current_world().state(Acme).cloud))


@acme.put("/hook")
def set_hook() -> Response:
    current_world().state(Acme).hook = request.json["url"]
    return jsonify(None)


def sync(world: Any, *, ref: str) -> Mapping[str, Any] | None:
    state = world.state(Acme)
    door, pin = state.cloud[ref]
    if pin == RESTLESS:
        world.call_at(world.now, "acme.sync", ref=ref)
    if not state.doors[door].online:
        return None
    state.doors[door].known[ref] = pin
    if state.hook:
        push(world, "acme", state.hook, f'{{"ref":"{ref}"}}', retries=[60, 300])
    return {"ref": ref}


def sign(world: Any, delivery: Any) -> dict[str, str]:
    text = f"{world.now.isoformat()}.{delivery.body}"
    key = world.state(Acme).key.encode()
    return {
        "acme-at": world.now.isoformat(),
        "acme-signature": hmac.digest(key, text.encode(), "sha256").hex(),
    }


def add_door(world: Any, fields: Mapping[str, Any]) -> Leaf:
    door = Leaf(world.ids.name("door"), world.ids.hex("acme", 8), fields["name"])
    world.state(Acme).doors[door.id] = door
    return door


def patch_door(_world: Any, door: Any, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(door, name, value)


def codes(world: Any, door: Any) -> list[Code]:
    state = world.state(Acme)
    rows = [
        Code(place, pin, "cloud", None, None, ref)
        for ref, (place, pin) in state.cloud.items()
    ]
    for leaf in state.doors.values():
        for ref, pin in leaf.known.items():
            rows.append(Code(leaf.id, pin, "door", None, None, ref))
    return [row for row in rows if door is None or row.door == door.id]


FAKE = Fake(
    name="acme",
    blueprint=acme,
    state=Acme,
    new_state=lambda world: Acme(world.key("acme", "key")),
    credentials=lambda world, url: {"key": world.state(Acme).key, "api_url": url},
    live_credentials=lambda state: [state.key],
    presented=lambda call: call.headers.get("X-Key"),
    no_world=lambda _: answer(401, {"error": "no such key"}),
    doors=lambda state: state.doors,
    add_door=add_door,
    patch_door=patch_door,
    rule_of=lambda _: "ACM-01",
    codes=codes,
    portfolio=lambda world: add_door(world, {"name": "Front"}) and None,
    tasks={"acme.sync": sync},
    sign=sign,
    entered=lambda world, _door, entry: world.state(Acme).received.append(entry.reason),
    quirks=read_quirks(Path(__file__).with_name("quirks.toml")),
    secret_fields=frozenset({"X-Key"}),
)
