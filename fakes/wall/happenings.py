"""One timeline: events in, calls, the three records, webhooks, mails, what doors do.

Invariants: it reads only what `/_sim` shows: notes, journal, codes, deliveries, outbox,
door logs. It holds no PIN. The latest comes first; of one instant an event comes before
the calls that it led to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from fakes.wall import words
from fakes.wall.dial import local, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from fakes.kit.door import Code, Door
    from fakes.kit.journal import JournalEntry
    from fakes.kit.webhooks import Delivery
    from fakes.kit.world import World

CALLS_READ = 200
LOG_READ = 100
LONGEST_DATA = 900  # characters
FINE, TROUBLE = 300, 500


@dataclass(frozen=True)
class Happening:
    """One line of the timeline: when, in which lane, in which tone, and the words."""

    at: datetime
    lane: str
    tone: str
    title: str
    text: str = ""
    data: str = ""
    delivery: str = ""
    """The id of a webhook that can be sent again."""

    ref: str | None = None
    """The vendor's id of what a call was about."""

    times: int = 1
    """How often it happened in a row, this time being the last."""

    def opened_at(self, now: datetime) -> bool:
        """Whether this is a door that opens at this very instant."""
        return (self.lane, self.tone, self.at) == ("typed", "good", now)


@dataclass(frozen=True)
class About:
    """What a timeline is about: doors, the refs of codes, or a whole world."""

    doors: frozenset[str] | None = None
    reads: bool = False
    """Whether calls that only read, and were answered, belong to it."""

    refs: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """The vendors' ids of the doors."""

    def door(self, door_id: str) -> bool:
        """Whether it is about a door."""
        return self.doors is None or door_id in self.doors

    def mentioned(self, ref: str | None, text: Callable[[], str]) -> bool:
        """Whether a call or webhook is about these doors or codes."""
        if self.doors is None or ref in self.refs:
            return True
        said = text()
        return any(name in said for name in self.refs | self.names)


EVERYTHING = About()
READS = ("GET", "HEAD")


def timeline(
    world: World, about: About = EVERYTHING, most: int = 60, *, data: bool = True
) -> list[Happening]:
    """Return what happened, the latest first; call it with the world's lock held."""
    found = [
        *_notes(world, about),
        *_calls(world, about, data=data),
        *_records(world, about),
        *_webhooks(world, about, data=data),
        *_mails(world, about),
        *_at_doors(world, about),
    ]
    found.sort(key=lambda each: each.at)
    return _folded(found)[: -most - 1 : -1]


def _folded(found: list[Happening]) -> list[Happening]:
    """Return the lines; calls that repeat the one before are one line."""
    folded: list[Happening] = []
    for each in found:
        last = folded[-1] if folded else None
        if last and each.lane == "call" and _said_of(last) == _said_of(each):
            folded[-1] = replace(each, times=last.times + 1)
        else:
            folded.append(each)
    return folded


def _said_of(each: Happening) -> tuple[str | None, ...]:
    return each.lane, each.title, each.text, each.ref


def _notes(world: World, about: About) -> Iterator[Happening]:
    """Yield what came in from outside and led to calls about these doors or codes."""
    notes = [note for note in world.notes if note.about or about.doors is None]
    if not notes:
        return
    calls = [] if about.doors is None else _calls_about(world, about)
    for note in notes:
        word = re.compile(rf"(?<!\w){re.escape(note.about)}(?!\w)")
        if about.doors is None or any(word.search(said) for said in calls):
            yield Happening(note.at, "event", "good", note.title, note.text)


def _calls_about(world: World, about: About) -> list[str]:
    entries = world.journal.latest(CALLS_READ, lambda entry: entry.method not in READS)
    said = [(entry["ref"], _plain(entry)) for entry in entries]
    return [text for ref, text in said if about.mentioned(ref, partial(str, text))]


def _calls(world: World, about: About, *, data: bool) -> Iterator[Happening]:
    def wanted(entry: JournalEntry) -> bool:
        fine = entry.status is not None and entry.status < FINE
        return about.reads or entry.method not in READS or not fine

    for entry in world.journal.latest(CALLS_READ, wanted):
        if about.mentioned(entry["ref"], partial(_plain, entry)):
            yield Happening(
                entry["at"],
                "call",
                _tone(entry["status"]),
                f"{entry['method']} {entry['path']}",
                _outcome(entry),
                _data(entry) if data else "",
                ref=entry["ref"],
            )


def _outcome(entry: dict[str, Any]) -> str:
    vendor, status = words.vendor(entry["vendor"]), entry["status"]
    said = f"{vendor} answered {status}." if status else "The answer never came."
    if entry["fault"] is None:
        return said
    acted = "had acted" if entry["acted"] else "did not act"
    return f"{said} That was a fault: {vendor} {acted}."


def _data(entry: dict[str, Any]) -> str:
    parts = {name: entry[name] for name in ("query", "request", "answer")}
    return _short({name: part for name, part in parts.items() if part})


def _records(world: World, about: About) -> Iterator[Happening]:
    doors = {door.id: door.describe() for door in world.doors()}
    for code in codes_of(world):
        known = about.doors is None or not about.refs or code.ref in about.refs
        if code.since is not None and about.door(code.door) and known:
            tone = "busy" if code.truth == "queue" else "good"
            door = doors[code.door]
            title = f"{door['name']}: {words.RECORDS[code.truth]}"
            text = _window(code, door["timezone"])
            yield Happening(code.since, code.truth, tone, title, text)


def codes_of(world: World) -> Iterator[Code]:
    """Yield every code in each of the three records."""
    for fake in world.fakes.values():
        yield from fake.codes(world, None)


def _window(code: Code, zone: str) -> str:
    start, end = code.valid_from, code.valid_until
    begin = f"from {local(start, zone):%-d %b %H:%M}" if start else "at once"
    until = f"until {local(end, zone):%-d %b %H:%M}" if end else "without an end"
    return f"Valid {begin} {until}, {place_of(zone)} time."


def _webhooks(world: World, about: About, *, data: bool) -> Iterator[Happening]:
    for sent in world.deliveries:
        if about.mentioned(None, partial(str, sent.body)):
            yield from _attempts(world, sent, data=data)


def _attempts(world: World, sent: Delivery, *, data: bool) -> Iterator[Happening]:
    vendor = words.vendor(sent.vendor)
    title = f"Webhook of {vendor}" + (f": {sent.topic}" if sent.topic else "")
    body = world.redactor(sent.vendor).body(sent.body.encode(), "application/json")
    shown = _short(body) if data else ""
    if not sent.attempts:
        waits = f"To {sent.url}; not sent yet."
        yield Happening(sent.created_at, "webhook", "busy", title, waits, shown)
    for number, made in enumerate(sent.attempts, 1):
        lost = f"no answer: {made.error}"
        result = f"answered {made.status}" if made.status else lost
        again = "sent again by hand" if made.replay else f"attempt {number}"
        text = f"To {sent.url}; {again}; {result}."
        tone = "good" if made.arrived else "bad"
        yield Happening(made.at, "webhook", tone, title, text, shown, sent.id)


def _mails(world: World, about: About) -> Iterator[Happening]:
    if about.doors is None:
        for mail in world.outbox:
            kind = "An SMS" if mail.channel == "sms" else "A mail"
            title = f"{kind} of {words.vendor(mail.vendor)}"
            yield Happening(mail.at, "mail", "good", title, mail.subject)


def _at_doors(world: World, about: About) -> Iterator[Happening]:
    for door in world.doors():
        if about.door(door.id):
            yield from _log_of(door)


def _log_of(door: Door) -> Iterator[Happening]:
    name = door.describe()["name"]
    for entry in list(door.log)[-LOG_READ:]:
        fields = to_jsonable_python(entry)
        tone, title = _said(name, fields)
        slot, key = fields.get("slot"), fields.get("key")
        text = f"Slot {slot}, key {key or 'none'}." if slot is not None else ""
        yield Happening(entry.at, "typed", tone, title, text)


def _said(name: str, fields: dict[str, Any]) -> tuple[str, str]:
    what, reason = fields["what"], fields.get("reason") or fields.get("why") or ""
    if what != "entry":
        by = f" ({reason})" if reason else ""
        return "busy", f"{name}: {what.replace('-', ' ')}{by}"
    if reason == "opened":
        return "good", f"{name}: a code was typed, and it opened"
    return "warn", f"{name}: a code was typed. {words.reason(reason)}"


def _tone(status: int | None) -> str:
    if status is None or status >= TROUBLE:
        return "bad"
    return "good" if status < FINE else "warn"


def _plain(entry: dict[str, Any]) -> str:
    said = {name: entry[name] for name in ("path", "query", "request", "answer")}
    return json.dumps(said, ensure_ascii=False, default=str)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
    return text if len(text) <= LONGEST_DATA else f"{text[:LONGEST_DATA]}\n…"


def refs_of(codes: Iterable[Code]) -> frozenset[str]:
    """Return the vendors' ids of codes."""
    return frozenset(code.ref for code in codes if code.ref)
