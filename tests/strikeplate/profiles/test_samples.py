"""A template made from a sample gives the sample back, and says what it guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.profiles.samples import draft, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any  # a sample

NOTATIONS: dict[str, Callable[[datetime], object]] = {
    "iso with offset": lambda at: at.isoformat(),
    "minutes with offset": lambda at: at.isoformat(timespec="minutes"),
    "milliseconds with offset": lambda at: at.isoformat(timespec="milliseconds"),
    "zulu": lambda at: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "zulu, milliseconds": lambda at: at.astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%S.000Z"
    ),
    "basic offset": lambda at: at.strftime("%Y-%m-%d %H:%M:%S%z"),
    "local": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"),
    "local, spaced": lambda at: at.strftime("%Y-%m-%d %H:%M"),
    "dotted": lambda at: at.strftime("%d.%m.%Y %H:%M"),
    "seconds": lambda at: int(at.timestamp()),
    "milliseconds": lambda at: int(at.timestamp()) * 1000,
    "seconds as text": lambda at: str(int(at.timestamp())),
}
NAMES = [
    ("start", "end"),
    ("from", "to"),
    ("startsAt", "endsAt"),
    ("arrival", "departure"),
    ("check_in", "check_out"),
    ("begins", "finishes"),
]
ZONES = ["Europe/Stockholm", "Europe/London", "America/New_York", "UTC"]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
IDS = st.one_of(
    st.integers(1, 10**9), st.from_regex(r"[A-Z]-[0-9]{2,6}", fullmatch=True)
)
PLAIN = st.one_of(TEXTS, st.booleans(), st.none(), st.integers(-999, 999))
STARTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def samples(draw: st.DrawFn) -> tuple[Json, str]:
    """Return a sample, and the zone of its platform."""
    zone = draw(st.sampled_from(ZONES))
    write = NOTATIONS[draw(st.sampled_from(sorted(NOTATIONS)))]
    start = draw(STARTS)
    begins = start.astimezone(ZoneInfo(zone))
    ends = (start + timedelta(minutes=draw(st.integers(15, 3000)))).astimezone(
        ZoneInfo(zone)
    )
    first, last = draw(st.sampled_from(NAMES))
    booking = {
        draw(st.sampled_from(["id", "booking_id", "reservationId"])): draw(IDS),
        first: write(begins),
        last: write(ends),
        draw(st.sampled_from(["room", "courtId", "space_ref"])): draw(IDS),
        "customer": {"name": "Ada Novak", "email": "ada@example.org"},
        "note": draw(PLAIN),
    }
    around = draw(st.sampled_from(["data", "booking", "payload", None]))
    event = {"type": "booking.created", "extra": draw(st.lists(PLAIN, max_size=3))}
    return ({**event, around: booking} if around else {**event, **booking}), zone


@given(samples())
def test_template_gives_the_sample_back(case: tuple[Json, str]) -> None:
    sample, zone = case
    made = draft(json.dumps(sample), zone)
    assert json.loads(rendered(made.body, made.values, made.zone)) == sample
    told = " ".join(made.guesses.values())
    for place in ("booking.start", "booking.end", "customer.email", "customer.name"):
        assert place in told
    assert "booking.id" in told
    assert "resource.id" in told


@given(NESTED)
def test_any_json_is_left_as_it_is_where_nothing_is_known(content: Json) -> None:
    sample = {"content": content}
    made = draft(json.dumps(sample))
    assert json.loads(rendered(made.body, made.values, made.zone)) == sample


def test_date_and_times_apart_are_found() -> None:
    sample = {
        "booking": {"id": 7, "date": "2026-12-01", "from": "22:00", "to": "01:30"}
    }
    made = draft(json.dumps(sample))
    assert made.values["booking"]["start"] == datetime(2026, 12, 1, 21, tzinfo=UTC)
    assert made.values["booking"]["end"] == datetime(2026, 12, 2, 0, 30, tzinfo=UTC)
    assert json.loads(rendered(made.body, made.values, made.zone)) == sample


def test_zone_is_that_of_the_sample() -> None:
    named = {"start": "2026-12-01T15:20:00", "timezone": "Europe/Oslo"}
    assert draft(json.dumps(named)).zone == "Europe/Oslo"
    offset = {"start": "2026-12-01T15:20:00-05:00"}
    assert draft(json.dumps(offset)).zone == "America/New_York"


def test_event_has_its_own_id_and_instant() -> None:
    sample = {"id": "e-1", "created_at": "2026-11-01T10:00:00Z", "data": {"id": "B-1"}}
    told = draft(json.dumps(sample)).guesses
    assert told["id"] == "event.id"
    assert told["created_at"] == "event.at | zulu"
    assert told["data.id"] == "booking.id"


def test_id_inside_of_a_text_is_found() -> None:
    sample = {"booking": {"id": "B-17"}, "link": "https://example.org/b/B-17?x=1"}
    made = draft(json.dumps(sample))
    made.values["booking"]["id"] = "B-18"
    link = json.loads(rendered(made.body, made.values, made.zone))["link"]
    assert link == "https://example.org/b/B-18?x=1"


def test_length_of_the_booking_follows_its_times() -> None:
    sample = {"start": "2026-12-01 10:00", "end": "2026-12-01 11:30", "minutes": 90}
    made = draft(json.dumps(sample))
    made.values["booking"]["end"] += timedelta(minutes=15)
    assert json.loads(rendered(made.body, made.values, made.zone))["minutes"] == 105


def test_revision_grows_with_each_event() -> None:
    made = draft('{"revision": 3, "data": {"reservation": "R-1"}}')
    assert made.grows == ["revision"]
    before = json.loads(rendered(made.body, made.values, made.zone))["revision"]
    made.values["event"]["at"] += timedelta(seconds=1)
    assert (
        json.loads(rendered(made.body, made.values, made.zone))["revision"]
        == before + 1
    )


def test_owner_is_no_customer() -> None:
    made = draft('{"owner": {"email": "o@example.org"}, "email": "ada@example.org"}')
    assert made.kept == ["owner.email"]
    assert made.guesses == {"email": "customer.email"}


def test_form_gives_the_same_fields() -> None:
    sample = (
        "type=new&booking%5Bid%5D=B-1&booking%5Bstart%5D=1796134800&email=a%40b.org"
    )
    made = draft(sample)
    assert made.content_type == "application/x-www-form-urlencoded"
    assert "booking.start | epoch" in made.body
    again = rendered(made.body, made.values, made.zone)
    assert parse_qsl(again) == parse_qsl(sample)


def test_xml_gives_the_same_document() -> None:
    sample = (
        '<reservation id="R-7"><note>{a} &amp; b</note>'
        "<start>2026-12-01T15:20:00+01:00</start><guest><name>Ada</name></guest>"
        "</reservation>"
    )
    made = draft(sample)
    assert made.content_type == "application/xml"
    assert made.guesses["reservation.@id"] == "booking.id"
    again = rendered(made.body, made.values, made.zone)
    assert ET.canonicalize(again) == ET.canonicalize(sample)


@pytest.mark.parametrize("text", ["", "no sample", "[1, 2", "<a><b></a>", "7"])
def test_what_is_no_sample_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        draft(text)
