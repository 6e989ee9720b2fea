"""What a vendor's codes must do, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from strikeplate.oracle import answers
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.codes import Account, Asked, Use, codes, lists
from strikeplate.profiles.shape import Resource

VENDORS = ("exivo", "igloohome", "livionkey", "nuki")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
MADE = Asked("c1", NOON - DAY, 0, (NOON, NOON + 2 * HOUR))
CHANGED = Asked("c1", NOON - 12 * HOUR, 0, (NOON + DAY, NOON + DAY + HOUR))
DELETED = Asked("c1", NOON + HOUR, 0)


def answer(
    vendor: str,
    *asked: Asked,
    at: datetime,
    door: int = 0,
    now: datetime | None = None,
    uses: tuple[datetime, ...] = (),
) -> tuple[Answer, str]:
    """Return what is said of the code at a door, and by which rule."""
    traits = [Resource(vendor=vendor, zone="Europe/Berlin")] * 2
    now = now or max(each.at for each in asked) + HOUR
    account = Account(traits, asked, [Use("c1", use) for use in uses])
    for said in codes(account, now):
        if said.door == door and not said.how:
            stretch = answers.at(said.timeline, at)
            return stretch.answer, stretch.rule
    return Answer.EITHER, ""


@pytest.mark.parametrize(
    ("vendor", "rule"),
    [
        ("exivo", "EXV-03"),
        ("igloohome", "IGL-04"),
        ("livionkey", "LIV-01"),
        ("nuki", "NUK-07"),
    ],
)
def test_code_opens_its_door_in_its_window_alone(vendor: str, rule: str) -> None:
    second = timedelta(seconds=1)
    shut, opens = (Answer.SHUT, rule), (Answer.OPEN, rule)
    assert answer(vendor, MADE, at=NOON - second) == shut
    assert answer(vendor, MADE, at=NOON) == opens
    assert answer(vendor, MADE, at=NOON + 2 * HOUR - second) == opens
    over = (Answer.SHUT, "LIV-02" if vendor == "livionkey" else rule)
    assert answer(vendor, MADE, at=NOON + 2 * HOUR + second) == over


@pytest.mark.parametrize(
    ("vendor", "rule"),
    [
        ("exivo", "EXV-03"),
        ("igloohome", "IGL-01"),
        ("livionkey", "LIV-01"),
        ("nuki", "NUK-02"),
    ],
)
def test_code_opens_no_other_door(vendor: str, rule: str) -> None:
    assert answer(vendor, MADE, at=NOON, door=1) == (Answer.SHUT, rule)


def test_nothing_is_said_while_the_vendor_is_at_it() -> None:
    soon = MADE.at + timedelta(minutes=4)
    assert answer("nuki", MADE, at=NOON, now=soon) == (Answer.EITHER, "")


@pytest.mark.parametrize(
    ("vendor", "rule"), [("nuki", "NUK-08"), ("livionkey", "LIV-01")]
)
def test_changed_code_has_its_new_window_alone(vendor: str, rule: str) -> None:
    assert answer(vendor, MADE, CHANGED, at=NOON + HOUR) == (Answer.SHUT, rule)
    assert answer(vendor, MADE, CHANGED, at=NOON + DAY) == (Answer.OPEN, rule)


@pytest.mark.parametrize(
    ("vendor", "rule"),
    [("nuki", "NUK-03"), ("livionkey", "LIV-02"), ("exivo", "EXV-06")],
)
def test_deleted_code_opens_nothing(vendor: str, rule: str) -> None:
    at = DELETED.at + timedelta(minutes=6)
    assert answer(vendor, MADE, DELETED, at=at) == (Answer.SHUT, rule)


def test_long_pin_dies_unless_it_is_used_within_a_day() -> None:
    long = Asked("c1", NOON - DAY, 0, (NOON, NOON + 3 * DAY))
    later = NOON + 25 * HOUR
    assert answer("igloohome", long, at=later) == (Answer.SHUT, "IGL-05")
    used = (NOON + 23 * HOUR,)
    assert answer("igloohome", long, at=later, uses=used) == (Answer.OPEN, "IGL-05")
    over = NOON + 3 * DAY + HOUR
    assert answer("igloohome", long, at=over, uses=used) == (Answer.SHUT, "IGL-04")


@pytest.mark.parametrize("vendor", VENDORS)
def test_mistyped_code_opens_nothing_at_any_time(vendor: str) -> None:
    traits = [Resource(vendor=vendor, zone="Europe/Berlin")]
    account = Account(traits, [MADE])
    said = [each for each in codes(account, NOON) if each.how == "mistyped"]
    assert [each.timeline[0].answer for each in said] == [Answer.SHUT]
    assert len(said[0].timeline) == 1


@pytest.mark.parametrize(
    ("now", "asked", "must", "never"),
    [
        (NOON, [MADE], {"c1"}, set()),
        (MADE.at, [MADE], set(), set()),  # it is being made
        (NOON + 3 * HOUR, [MADE], set(), set()),  # it is over
        (NOON + 2 * HOUR, [MADE, DELETED], set(), {"c1"}),
        (DELETED.at, [MADE, DELETED], set(), set()),  # it is being deleted
    ],
)
def test_list_shows_what_is_good(
    now: datetime, asked: list[Asked], must: set[str], never: set[str]
) -> None:
    traits = [Resource(vendor="nuki", zone="Europe/Berlin")] * 2
    here, elsewhere = lists(Account(traits, asked), now)
    assert (here.must, here.never) == (must, never)
    assert elsewhere.must == set()
    assert elsewhere.rule == ("NUK-03" if elsewhere.never else "NUK-07")
