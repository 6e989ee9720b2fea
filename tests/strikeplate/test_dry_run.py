"""`check --dry-run` shows one booking from its event to the door, and no code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from strikeplate import HOME
from strikeplate.__main__ import main
from strikeplate.needs import kinds_in, unsent
from strikeplate.profiles.shape import Event, Events

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = (HOME / "examples" / "igloohome.toml").read_text(encoding="utf-8")
SECRET = 'IGLOOHOME_CLIENT_SECRET = "{igloohome.client_secret}"'


def changed(folder: Path, *changes: tuple[str, str]) -> str:
    """Return the example's profile, changed."""
    text = PROFILE.replace("[run]", f'[run]\ndirectory = "{HOME / "examples"}"')
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_step_of_a_booking_is_shown_and_no_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--dry-run", "--profile", changed(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "POST /webhooks/bookings: 202" in printed
    assert "/algopin/hourly: 200" in printed
    assert re.search(r"to ada@s\d+\.example\.org \(read as Ada's\)", printed)
    assert "code:  9 digits" in printed
    assert "times: 15:20, 17:20" in printed
    assert "15:20, at the start: opens" in printed
    assert "13:20, well before the start: stays shut (early)" in printed
    assert "19:20, well after the end: stays shut (over)" in printed
    assert "one code, which opens in time and only then" in printed
    assert not re.search(r"(?<!\w)\d{9}(?!\w)", printed)


def test_rules_are_told_with_the_reasons_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--dry-run", "--profile", changed(tmp_path), "--only", "CON"])
    judged, _, rest = capsys.readouterr().out.partition("Rules that will not: ")
    assert "CON-11" in judged.partition("Rules that will be judged: ")[2]
    assert "its profile has no [api]" in rest
    assert "CON-01" in rest


def test_refusal_of_the_vendor_is_shown_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = (SECRET, 'IGLOOHOME_CLIENT_SECRET = "not-this-one"')
    rare = ('RETRY_SECONDS = "0.1"', 'RETRY_SECONDS = "60"')
    profile = changed(tmp_path, wrong, rare)
    assert main(["check", "--dry-run", "--profile", profile]) == 1
    printed = capsys.readouterr().out
    assert re.search(r"POST /oauth2/token: 40\d, since .*invalid_client", printed)
    assert "! no message to ada@" in printed
    assert "not-this-one" not in printed


def test_call_that_belongs_to_no_account_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ("{igloohome.client_id}", "another-client")
    rare = ('RETRY_SECONDS = "0.1"', 'RETRY_SECONDS = "60"')
    profile = changed(tmp_path, wrong, rare)
    assert main(["check", "--dry-run", "--profile", profile]) == 1
    printed = capsys.readouterr().out
    assert "token: 400, since it has a credential of no account" in printed
    assert "another-client" not in printed


def test_integration_that_does_not_start_is_told_with_its_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = changed(tmp_path, ("igloohome.py", "is_not_there.py"))
    assert main(["check", "--dry-run", "--profile", profile]) == 3
    printed = capsys.readouterr().err
    assert "it did not start" in printed
    assert "is_not_there.py" in printed


def test_every_mistake_of_a_profile_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = ('zone = "Europe/Lisbon"', 'zone = "Europe/Lisboa"')
    scheme = ('scheme = "standard-webhooks"', 'scheme = "standard"')
    name = ("booking.id | json", "booking.numbr | json")
    profile = changed(tmp_path, zone, scheme, name)
    assert main(["check", "--dry-run", "--profile", profile]) == 2
    told = capsys.readouterr().err
    assert "did you mean 'Europe/Lisbon'?" in told
    assert "'standard' is unknown; did you mean 'standard-webhooks'?" in told
    assert "booking.numbr is unknown" in told


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ada's booking is paid", ["paid"]),
        ("Ada's booking is checked out", ["checked_out"]),
        ("Ada's booking is moved to court-2", ["changed"]),
        ('Ada joins "gold"', ["membership_started"]),
        ('the events of Ada\'s booking arrive as "cancelled, confirmed"',
         ["confirmed", "cancelled"]),
        ("Ada's access is removed", []),
    ],
)  # fmt: skip
def test_kinds_of_events_are_read_from_the_steps(text: str, kinds: list[str]) -> None:
    assert [*kinds_in([text])] == kinds


def test_scenario_is_left_out_where_its_event_cannot_be_told() -> None:
    events = Events(url="/", confirmed=Event(body="{}"))
    assert unsent(["confirmed"], events) is None
    missing = unsent(["paid"], events)
    assert missing == "[events] has no 'paid'"
