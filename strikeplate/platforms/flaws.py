"""Events that are malformed, or that the platform did not sign. Pure.

A flaw is made in whatever format the platform speaks. Which fields hold the start, the
kind or the id is seen by telling an event that differs in that alone. A flaw that a
format cannot have is not applicable.

Invariants: the rest of the event stays as it is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from strikeplate.platforms.standard import Booking, Delivery, Event

    Notify = Callable[[Event], Delivery]

Path = tuple[str | int, ...]
Payload = Any  # an event, as JSON

LATER = timedelta(days=1, minutes=37)
OFFSET = re.compile(r"(?<=\d)(?:[+-]\d\d:?\d\d|Z)$")
KIB = 1024
TEXT = "that is called text"


def malformed(event: Event, notify: Notify, flaw: str) -> Delivery:
    """Return an event with a flaw, as it is told; its signature is the sound one's."""
    made = notify(event)
    if flaw == TEXT:
        return with_headers(made, {"content-type": "text/plain"})
    for flaws, spoil in (
        (OF_BOOKINGS, _booked),
        (OF_BYTES, _written),
        (OF_JSON, _said),
    ):
        if flaw in flaws:
            return spoil(event, notify, flaw)
    known = ", ".join((TEXT, *OF_BOOKINGS, *OF_BYTES, *OF_JSON))
    raise HarnessFault(f"unknown flaw {flaw!r}; known: {known}")


def with_headers(made: Delivery, headers: Mapping[str, str]) -> Delivery:
    """Return a delivery with other headers; their names have no case."""
    given = {name.lower() for name in headers}
    kept = {
        name: text for name, text in made.headers.items() if name.lower() not in given
    }
    return replace(made, headers={**kept, **headers})


OF_BOOKINGS: Mapping[str, Callable[[Booking], Booking]] = {
    "whose end is before its start": lambda b: replace(b, start=b.end, end=b.start),
    "whose end is its start": lambda b: replace(b, end=b.start),
}


def _booked(event: Event, notify: Notify, flaw: str) -> Delivery:
    return notify(replace(event, booking=OF_BOOKINGS[flaw](event.booking)))


OF_BYTES: Mapping[str, Callable[[bytes, str], bytes]] = {
    "that is broken JSON": lambda body, _: body[:-9],
    "that is no object": lambda body, _: b"[" + body + b"]",
    "in Latin-1": lambda body, name: body.replace(
        name.encode(), f"Å{name}".encode("latin-1")
    ),
    "of 65 KiB": lambda body, _: padded(body, 65 * KIB),
    "padded to 65536 bytes": lambda body, _: padded(body, 64 * KIB),
}


def padded(body: bytes, size: int) -> bytes:
    """Return a body of `size` bytes, padded with blanks, which JSON allows."""
    return body + b" " * (size - len(body))


def _written(event: Event, notify: Notify, flaw: str) -> Delivery:
    made = notify(event)
    _json(made)
    body = OF_BYTES[flaw](made.body, event.booking.customer.name)
    if body == made.body:
        raise NotApplicable("its events name no customer")
    return replace(made, body=body)


def _said(event: Event, notify: Notify, flaw: str) -> Delivery:
    made = notify(event)
    return replace(made, body=json.dumps(OF_JSON[flaw](event, notify)).encode())


def _json(made: Delivery) -> Payload:
    """Return what an event says; one in another notation is not spoiled."""
    try:
        payload = json.loads(made.body)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise NotApplicable("its events are no JSON objects")
    return payload


def _leaves(payload: Payload, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each value with its place, in lists and objects at any depth."""
    if not isinstance(payload, dict | list):
        yield path, payload
        return
    within = payload.items() if isinstance(payload, dict) else enumerate(payload)
    for key, value in within:
        yield from _leaves(value, (*path, key))


def _places(event: Event, notify: Notify, *others: Event) -> list[Path]:
    """Return where an event says something else than the others do."""
    found = dict(_leaves(_json(notify(event))))
    told = [dict(_leaves(_json(notify(other)))) for other in others]
    return [
        p for p, value in found.items() if any(p in t and t[p] != value for t in told)
    ]


def _of_booking(event: Event, notify: Notify, **other: object) -> list[Path]:
    """Return where an event says what the booking would have otherwise."""
    differs = replace(event, booking=replace(event.booking, **other))  # type: ignore[arg-type]  # fields by name
    return _places(event, notify, differs)


def starts(event: Event, notify: Notify) -> list[Path]:
    """Return where an event says when the booking starts."""
    return _of_booking(event, notify, start=event.booking.start - LATER)


def ids(event: Event, notify: Notify) -> list[Path]:
    """Return where an event says its own id."""
    return _places(event, notify, replace(event, id=f"{event.id}-x"))


def kinds(event: Event, notify: Notify) -> list[Path]:
    """Return where an event says what kind it is of."""
    try:
        return _places(event, notify, replace(event, kind="cancelled"))
    except (NotApplicable, ValueError):
        return []


def changed(
    event: Event,
    notify: Notify,
    paths: Collection[Path],
    change: Callable[[object], object] | None = None,
) -> Payload:
    """Return what an event says, with some places changed or, without one, removed."""
    if not paths:
        raise NotApplicable("its events do not say that")
    payload = _json(notify(event))
    for path in paths:
        *way, last = path
        within = payload
        for key in way:
            within = within[key]
        if change is None:
            del within[last]
        else:
            within[last] = change(within[last])
    return payload


def _without_booking(event: Event, notify: Notify) -> Payload:
    """Return an event without the object that says when the booking starts."""
    (first, *_) = starts(event, notify) or [()]
    return changed(event, notify, [first[:-1]]) if first[:-1] else {}


def _number(value: object) -> object:
    if not isinstance(value, str):
        raise NotApplicable("its events have numbers for times")
    return 1796000000


def _without_offset(value: object) -> object:
    if not isinstance(value, str) or not OFFSET.search(value):
        raise NotApplicable("its events have times without an offset")
    return OFFSET.sub("", value)


OF_JSON: Mapping[str, Callable[[Event, Notify], Payload]] = {
    "without its id": lambda e, n: changed(e, n, ids(e, n)),
    "without a booking": _without_booking,
    "without a start": lambda e, n: changed(e, n, starts(e, n)),
    "of an unknown type": lambda e, n: changed(e, n, kinds(e, n), lambda _: "eaten"),
    "whose start is a number": lambda e, n: changed(e, n, starts(e, n), _number),
    "whose start is no date": lambda e, n: changed(
        e, n, starts(e, n), lambda _: "soon"
    ),
    "whose start has no offset": lambda e, n: changed(
        e, n, starts(e, n), _without_offset
    ),
}
