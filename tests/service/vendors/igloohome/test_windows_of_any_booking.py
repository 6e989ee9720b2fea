"""Ten thousand bookings in many zones, most of them near a change of the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NoWindow
from service.domain.schedule import DAY, HOUR, Margin, Window, margin_of
from service.vendors.igloohome.mapping import plan, written

BOOKINGS = 10_000
HOURS = st.integers(0, 23)
MINUTE = timedelta(minutes=1)
ZONES = (
    "Africa/Casablanca",
    "America/Los_Angeles",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Stockholm",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
# The clocks change here: Stockholm, Lord Howe, Los Angeles, both ways each.
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 10, tzinfo=UTC),
    datetime(2026, 11, 1, 9, tzinfo=UTC),
)


@dataclass(frozen=True)
class Case:
    """A booking, heard of `lead` before its start."""

    zone: str
    start: datetime
    length: timedelta
    lead: timedelta
    margin: Margin

    @property
    def now(self) -> datetime:
        return self.start - self.lead

    @property
    def opens(self) -> datetime:
        return max(self.start - self.margin.before, self.now)

    @property
    def closes(self) -> datetime:
        return self.start + self.length + self.margin.after

    def plan(self) -> Window:
        zone = ZoneInfo(self.zone)
        start = self.start.astimezone(zone)
        end = (self.start + self.length).astimezone(zone)
        return plan(start, end, now=self.now, zone=zone, margin=self.margin)


def any_case(random: Random) -> Case:
    longest = random.choice((120, 3000, 60 * 1440, 400 * 1440))
    return Case(
        zone=random.choice(ZONES),
        start=random.choice(CHANGES) + random.randint(-3000, 3000) * MINUTE,
        length=random.randint(1, longest) * MINUTE,
        lead=random.randint(-1500, random.choice((3000, 400 * 1440))) * MINUTE,
        margin=Margin(random.randint(0, 23) * HOUR, random.randint(0, 23) * HOUR),
    )


cases = st.builds(
    Case,
    zone=st.sampled_from(ZONES),
    start=st.timedeltas(-25 * 365 * DAY, 90 * 365 * DAY).map(CHANGES[0].__add__),
    length=st.timedeltas(MINUTE, 370 * DAY),
    lead=st.timedeltas(-30 * DAY, 400 * DAY),
    margin=st.builds(margin_of, HOURS, st.just(0), HOURS, st.just(0)),
)


def test_ten_thousand_bookings_are_covered_within_the_vendors_limits() -> None:
    random = Random(7)  # noqa: S311 (seeded: the same bookings every time)
    kinds = [judge(any_case(random)) for _ in range(BOOKINGS)]
    assert min(kinds.count(kind) for kind in ("hourly", "daily", None)) > 200


@given(cases)
def test_any_booking_is_covered_within_the_vendors_limits(case: Case) -> None:
    judge(case)


def judge(case: Case) -> str | None:
    """Assert all that holds for a window, and return its kind."""
    try:
        window = case.plan()
    except NoWindow:
        assert case.closes <= case.now or case.closes - case.opens > 366 * DAY
        return None
    covers_and_no_more(case, window)
    fits_the_vendor(case, window)
    can_be_used_in_time(case, window)
    return window.kind


def covers_and_no_more(case: Case, window: Window) -> None:
    assert window.end is not None
    assert case.opens - HOUR < window.start <= case.opens
    assert case.closes <= window.end
    if window.kind == "hourly":
        assert window.end < case.closes + HOUR
    elif window.end - window.start > 29 * DAY:
        assert window.end < case.closes + DAY


def fits_the_vendor(case: Case, window: Window) -> None:
    sent = [
        datetime.fromisoformat(text or "")
        for text in written(window, ZoneInfo(case.zone))
    ]
    assert sent == [window.start, window.end]
    assert {(at.minute, at.second, at.microsecond) for at in sent} == {(0, 0, 0)}
    assert sent[0].utcoffset() == sent[1].utcoffset()
    lasts = sent[1] - sent[0]
    if window.kind == "hourly":
        assert HOUR <= lasts <= 672 * HOUR
    else:
        assert sent[0].hour == sent[1].hour
        assert 29 * DAY <= lasts <= 367 * DAY
        assert case.closes - window.start > 671 * HOUR


def can_be_used_in_time(case: Case, window: Window) -> None:
    assert window.end is not None
    assert window.start > case.now - HOUR
    lasts = window.end - window.start
    assert (window.first_use_by is None) == (lasts <= DAY)
    assert window.first_use_by is None or window.first_use_by > case.start
