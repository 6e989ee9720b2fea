"""Kinds of PIN, keys of a cabinet, and what a vendor reports, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from strikeplate.oracle import answers
from strikeplate.oracle.answers import Answer
from strikeplate.oracle.codes import Account, Asked, Use, codes, lists
from strikeplate.oracle.reports import notices, reports
from strikeplate.profiles.shape import Resource

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
OPEN, SHUT, EITHER = Answer.OPEN, Answer.SHUT, Answer.EITHER


def account(vendor: str, *asked: Asked, **more: object) -> Account:
    grace = int(str(more.pop("grace", 0))) * HOUR
    traits = Resource(vendor=vendor, zone="Europe/Berlin", return_grace=grace)
    return Account([traits] * 2, asked, **more)  # type: ignore[arg-type]  # its fields


def said(account: Account, at: datetime, how: str = "") -> tuple[Answer, str]:
    """Return what is said at an instant of the code at its own door."""
    for each in codes(account, NOON + 40 * DAY):
        if (each.door, each.how) == (0, how):
            stretch = answers.at(each.timeline, at)
            return stretch.answer, stretch.rule
    return EITHER, ""


def pin(kind: str, end: datetime | None = None) -> Asked:
    return Asked("c1", NOON - DAY, 0, (NOON, end), kind)


@pytest.mark.parametrize(
    ("kind", "used", "at", "answer", "rule"),
    [
        ("onetime", None, NOON - MINUTE, SHUT, "IGL-10"),
        ("onetime", None, NOON + 23 * HOUR, OPEN, "IGL-10"),
        ("onetime", None, NOON + 24 * HOUR, SHUT, "IGL-10"),
        ("onetime", NOON + HOUR, NOON + 59 * MINUTE, OPEN, "IGL-10"),
        ("onetime", NOON + HOUR, NOON + 61 * MINUTE, SHUT, "IGL-10"),
        ("permanent", None, NOON + 23 * HOUR, OPEN, "IGL-10"),
        ("permanent", None, NOON + 24 * HOUR, SHUT, "IGL-05"),
        ("permanent", NOON + HOUR, NOON + 900 * DAY, OPEN, "IGL-05"),
        ("permanent", NOON + DAY, NOON + 900 * DAY, SHUT, "IGL-05"),
    ],
)
def test_pin_follows_the_limits_of_its_kind(
    kind: str, used: datetime | None, at: datetime, answer: Answer, rule: str
) -> None:
    uses = [Use("c1", used)] if used else []
    assert said(account("igloohome", pin(kind), uses=uses), at) == (answer, rule)


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (NOON + 9 * MINUTE, OPEN),
        (NOON + 10 * MINUTE, SHUT),
        (NOON + 13 * MINUTE, SHUT),
        (NOON + 15 * MINUTE, EITHER),
        (NOON + 16 * MINUTE, OPEN),
    ],
)
def test_five_wrong_codes_lock_the_keypad_for_a_while(
    at: datetime, answer: Answer
) -> None:
    wrong = [(0, NOON + 10 * MINUTE)]
    made = pin("hourly", NOON + 3 * HOUR)
    assert said(account("igloohome", made, wrong=wrong), at)[0] is answer
    elsewhere = account("igloohome", made, wrong=[(1, NOON + 10 * MINUTE)])
    assert said(elsewhere, NOON + 11 * MINUTE)[0] is OPEN


@pytest.mark.parametrize("drift", [90, -90, 3600])
def test_lock_goes_by_its_own_clock(drift: int) -> None:
    ahead = timedelta(seconds=drift)
    there = account("igloohome", pin("hourly", NOON + HOUR), drift=ahead)
    second = timedelta(seconds=1)
    assert said(there, NOON - ahead - second) == (SHUT, "IGL-01")
    assert said(there, NOON - ahead) == (OPEN, "IGL-01")
    assert said(there, NOON + HOUR - ahead) == (SHUT, "IGL-01")


MADE = Asked("c1", NOON - DAY, 0, (NOON, NOON + DAY))
END = NOON + DAY
TAKEN = Use("c1", NOON + HOUR, "take")
BACK = Use("c1", NOON + 2 * HOUR, "return")


@pytest.mark.parametrize(
    ("uses", "grace", "at", "answer", "rule"),
    [
        ([], 0, NOON + HOUR, OPEN, "LIV-01"),
        ([], 0, END + MINUTE, SHUT, "LIV-02"),
        ([], 1, END + MINUTE, EITHER, "LIV-03"),
        ([TAKEN], 0, END + MINUTE, SHUT, "LIV-02"),
        ([TAKEN], 1, END + MINUTE, OPEN, "LIV-03"),
        ([TAKEN], 1, END + 61 * MINUTE, SHUT, "LIV-03"),
        ([TAKEN, BACK], 1, END + MINUTE, SHUT, "LIV-03"),
        ([TAKEN, BACK], 0, NOON + 3 * HOUR, OPEN, "LIV-01"),
    ],
)
def test_guests_code_takes_the_key_back_and_gives_it_out_as_long_as_it_may(
    uses: list[Use], grace: int, at: datetime, answer: Answer, rule: str
) -> None:
    there = account("livionkey", MADE, uses=uses, grace=grace)
    assert said(there, at) == (answer, rule)


@pytest.mark.parametrize(
    ("uses", "answer"), [([], SHUT), ([TAKEN], OPEN), ([TAKEN, BACK], SHUT)]
)
def test_static_code_opens_its_own_slot_while_the_key_is_out(
    uses: list[Use], answer: Answer
) -> None:
    there = account("livionkey", MADE, uses=uses)
    assert said(there, END + 30 * DAY, "static") == (answer, "LIV-04")
    assert said(there, END + 30 * DAY, "static elsewhere") == (SHUT, "LIV-04")


def counted(account: Account, what: str, now: datetime, delay: timedelta) -> list[int]:
    """Return how often something must and may be reported of the first door."""
    found = [*reports(account, now, delay), *notices(account, now, delay)]
    alike = [each for each in found if (each.what, each.door) == (what, 0)]
    return [alike[0].at_least, -1 if alike[0].at_most is None else alike[0].at_most]


@pytest.mark.parametrize(
    ("uses", "minutes", "delay", "late"),
    [
        ([], 60, 0, [0, 0]),
        ([TAKEN], -1, 0, [0, 0]),
        ([TAKEN], 1, 0, [0, 1]),
        ([TAKEN], 6, 0, [1, 1]),
        ([TAKEN], 59, 60, [0, 0]),
        ([TAKEN], 66, 60, [1, 1]),
        ([TAKEN, BACK], 60, 0, [0, 0]),
    ],
)
def test_key_that_stays_out_is_reported_once_after_the_delay(
    uses: list[Use], minutes: int, delay: int, late: list[int]
) -> None:
    there = account("livionkey", MADE, uses=uses)
    now = END + minutes * MINUTE
    assert counted(there, "late", now, delay * MINUTE) == late


def test_contract_that_is_extended_is_late_at_each_end_that_passed() -> None:
    longer = Asked("c1", END + HOUR, 0, (NOON, END + 5 * HOUR))
    there = account("livionkey", MADE, longer, uses=[TAKEN])
    assert counted(there, "late", END + 6 * HOUR, timedelta()) == [2, 2]
    before = Asked("c1", END - HOUR, 0, (NOON, END + 5 * HOUR))
    there = account("livionkey", MADE, before, uses=[TAKEN])
    assert counted(there, "late", END + 6 * HOUR, timedelta()) == [1, 1]


def test_each_move_of_a_key_is_reported_once() -> None:
    there = account("livionkey", MADE, uses=[TAKEN, BACK])
    assert counted(there, "taken", BACK.at, timedelta()) == [1, 1]
    assert counted(there, "returned", BACK.at, timedelta()) == [0, 1]
    assert counted(there, "returned", BACK.at + 5 * MINUTE, timedelta()) == [1, 1]


def test_code_is_reported_with_the_times_it_has_now() -> None:
    changed = Asked("c1", NOON - HOUR, 0, (NOON, END + HOUR))
    deleted = Asked("c1", NOON, 0)
    now = NOON + HOUR
    (code, gone) = reports(account("nuki", MADE, changed), now, timedelta())
    assert (code.what, code.at_least, code.times) == ("code", 2, changed.times)
    assert (gone.what, gone.at_least, gone.at_most) == ("deleted code", 0, 0)
    asked = account("nuki", MADE, changed, deleted)
    assert counted(asked, "deleted code", now, timedelta()) == [1, -1]


def test_opened_door_is_reported_and_no_other() -> None:
    there = account("exivo", MADE, uses=[Use("c1", NOON)])
    own, other = reports(there, NOON + HOUR, timedelta())
    assert (own.at_least, own.at_most, own.rule) == (1, None, "EXV-04")
    assert (other.at_least, other.at_most) == (0, 0)


def test_nothing_is_reported_of_a_pin() -> None:
    asked = account("igloohome", pin("hourly", END))
    assert [*reports(asked, NOON + HOUR, timedelta())] == []


def test_codes_of_one_contract_open_for_each_of_its_keys() -> None:
    times = NOON, NOON + 2 * DAY
    first = Asked("c1", NOON - DAY, 0, times)
    joined = Asked("c2", NOON - DAY + HOUR, 1, times, joins="c1")
    alone = replace(joined, joins="")
    for second, kept_out in ((joined, 0), (alone, 2)):
        told = [*codes(account("livionkey", first, second), NOON)]
        own = {"c1": 0, "c2": 1}
        elsewhere = [e for e in told if not e.how and e.door != own[e.code]]
        assert len(elsewhere) == kept_out
    held = [*lists(account("livionkey", first, joined), NOON)]
    assert [each.must for each in held] == [{"c1"}, {"c2"}]
    assert not any(each.never for each in held)


def test_key_of_each_slot_of_a_contract_is_late_by_itself() -> None:
    times = NOON, NOON + DAY
    first = Asked("c1", NOON - DAY, 0, times)
    joined = Asked("c2", NOON - DAY, 1, times, joins="c1")
    uses = [Use(code, NOON + HOUR, "take") for code in ("c1", "c2")]
    told = notices(account("livionkey", first, joined, uses=uses), NOON + 2 * DAY, HOUR)
    late = {each.code: each.at_least for each in told if each.what == "late"}
    assert late == {"c1": 1, "c2": 1}


@pytest.mark.parametrize(
    ("after", "answer"),
    [(4 * MINUTE, EITHER), (5 * MINUTE, OPEN)],
)
def test_grace_that_is_changed_holds_for_the_contract_of_today(
    after: timedelta, answer: Answer
) -> None:
    made = Asked("c1", NOON - DAY, 0, (NOON, NOON + DAY))
    uses = [Use("c1", NOON + MINUTE, "take")]
    held = account("livionkey", made, uses=uses, grace=2, set_at=NOON + HOUR)
    told = [e for e in codes(held, NOON + HOUR + after) if (e.door, e.how) == (0, "")]
    found = [answers.at(each.timeline, NOON + DAY + HOUR) for each in told]
    assert ([each.answer for each in found] or [EITHER]) == [answer]


def test_code_stays_when_another_is_made_after_a_deletion() -> None:
    times, at = (NOON, NOON + DAY), NOON - DAY
    deleted = (Asked("c1", at, 0, times), Asked("c1", at + HOUR, 0))
    stays = Asked("c2", at, 0, times)
    for made_at, rule in ((at + 2 * HOUR, "NUK-08"), (at + MINUTE, "NUK-07")):
        third = Asked("c3", made_at, 0, times)
        held = account("nuki", stays, *deleted, third)
        told = next(
            e for e in codes(held, NOON) if (e.code, e.door, e.how) == ("c2", 0, "")
        )
        stretch = answers.at(told.timeline, NOON + HOUR)
        assert (stretch.answer, stretch.rule) == (OPEN, rule)
