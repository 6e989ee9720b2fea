"""What can be looked at: worlds, the doors of one, a door, codes, time, faults, quirks.

Invariants: a GET changes nothing but the world's clock, which catches up as it does at
any call. A code stands in a URL as a keyed hash (`key_of`), never as its digits.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from inspect import signature
from typing import TYPE_CHECKING, Any

from flask import current_app, make_response, redirect, request, url_for

from fakes.kit.control import credentials, opened, records
from fakes.kit.control import doors as control_doors
from fakes.kit.control import worlds as control_worlds
from fakes.kit.json_api import Problem, unknown
from fakes.kit.quirks import CONFIDENCES
from fakes.wall import answer_of, page_of, say, strip, wall, words
from fakes.wall.dial import SPEEDS, STEPS, dial_of, local, next_change, place_of
from fakes.wall.happenings import EVERYTHING, About, codes_of, refs_of, timeline

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.door import Code, Door
    from fakes.kit.world import Fake, World

RECENT = 12
SHORT_OF_POWER = 20  # percent
NOTHING_NEW = 304
EXTRAS = ("then", "slot", "link", "medium")
"""What some doors take beside a code."""

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@wall.get("/")
def worlds() -> Response:
    """Show all worlds; a vendor's `ref` leads to its code, as in the vendor's app."""
    listed = answer_of(control_worlds.list_worlds())
    ref = request.args.get("ref", "")
    page = _page_of_ref(ref, [each["id"] for each in listed])
    if page:
        return redirect(page, 303)
    if ref:
        say("warn", "No record has this code any more.")
    for each in listed:
        with opened(each["id"]) as world:
            found = [door.describe() for door in world.doors()]
            each["doors"] = len(found)
            each["offline"] = sum(not door["online"] for door in found)
            each["at"] = dial_of(world.now, (door["timezone"] for door in found))
    return page_of("worlds.html", worlds=listed)


def _page_of_ref(ref: str, world_ids: list[str]) -> str | None:
    """Return the page of the code that has this id at its vendor, in any world."""
    for world_id in world_ids if ref else []:
        with opened(world_id) as world:
            for code in codes_of(world):
                if code.ref == ref:
                    key = key_of(code)
                    return url_for("wall.code_page", world_id=world_id, key=key)
    return None


@wall.get("/wall/<world_id>")
def world_page(world_id: str) -> Response:
    """Show the doors of a world."""
    with opened(world_id) as world:
        frame = frame_of(world, "doors")
        listed = [door.describe() for door in world.doors()]
        recent = timeline(world, EVERYTHING, RECENT, data=False)
        vendors = list(world.fakes)
    return page_of("world.html", doors=listed, recent=recent, vendors=vendors, **frame)


@wall.get("/wall/<world_id>/doors/<door_id>")
def door_page(world_id: str, door_id: str) -> Response:
    """Show one door: its keypad, what can be changed at it, its codes, its time."""
    with opened(world_id) as world:
        door = control_doors.find(world, door_id)[1]
        described = door.describe()
        codes = [each for each in grouped(world) if each.door == door_id]
        refs = refs_of(code for each in codes for code in each.rows)
        about = About(
            frozenset({door_id}), refs=refs, names=frozenset({described["vendor_id"]})
        )
        frame = frame_of(world, "doors")
        lines = timeline(world, about)
    return page_of(
        "door.html",
        door=described,
        takes=[name for name in EXTRAS if name in signature(door.enter).parameters],
        is_open=any(each.opened_at(world.now) for each in lines),
        codes=codes,
        lines=lines,
        **frame,
    )


@wall.get("/wall/<world_id>/codes")
def codes_page(world_id: str) -> Response:
    """List the codes, each with the three records of it."""
    with opened(world_id) as world:
        codes, frame = grouped(world), frame_of(world, "codes")
        names = {door.id: door.describe() for door in world.doors()}
    return page_of("codes.html", codes=codes, names=names, **frame)


@wall.get("/wall/<world_id>/codes/<key>")
def code_page(world_id: str, key: str) -> Response:
    """Show one code: where it is, when it opens, and its timeline."""
    with opened(world_id) as world:
        code = find_code(world, key)
        fake, door = control_doors.find(world, code.door)
        described = door.describe()
        about = About(frozenset({code.door}), refs=refs_of(code.rows))
        days = _days(world, fake, door, code)
        frame = frame_of(world, "codes")
        lines = timeline(world, about)
    return page_of(
        "code.html", code=code, door=described, days=days, lines=lines, **frame
    )


@wall.get("/wall/<world_id>/timeline")
def timeline_page(world_id: str) -> Response:
    """Show what happened in a world."""
    with opened(world_id) as world:
        frame, reads = frame_of(world, "timeline"), "reads" in request.args
        lines = timeline(world, About(reads=reads), most=120)
    return page_of("timeline.html", lines=lines, reads=reads, **frame)


@wall.get("/wall/<world_id>/faults")
def faults_page(world_id: str) -> Response:
    """Show the faults in force, and the form for another."""
    listed = answer_of(records.list_faults(world_id))
    with opened(world_id) as world:
        frame, vendors = frame_of(world, "faults"), list(world.fakes)
    return page_of("faults.html", faults=listed, vendors=vendors, **frame)


@wall.get("/wall/<world_id>/quirks")
def quirks_page(world_id: str) -> Response:
    """Show the quirks of one vendor, each with how sure its fact is."""
    ledger = answer_of(records.show_quirks(world_id))
    vendor = request.args.get("vendor") or next(iter(ledger), "")
    if vendor not in ledger:
        raise Problem(404, unknown("vendor", vendor, ledger))
    with opened(world_id) as world:
        frame = frame_of(world, "quirks")
    return page_of(
        "quirks.html",
        ledger=ledger,
        vendor=vendor,
        confidences=CONFIDENCES,
        **frame,
    )


@dataclass(frozen=True)
class Account:
    """What the owner of a vendor's account sees: its credentials, and their state."""

    vendor: str
    settings: dict[str, str] = field(repr=False)
    doors: int
    revoked: bool
    renewable: bool
    apps: list[dict[str, Any]] = field(repr=False)
    """Each app that may connect: its id, its credentials, whether they are revoked."""


@wall.get("/wall/<world_id>/accounts")
def accounts_page(world_id: str) -> Response:
    """Show with what an integration reaches the vendors of a world."""
    with opened(world_id) as world:
        frame = frame_of(world, "accounts")
        listed = {
            vendor: answer_of(credentials.list_credentials(world_id, vendor))
            for vendor, fake in world.fakes.items()
            if fake.several is not None
        }
        settings = world.credentials(request.host_url.rstrip("/"))
        found = Counter(door.describe()["vendor"] for door in world.doors())
        accounts = [
            Account(
                vendor,
                settings[vendor],
                found[vendor],
                revoked=vendor in world.revoked,
                renewable=fake.renew is not None,
                apps=listed.get(vendor, []),
            )
            for vendor, fake in world.fakes.items()
        ]
    return page_of("accounts.html", accounts=accounts, **frame)


class Unchanged(Exception):  # noqa: N818 - no error: a page asked for news
    """Nothing has changed since the cursor that was sent."""


@wall.errorhandler(Unchanged)
def nothing_new(_: Unchanged) -> Response:
    """Answer a page that asks for news when there is none."""
    return make_response("", NOTHING_NEW)


def frame_of(world: World, here: str) -> dict[str, Any]:
    """Return what each page of a world shows around its own part.

    Unchanged if the caller's cursor says that it has all of it.
    """
    zones = [door.describe()["timezone"] for door in world.doors()]
    cursor = cursor_of(world)
    if request.args.get("cursor") == cursor:
        raise Unchanged
    return {
        "world": world,
        "here": here,
        "dial": dial_of(world.now, zones),
        "steps": STEPS,
        "change": next_change(world.now, zones),
        "begins": next_begin(world),
        "speeds": SPEEDS,
        "cursor": cursor,
        "faulty": sum(fault.lives(world.now) for fault in world.faults),
    }


def next_begin(world: World) -> datetime | None:
    """Return when the next code of a record begins, which is the next booking's."""
    begins = (row.valid_from for row in codes_of(world))
    return min((at for at in begins if at and at > world.now), default=None)


def cursor_of(world: World) -> str:
    """Return a word that is another one whenever a page would show something else."""
    attempts = [len(sent.attempts) for sent in world.deliveries]
    parts = (
        [
            world.journal.added,
            len(attempts),
            sum(attempts),
            len(world.outbox),
            len(world.notes),
        ],
        [world.now.replace(microsecond=0), world.clock.mode, world.clock.next_at],
        [(door.describe(), len(list(door.log))) for door in world.doors()],
        [fault.struck for fault in world.faults],
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


@dataclass
class CodeRows:
    """One code of one door, as each of the three records has it."""

    key: str
    door: str
    code: str = field(repr=False)
    rows: list[Code] = field(repr=False)

    @property
    def truths(self) -> dict[str, Code]:
        """The rows by their record."""
        return {row.truth: row for row in self.rows}

    @property
    def is_timed(self) -> bool:
        """Whether it begins or ends at some time."""
        return bool(self.valid_from or self.valid_until)

    @property
    def valid_from(self) -> datetime | None:
        """When it begins, if it does."""
        return self.rows[-1].valid_from

    @property
    def valid_until(self) -> datetime | None:
        """When it ends, if it does."""
        return self.rows[-1].valid_until


def grouped(world: World) -> list[CodeRows]:
    """Return every code of a world once, whatever records have it."""
    found: dict[tuple[str, str], CodeRows] = {}
    for row in codes_of(world):
        key = key_of(row)
        empty = CodeRows(key, row.door, row.code, [])
        found.setdefault((row.door, row.code), empty).rows.append(row)
    return list(found.values())


def find_code(world: World, key: str) -> CodeRows:
    """Return a code by its key; a Problem (404) if there is none."""
    found = next((each for each in grouped(world) if each.key == key), None)
    if found is None:
        gone = "This code is in no record any more, or the address is not whole."
        raise Problem(404, gone)
    return found


def key_of(code: Code) -> str:
    """Return what stands for a code in a URL."""
    token = current_app.config["CONTROL_TOKEN"].encode()
    secret = hashlib.blake2b(token, digest_size=32).digest()
    said = f"{code.door}|{code.code}".encode()
    return hashlib.blake2b(said, key=secret, digest_size=9).hexdigest()


def given_with(world: World, fake: Fake[Any], code: CodeRows) -> dict[str, str]:
    """Return what a person gives together with a code, such as a visit's link."""
    if fake.typed_with is None:
        return {}
    return {
        name: value
        for row in code.rows
        for name, value in fake.typed_with(world, row).items()
    }


def _days(world: World, fake: Fake[Any], door: Door, code: CodeRows) -> list[strip.Day]:
    zone, extra = door.describe()["timezone"], given_with(world, fake, code)

    def ask(at: datetime) -> strip.Answer:
        try:
            entry = door.probe(code.code, at, **extra)
        except ValueError as error:  # cannot be typed at this door
            return strip.Answer(opens=False, reason=str(error), rule=None)
        return strip.Answer(entry.opened, entry.reason, fake.rule_of(entry))

    start = strip.midnight(_first_day(world, code), zone)
    end = start + timedelta(days=strip.DAYS)
    edges = [at for row in code.rows for at in (row.valid_from, row.valid_until) if at]
    return strip.days_of(strip.stretches(ask, start, end, edges), zone)


def _first_day(world: World, code: CodeRows) -> datetime:
    begins = code.valid_from or world.now
    is_far = begins > world.now + timedelta(days=strip.DAYS)
    return begins if is_far else world.now


@wall.app_template_filter("clock_time")
def clock_time(at: datetime | str | None, zone: str, form: str = "") -> str:
    """Return an instant as the clocks of a zone show it."""
    if at is None:
        return "\N{EN DASH}"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return local(instant, zone).strftime(form or "%a %-d %b %Y, %H:%M")


@wall.app_template_filter("instants")
def instants(text: str, zone: str) -> str:
    """Return the text with each of its instants as the clocks of a zone show it."""
    return INSTANT.sub(lambda found: clock_time(found.group(), zone), text)


@wall.app_template_filter("signs")
def signs(door: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is to be known about a door: a tone and a word each."""
    online = ("good", "online") if door["online"] else ("bad", "offline")
    battery = door["battery"]
    tone = "bad" if not battery else "warn" if battery < SHORT_OF_POWER else "off"
    found = [online, (tone, f"battery {battery} %")]
    if door["clock_drift_seconds"]:
        found.append(("warn", f"clock {door['clock_drift_seconds']:+g} s"))
    if not door["keypad"]:
        found.append(("off", "no keypad"))
    if door.get("jammed"):
        found.append(("bad", "jammed"))
    return found


@wall.app_context_processor
def vocabulary() -> dict[str, Any]:
    """Return what every template may use."""
    return {"words": words, "place_of": place_of}
