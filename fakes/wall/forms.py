"""What can be done: each form of the pages, carried out by a function of `/_sim`.

Invariants: every form ends in a redirect (303) to a page, which says what came of it. A
refusal of the control interface is said there too, and nothing has changed.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import redirect, request, url_for

from fakes.kit.control import credentials, doors, opened, records, worlds
from fakes.kit.faults import Effect
from fakes.kit.json_api import Problem
from fakes.wall import answer_of, body_of, say, wall, words
from fakes.wall.dial import STEPS, next_change, zone_of
from fakes.wall.views import find_code, given_with, next_begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Response

    from fakes.kit.world import World

PRESETS: dict[str, dict[str, Any]] = {
    "down": {"phase": "before", "effect": {"status": 503}},
    "lost": {"phase": "after", "effect": {"drop": True}, "times": 1},
    "slow": {"phase": "before", "effect": {"delay_ms": 5000}},
    "busy": {"phase": "before", "effect": {"status": 429}},
}
"""Faults for one button, by their name in `words.FAULTS`."""


def form(path: str) -> Callable[[Callable[..., str]], Callable[..., Response]]:
    """Add a form's route; it returns the path to go on to.

    A Problem of what it asks for is said on the page that it came from.
    """

    def added(view: Callable[..., str]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**ids: str) -> Response:
            try:
                return redirect(view(**ids), 303)
            except Problem as problem:
                if problem.status == 404:  # noqa: PLR2004 - the page would not exist
                    raise
                say("bad", "That was not done.", problem.detail)
                return redirect(_back(ids.get("world_id")), 303)

        wall.post(path)(answer)
        return answer

    return added


def _back(world_id: str | None) -> str:
    """Return where the form came from, if that is a page of the same world."""
    root = url_for("wall.world_page", world_id=world_id) if world_id else "/"
    wanted = request.form.get("back", "")
    return wanted if world_id and f"{wanted}/".startswith(f"{root}/") else root


@form("/wall/worlds")
def add_world() -> str:
    """Make a world."""
    fields = _filled("name", "seed", "portfolio")
    if request.form.get("now"):
        fields["now"] = _instant(request.form["now"], "UTC")
    body = body_of(worlds.NewWorldRequest, **fields)
    made = answer_of(worlds.make_world(body))
    say("good", f"The world {made['name']} is there.")
    return url_for("wall.world_page", world_id=made["id"])


@form("/wall/<world_id>/drop")
def drop_world(world_id: str) -> str:
    """Drop a world."""
    worlds.drop_world(world_id)
    say("good", "The world is gone, and its credentials with it.")
    return url_for("wall.worlds")


@form("/wall/<world_id>/reset")
def reset_world(world_id: str) -> str:
    """Reset a world."""
    worlds.reset_world(world_id, worlds.ResetRequest())
    say("good", "The world is as it was at its beginning.")
    return url_for("wall.world_page", world_id=world_id)


@form("/wall/<world_id>/clock")
def move_clock(world_id: str) -> str:
    """Move the clock by a step, to an instant, or let it run or stop."""
    wanted = request.form.get("step", "")
    body = body_of(worlds.ClockRequest, **_clock_fields(world_id, wanted))
    moved = answer_of(worlds.move_clock(world_id, body))
    ran = [_ran(world_id, each) for each in moved["ran"]]
    if wanted in {"running", "stopped"}:
        say("busy", "The clock runs." if wanted == "running" else "The clock stands.")
    else:
        what = f"{len(ran)} things happened on the way." if ran else "Nothing was due."
        say("busy", "Time went on.", what.replace("1 things", "One thing"), ran)
    return _back(world_id)


def _clock_fields(world_id: str, step: str) -> dict[str, Any]:
    if step in STEPS:
        return {"advance": STEPS[step][1]}
    if step == "running":
        return {"mode": step, "speed": _speed(request.form.get("speed", "1"))}
    if step == "stopped":
        return {"mode": step}
    if step in TARGETS:
        with opened(world_id) as world:
            find, otherwise = TARGETS[step]
            return {"now": _due(find(world), otherwise)}
    zone = request.form.get("zone", "UTC")
    return {"now": _instant(request.form.get("to", ""), zone)}


def _change(world: World) -> datetime | None:
    change = next_change(
        world.now, [door.describe()["timezone"] for door in world.doors()]
    )
    return change[0] if change else None


TARGETS: dict[str, tuple[Callable[[World], datetime | None], str]] = {
    "next": (lambda world: world.clock.next_at, "Nothing is due."),
    "begins": (next_begin, "No code begins later."),
    "change": (_change, "No clock of these doors ever changes."),
}
"""The steps to what comes next, and what is said where nothing does."""


def _speed(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        fix = "give seconds for each real one, as 60"
        raise Problem(422, f"speed {text!r}: {fix}") from None


def _due(at: datetime | None, otherwise: str) -> datetime:
    if at is None:
        raise Problem(409, otherwise)
    return at


def _ran(world_id: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return what ran in words: the first line of the task's own description."""
    with opened(world_id) as world:
        task = world.tasks.get(record["what"])
    vendor, _, _ = record["what"].partition(".")
    does = (task.__doc__ or "").partition("\n")[0] if task else "A webhook was sent."
    more = {
        name: value
        for name, value in record.items()
        if name not in {"at", "what"} and value not in (None, "", [])
    }
    return {
        "at": record["at"],
        "who": words.vendor(vendor) if task else "",
        "does": does,
        "more": ", ".join(f"{name} {value}" for name, value in more.items()),
    }


@form("/wall/<world_id>/doors")
def add_door(world_id: str) -> str:
    """Add a door."""
    fields = _filled("vendor", "name", "kind", "timezone")
    body = body_of(doors.NewDoorRequest, **fields)
    made = answer_of(doors.add_door(world_id, body))
    say("good", f"{made['name']} is there.")
    return url_for("wall.door_page", world_id=world_id, door_id=made["id"])


@form("/wall/<world_id>/doors/<door_id>/entries")
def enter(world_id: str, door_id: str) -> str:
    """Type a code at the keypad of a door."""
    fields = _filled("then", "link", "medium") | {"code": request.form.get("code", "")}
    if request.form.get("slot"):
        fields["slot"] = _number("slot")
    _enter(world_id, door_id, fields)
    return _back(world_id)


@form("/wall/<world_id>/codes/<key>/entries")
def enter_code(world_id: str, key: str) -> str:
    """Type a code that is on a page, at its door."""
    with opened(world_id) as world:
        code = find_code(world, key)
        fake, _ = doors.find(world, code.door)
        fields = given_with(world, fake, code) | {"code": code.code}
    _enter(world_id, code.door, fields)
    return url_for("wall.code_page", world_id=world_id, key=key)


def _enter(world_id: str, door_id: str, fields: dict[str, Any]) -> None:
    """Type a code, and say what the door did."""
    name = answer_of(doors.show_door(world_id, door_id))["name"]
    body = body_of(doors.EntryRequest, **fields)
    entry = answer_of(doors.enter(world_id, door_id, body))
    slot, key = entry.get("slot"), entry.get("key")
    moved = f" Slot {slot} opened{f', key {key} was moved' if key else ''}."
    because = words.reason(entry["reason"])
    rule = f" {entry['rule']}: {words.rule(entry['rule'])}" if entry["rule"] else ""
    did = "opened" if entry["opened"] else "stays shut"
    text = f"{because}{moved if slot is not None else ''}{rule}"
    say("good" if entry["opened"] else "bad", f"{name} {did}.", text)


@form("/wall/<world_id>/doors/<door_id>/change")
def change_door(world_id: str, door_id: str) -> str:
    """Change a door: its network, battery, clock, keypad, bolt."""
    fields: dict[str, Any] = {
        name: request.form[name] == "yes"
        for name in ("online", "keypad", "jammed")
        if name in request.form
    }
    fields |= _filled("battery", "clock_drift_seconds")
    body = body_of(doors.DoorChangeRequest, **fields)
    changed = answer_of(doors.change_door(world_id, door_id, body))
    say("good", f"{changed['name']} is changed.")
    return _back(world_id)


@form("/wall/<world_id>/deliveries/<delivery_id>/replay")
def replay(world_id: str, delivery_id: str) -> str:
    """Send a webhook again."""
    made = answer_of(records.replay(world_id, delivery_id))["attempts"][-1]
    result = f"It answered {made['status']}." if made["status"] else made["error"]
    say("good" if made["status"] else "bad", "The webhook was sent again.", result)
    return _back(world_id)


@form("/wall/<world_id>/faults")
def add_fault(world_id: str) -> str:
    """Add a fault: one of those for a button, or one that is described."""
    preset = PRESETS.get(request.form.get("preset", ""))
    fields = preset or _described_fault()
    vendor = request.form.get("vendor", "")
    body = body_of(records.FaultRequest, vendor=vendor, **fields)
    records.add_fault(world_id, body)
    say("warn", "The fault is in force.")
    return url_for("wall.faults_page", world_id=world_id)


def _described_fault() -> dict[str, Any]:
    effect = {"status": _filled("status"), "delay_ms": _filled("delay_ms")}
    given = {name: _number(name) for name, value in effect.items() if value}
    if request.form.get("drop"):
        given["drop"] = True
    fields: dict[str, Any] = _filled("method", "path", "phase")
    fields |= {n: _number(n) for n in ("skip", "times") if request.form.get(n)}
    return fields | {"effect": body_of(Effect, **given)}


@form("/wall/<world_id>/faults/end")
def end_faults(world_id: str) -> str:
    """End one fault, or all of them."""
    fault_id = request.form.get("fault")
    if fault_id:
        records.end_fault(world_id, fault_id)
    else:
        records.end_faults(world_id)
    say("good", "The vendor has recovered.")
    return url_for("wall.faults_page", world_id=world_id)


@form("/wall/<world_id>/accounts/<vendor>")
def change_credentials(world_id: str, vendor: str) -> str:
    """Withdraw the credentials of a vendor's account, restore them, or make others."""
    body = body_of(credentials.CredentialChange, **_filled("state", "id"))
    credentials.change_credentials(world_id, vendor, body)
    say("good", f"{words.vendor(vendor)}: {words.CREDENTIALS[body.state]}")
    return url_for("wall.accounts_page", world_id=world_id)


@form("/wall/<world_id>/quirks/<vendor>/<name>")
def change_quirk(world_id: str, vendor: str, name: str) -> str:
    """Set a quirk."""
    text = request.form.get("value", "")
    with opened(world_id) as world:
        known = world.quirks.ledger().get(vendor, {}).get(name)
        default = known["default"] if known else ""
        value = text if isinstance(default, str) else _json(text)
        world.quirks.change({f"{vendor}.{name}": value})
    say("good", f"{name} is now {text}.")
    page = url_for("wall.quirks_page", world_id=world_id, vendor=vendor)
    return f"{page}#{name}"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # the quirk refuses it, in its own words


def _filled(*names: str) -> dict[str, Any]:
    """Return the fields that somebody has filled in."""
    given = {name: request.form.get(name, "").strip() for name in names}
    return {name: value for name, value in given.items() if value}


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not text.strip().lstrip("-").isdigit():
        raise Problem(422, f"{name} {text!r}: give a whole number")
    return int(text)


def _instant(text: str, zone: str) -> datetime:
    """Return the instant at which the clocks of a zone show this."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fix = "write a date and a time, such as 2026-12-01T15:05"
        raise Problem(422, f"{text!r}: {fix}") from None
    return at if at.tzinfo else at.replace(tzinfo=zone_of(zone))
