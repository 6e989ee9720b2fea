"""A flaw is made in the platform's own format; an impossible one is not applicable."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from strikeplate.fakes_client import Fakes, World
from strikeplate.http import HttpCaller
from strikeplate.platforms.declared import Speech
from strikeplate.platforms.flaws import malformed
from strikeplate.platforms.forgeries import Sound, forged
from strikeplate.platforms.signatures import sign
from strikeplate.platforms.standard import Booking, Delivery, Event, Person
from strikeplate.profiles.shape import Events, Resource, Signature
from strikeplate.subjects import Connection
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
ADA = Person("Ada", "ada@example.org", "+46701234567")
COURT = Booking("B-1", "court", AT, AT + timedelta(hours=2), ADA)
CONFIRMED = Event("evt-1", "confirmed", AT, COURT)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
WORLD = World(Fakes(HttpCaller("http://127.0.0.1:9"), ""), "w", {})
"""A world that is never asked."""

NESTED = """{"event": "reservation.created", "data": {
  "reservation": {{ booking.id | json }}, "space": {{ resource.id | json }},
  "begins": {{ booking.start | local | json }},
  "finishes": {{ booking.end | local | json }},
  "guest": {"mail": {{ customer.email | json }}}}}"""
CANCELLED = (
    '{"event": "reservation.deleted", "data": {"reservation": {{ booking.id | json }}}}'
)
EPOCHS = """{"id": {{ event.id | json }}, "unit": {{ resource.id | json }},
  "from": {{ booking.start | epoch }}, "mail": {{ customer.email | json }}}"""
FORM = {
    "body": "start={{ booking.start | urlencode }}",
    "content_type": "application/x-www-form-urlencoded",
}


class Platform:
    """A platform that speaks by templates, and signs as it is told."""

    def __init__(self, signature: Signature | None = None, **events: object) -> None:
        told = Events.model_validate(
            {"url": "/hooks", **(events or {"confirmed": "{}"})}
        )
        self.signature = signature or Signature()
        places = {"court": Resource(vendor="nuki", zone="Europe/Warsaw", id="7")}
        self.speech = Speech(told, self.signature, places, SECRET)

    def notify(self, event: Event) -> Delivery:
        return next(self.speech.requests(event))

    def proof(
        self, event_id: str, body: bytes, connection: Connection, at: datetime
    ) -> dict[str, str]:
        return sign(self.signature, connection.secret or "", event_id, body, at)

    def can_send(self, kind: str) -> bool:
        return bool(kind)

    def renamed(self, booking: Booking, _event_id: str) -> Booking:
        return booking

    def deliveries(
        self, event: Event, _connection: Connection, _at: datetime
    ) -> list[Delivery]:
        return [self.notify(event)]


def said(flaw: str, **events: object) -> Any:
    return json.loads(malformed(CONFIRMED, Platform(**events).notify, flaw).body)


@pytest.mark.parametrize(
    ("flaw", "spoil"),
    [
        ("without a start", lambda d: d["data"].pop("begins")),
        ("without a booking", lambda d: d.pop("data")),
        ("of an unknown type", lambda d: d.update(event="eaten")),
        ("whose start is a number", lambda d: d["data"].update(begins=1796000000)),
        ("whose start is no date", lambda d: d["data"].update(begins="soon")),
        (
            "whose start has no offset",
            lambda d: d["data"].update(begins="2026-07-01T10:00:00"),
        ),
        (
            "whose end is its start",
            lambda d: d["data"].update(finishes="2026-07-01T10:00:00+02:00"),
        ),
    ],
)
def test_flaw_is_in_the_field_that_holds_it_and_nowhere_else(
    flaw: str, spoil: Callable[[Any], object]
) -> None:
    sound = json.loads(Platform(confirmed=NESTED).notify(CONFIRMED).body)
    spoil(sound)
    assert said(flaw, confirmed=NESTED, cancelled=CANCELLED) == sound


@pytest.mark.parametrize(
    ("flaw", "events"),
    [
        ("without its id", {"confirmed": NESTED}),
        ("of an unknown type", {"confirmed": NESTED}),
        ("in Latin-1", {"confirmed": NESTED}),
        ("whose start is a number", {"confirmed": EPOCHS}),
        ("whose start has no offset", {"confirmed": EPOCHS}),
        ("that is broken JSON", {"confirmed": FORM}),
    ],
)
def test_flaw_that_a_format_cannot_have_is_not_applicable(
    flaw: str, events: dict[str, object]
) -> None:
    with pytest.raises(NotApplicable):
        said(flaw, **events)


def test_event_is_padded_to_the_byte_and_stays_the_same() -> None:
    platform = Platform(confirmed=NESTED)
    made = malformed(CONFIRMED, platform.notify, "padded to 65536 bytes")
    assert len(made.body) == 65_536
    assert json.loads(made.body) == json.loads(platform.notify(CONFIRMED).body)


def test_unknown_flaw_is_a_fault_of_the_rules() -> None:
    with pytest.raises(HarnessFault, match="unknown flaw 'that smells'; known: "):
        said("that smells", confirmed=NESTED)


HMAC = Signature(
    scheme="hmac",
    header="X-Mark",
    signed="{timestamp}.{body}",
    timestamp_header="X-At",
)
BEARER = Signature(scheme="bearer")


def headers(
    signature: Signature, flaw: str, tolerance: int | None = 5
) -> dict[str, str]:
    """Return the headers of a delivery that is forged so."""
    platform, to = Platform(signature), Connection("", "/hooks", SECRET, WORLD)
    minutes = None if tolerance is None else timedelta(minutes=tolerance)
    made = platform.notify(CONFIRMED)
    return forged(Sound(made, "evt-1", to, AT, platform, minutes), flaw).headers


@pytest.mark.parametrize("flaw", ["forged", "empty", "not ASCII"])
@pytest.mark.parametrize("signature", [HMAC, BEARER], ids=lambda s: s.scheme)
def test_mark_of_any_scheme_can_be_forged(signature: Signature, flaw: str) -> None:
    right = Platform(signature).notify(CONFIRMED).headers
    wrong = headers(signature, flaw)
    (mark,) = (name for name in right if wrong[name] != right[name])
    assert mark in {"X-Mark", "Authorization"}


def test_missing_mark_leaves_nothing_of_the_signature() -> None:
    assert headers(HMAC, "missing") == {"Content-Type": "application/json"}


def test_event_is_dated_beyond_what_its_receiver_tolerates() -> None:
    early = headers(HMAC, "six minutes old", tolerance=20)
    assert early["X-At"] == str(int((AT - timedelta(minutes=21)).timestamp()))


@pytest.mark.parametrize(
    ("signature", "flaw", "says"),
    [
        (Signature(), "forged", "nothing proves who sent its events"),
        (BEARER, "for another body", "is the same with every event"),
        (BEARER, "six minutes old", "has no date"),
        (HMAC, "of an unknown version", "not signed as Standard Webhooks"),
    ],
)
def test_forgery_that_a_scheme_cannot_have_is_not_applicable(
    signature: Signature, flaw: str, says: str
) -> None:
    with pytest.raises(NotApplicable, match=says):
        headers(signature, flaw)


def test_age_is_not_judged_where_nothing_says_what_is_tolerated() -> None:
    with pytest.raises(NotApplicable, match="has no tolerance"):
        headers(HMAC, "six minutes old", tolerance=None)
