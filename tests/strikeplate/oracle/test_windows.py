"""Each vendor's window, against the cases in `windows.txt`, worked out by hand.

Times are local to the lock unless they have an offset. `until` is that before which the
code must open; `shut`, where it is another, from when on it must not. Margins and grace
are minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.oracle import answers, windows
from strikeplate.oracle.answers import Answer
from strikeplate.profiles.shape import Resource

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Case(NamedTuple):
    """One booking, and when its code opens."""

    what: str
    vendor: str
    zone: str
    start: str
    end: str
    opens: str
    until: str
    shut: str
    before: str
    after: str
    grace: str


VENDORS = ("igloohome", "nuki", "exivo", "livionkey")
IGLOOHOME = VENDORS[0]
STOCKHOLM, KOLKATA = "Europe/Stockholm", "Asia/Kolkata"

HERE = Path(__file__).parent
HEAD, *ROWS = (HERE / "windows.txt").read_text(encoding="utf-8").splitlines()
CASES = [Case(*(cell.strip() for cell in row.split("|"))) for row in ROWS]


def test_table_has_the_columns_of_a_case() -> None:
    assert tuple(cell.strip() for cell in HEAD.split("|")) == Case._fields


def instant(text: str, zone: str) -> datetime:
    written = datetime.fromisoformat(text)
    if written.tzinfo is None:
        written = written.replace(tzinfo=ZoneInfo(zone))
    return written.astimezone(UTC)


def resource(vendor: str, zone: str, **traits: object) -> Resource:
    return Resource.model_validate({"vendor": vendor, "zone": zone, **traits})


def found(case: Case) -> windows.Window:
    """Return the window of a case."""
    traits = {
        "margin_before": timedelta(minutes=int(case.before or 0)),
        "margin_after": timedelta(minutes=int(case.after or 0)),
        "return_grace": timedelta(minutes=int(case.grace or 0)),
    }
    place = resource(case.vendor, case.zone, **traits)
    times = instant(case.start, case.zone), instant(case.end, case.zone)
    made = windows.window(place, *times, BEFORE)
    assert made is not None
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}: {case.what}")
def test_code_opens_for_the_hours_that_were_worked_out_by_hand(case: Case) -> None:
    made = found(case)
    assert made.opens == instant(case.opens, case.zone)
    assert made.closes == instant(case.until, case.zone)
    assert made.shuts == instant(case.shut or case.until, case.zone)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}: {case.what}")
def test_timeline_is_strict_a_second_outside_and_a_second_inside(case: Case) -> None:
    made = found(case)
    said = made.timeline(used=True)
    for at, answer in (
        (made.opens - SECOND, Answer.SHUT),
        (made.opens, Answer.OPEN),
        (made.closes - SECOND, Answer.OPEN),
        (made.shuts, Answer.SHUT),
    ):
        assert answers.at(said, at).answer is answer


def test_booking_longer_than_any_kind_of_code_has_no_window() -> None:
    place = resource(IGLOOHOME, STOCKHOLM)
    start = instant("2026-12-07 15:00", STOCKHOLM)
    for end, fits in (("2027-12-10 15:00", False), ("2027-12-09 15:00", True)):
        made = windows.window(place, start, instant(end, STOCKHOLM), BEFORE)
        assert bool(made) is fits


def test_code_of_a_booking_that_has_begun_opens_from_the_current_hour() -> None:
    now = instant("2026-12-07 15:40", STOCKHOLM)
    times = [instant(f"2026-12-07 {at}", STOCKHOLM) for at in ("13:20", "17:20")]
    made = windows.window(resource(IGLOOHOME, STOCKHOLM), *times, now)
    assert made is not None
    assert made.opens == instant("2026-12-07 15:00", STOCKHOLM)


@pytest.mark.parametrize(
    ("zone", "start", "end", "dead"),
    [
        (STOCKHOLM, "2026-12-07 15:20", "2026-12-10 17:20", "2026-12-08 15:00"),
        (KOLKATA, "2026-12-07 15:20", "2026-12-10 17:20", "2026-12-08 15:00"),
        (STOCKHOLM, "2027-03-27 15:20", "2027-03-30 17:20", "2027-03-28 16:00"),
        (STOCKHOLM, "2027-10-30 15:20", "2027-11-02 17:20", "2027-10-31 14:00"),
        (STOCKHOLM, "2026-12-07 15:20", "2027-01-20 17:20", "2026-12-08 15:00"),
        (STOCKHOLM, "2026-12-07 15:20", "2026-12-08 14:30", None),
    ],
)
def test_unused_code_is_dead_after_24_hours(
    zone: str, start: str, end: str, dead: str | None
) -> None:
    times = instant(start, zone), instant(end, zone)
    made = windows.window(resource(IGLOOHOME, zone), *times, BEFORE)
    assert made is not None
    assert made.unused == (dead and instant(dead, zone))
    if made.unused:
        assert answers.at(made.timeline(), made.unused).rule == "IGL-05"
        unused, used = made.timeline(), made.timeline(used=True)
        assert answers.at(unused, made.unused - SECOND).answer is Answer.OPEN
        assert answers.at(used, made.unused).answer is Answer.OPEN


def test_hours_are_uncertain_where_clocks_move_by_half_an_hour() -> None:
    zone = "Australia/Lord_Howe"
    times = [instant(f"2026-12-07 {at}", zone) for at in ("15:20", "17:20")]
    made = windows.window(resource(IGLOOHOME, zone), *times, BEFORE)
    assert made is not None
    said = made.timeline()
    for at in ("14:30", "15:10", "17:25", "17:45"):
        assert answers.at(said, instant(f"2026-12-07 {at}", zone)).answer is (
            Answer.EITHER
        )
    for at in ("15:20", "17:19"):
        assert answers.at(said, instant(f"2026-12-07 {at}", zone)).answer is Answer.OPEN
    for at in ("13:00", "19:30"):
        assert answers.at(said, instant(f"2026-12-07 {at}", zone)).answer is Answer.SHUT


ZONES = st.sampled_from(
    sorted({case.zone for case in CASES} | {"America/Santiago", "Africa/Casablanca"})
)
INSTANTS = st.datetimes(
    datetime(2026, 6, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2029, 6, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))
LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(days=300))


@given(st.sampled_from(VENDORS), ZONES, INSTANTS, LENGTHS)
def test_window_covers_the_booking_and_no_further_hour_or_day(
    vendor: str, zone: str, start: datetime, length: timedelta
) -> None:
    made = windows.window(resource(vendor, zone), start, start + length, BEFORE)
    assert made is not None
    assert made.earliest <= made.opens <= start
    assert start + length <= made.closes <= made.shuts
    most = timedelta(days=30) if length > timedelta(days=27) else HOUR
    widest = most if vendor == IGLOOHOME else SECOND
    assert start - made.opens <= (HOUR if vendor == IGLOOHOME else timedelta())
    assert made.shuts - (start + length) <= widest


@given(st.sampled_from(VENDORS), ZONES, INSTANTS, LENGTHS)
def test_igloohome_hours_are_whole_on_the_wall_beside_the_lock(
    vendor: str, zone: str, start: datetime, length: timedelta
) -> None:
    made = windows.window(resource(vendor, zone), start, start + length, BEFORE)
    assert made is not None
    if vendor == IGLOOHOME:
        local = made.opens.astimezone(ZoneInfo(zone))
        assert (local.minute, local.second) == (0, 0)
    else:
        assert made.opens == start


@given(st.lists(st.tuples(INSTANTS, st.sampled_from(Answer)), max_size=6))
def test_timeline_has_no_gap_and_no_two_answers(
    parts: list[tuple[datetime, Answer]],
) -> None:
    said = answers.timeline(
        answers.Stretch(answers.EVER, Answer.SHUT, "X"),
        *(answers.Stretch(at, answer, "X") for at, answer in parts),
    )
    begins = [each.since for each in said]
    assert begins == sorted(set(begins))
    assert begins[0] == answers.EVER
    for at, _ in parts:
        assert answers.at(said, at) in said


@given(INSTANTS, INSTANTS)
def test_either_between_leaves_the_rest_as_it_is(
    one: datetime, other: datetime
) -> None:
    since, until = sorted((one, other))
    base = answers.always(Answer.SHUT, "X")
    said = answers.either_between(base, since, until)
    assert answers.at(said, until).answer is Answer.SHUT
    assert answers.at(said, since - SECOND).answer is Answer.SHUT
    if since < until:
        assert answers.at(said, since).answer is Answer.EITHER
        assert answers.at(said, until - SECOND).answer is Answer.EITHER
