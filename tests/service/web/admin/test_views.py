"""What the pages show of records; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.access import Status
from service.domain.booking import Trigger
from service.domain.keys import KeyPlace
from service.domain.rules import Channel
from service.domain.schedule import Form
from service.ids import new_id
from service.store.audit import Action
from service.store.bookings import Outcome
from service.store.messages import MessageKind, MessageStatus, Reader
from service.web.admin import rules, views
from service.web.admin.phrases import table
from service.web.admin.views import DASH, LocalTime
from service.web.api.locks import KeySchema
from service.web.read_models import LockName

if TYPE_CHECKING:
    from collections.abc import Mapping

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def at(language: str) -> LocalTime:
    return LocalTime(language, STOCKHOLM, NOW)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (views.STATES, Status),
        (views.MEANINGS, Status),
        (views.MESSAGE_STATES, MessageStatus),
        (views.EVENT_STATES, Outcome),
        (views.KEY_STATES, KeyPlace),
        (views.READERS, Reader),
        (views.KINDS, MessageKind),
        (views.CHANNELS, Channel),
        (views.TRIGGERS, Trigger),
        (rules.FORMS, Form),
        ({text: text for text in table("sv")}, Action),
    ],
)
def test_each_word_of_the_domain_has_a_phrase(
    words: Mapping[str, object], known: Any
) -> None:
    assert {each.value for each in known} <= {str(word) for word in words}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tue 1 Dec, 16:05"),
        ("sv", "2026-12-01, 16:05"),
        ("cs", "1. 12., 16:05"),
        ("de", "01.12., 16:05"),
    ],
)
def test_instant_is_in_the_locks_time_as_the_language_writes_it(
    language: str, text: str
) -> None:
    found = at(language).moment(datetime(2026, 12, 1, 15, 5, tzinfo=UTC))
    assert found is not None
    assert found.text == text
    assert found.machine == "2026-12-01T15:05:00+00:00"
    assert at(language).moment(None) is None


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-12-01T15:00Z", "2026-12-01T17:00Z", f"Tue 1 Dec, 16:00{DASH}18:00"),
        (
            "2026-12-01T22:30Z",
            "2026-12-01T23:30Z",
            f"Tue 1 Dec, 23:30 {DASH} Wed 2 Dec, 00:30",
        ),
        (
            "2026-12-31T22:00Z",
            "2027-01-01T02:00Z",
            f"Thu 31 Dec, 23:00 {DASH} Fri 1 Jan 2027, 03:00",
        ),
        ("2026-12-01T15:00Z", None, f"Tue 1 Dec, 16:00 {DASH} no end"),
    ],
)
def test_period_names_each_day_once(start: str, end: str | None, text: str) -> None:
    first = datetime.fromisoformat(start)
    last = datetime.fromisoformat(end) if end else None
    assert at("en").span(first, last) == text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("until 2026-12-01 18:00+01:00.", "until 01.12., 18:00."),
        ("von 2026-12-01 15:00 bis 2027-01-02", "von 01.12., 15:00 bis 02.01.2027"),
        ("start ist 2026-12-01T15:00:00+01:00: zu", "start ist 01.12., 15:00: zu"),
        ("bis 2026-12-01 14:00 UTC", "bis 01.12., 14:00 UTC"),
        ("Ressource 'hall-2026-12-01'", "Ressource 'hall-2026-12-01'"),
        ("Ressource '2026-12-01'; 2026-13-01", "Ressource '2026-12-01'; 2026-13-01"),
    ],
)
def test_time_in_a_sentence_is_written_as_the_language_writes_it(
    said: str, shown: str
) -> None:
    assert at("de").in_text(said) == shown


def test_path_of_a_booking_holds_any_id() -> None:
    path = views.booking_path("con_1", "a/b?c#d", None)
    assert path == "/connections/con_1/bookings/a/b%3Fc%23d"
    assert views.booking_path("con_1", None, "m-1").endswith("/memberships/m-1")


def test_entry_of_the_trail_leads_to_its_access() -> None:
    access = new_id("acc", NOW)
    assert views.subject_path(access) == f"/codes/{access}"
    assert views.subject_path("reception") == ""


def test_key_that_is_late_says_whose_it_is_and_since_when() -> None:
    key = KeySchema(
        lock=LockName(id="lock_1", name="Flat 1"),
        connection="con_1",
        state=KeyPlace.OVERDUE,
        slot=None,
        since=NOW,
        booking="B-1",
        access="acc_1",
        back_at=NOW,
        overdue_at=NOW,
        last_return=None,
        free_for_cleaning=False,
        return_code=None,
        warning=None,
        reason="the cabinet is offline",
        seen_at=NOW,
    )
    row = views.key_row(key, at("en"))
    assert (row["state"].text, row["booking"], row["slot"]) == ("Overdue", "B-1", "")
    assert row["access_path"] == "/codes/acc_1"
    assert row["overdue"] is not None
    assert row["overdue"].text == "Tue 1 Dec, 10:00"
    assert row["reason"] == "the cabinet is offline"
