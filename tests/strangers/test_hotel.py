"""One stranger, judged by each way that a profile has to start, turn and read it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from strikeplate.__main__ import main
from tests.strangers.judging import (
    DOOR,
    DOOR_HOURS_MESSAGE,
    HOURS,
    MESSAGE,
    RULES,
    judge,
)

HERE = Path(__file__).parent
SOON = timedelta(seconds=30)
PROFILE = (HERE / "hotel.toml").read_text(encoding="utf-8")
COMMAND = 'command = ["{python}", "hotel.py"]'
CLOCK = 'control = "preload"'


def hotel(folder: Path, words: str = "plain", **changes: str) -> Path:
    """Return the profile of a hotel, its lines replaced by others."""
    named = {"HOTEL": ('HOTEL = "plain"', f'HOTEL = "{words}"')}
    named["directory"] = ("[run]", f"[run]\ndirectory = {str(HERE)!r}")
    named |= {name: (LINES[name], line) for name, line in changes.items()}
    text = PROFILE
    for old, new in named.values():
        assert old in text
        text = text.replace(old, new)
    path = folder / "hotel.toml"
    path.write_text(text, encoding="utf-8")
    return path


LINES = {
    "command": COMMAND,
    "clock": CLOCK,
    "events": "[events]",
    "ready": "ready",
    "zone": 'vendor = "igloohome"',
    "patience": 'patience = "200ms"',
}
SLOWER = 'patience = "700ms"'
ENDPOINT = """control = "endpoint"
endpoint = { post = "/admin/clock", body = '{"now": {{ now | json }}}' }"""
FROZEN = {"clock": 'control = "freezegun"', "command": 'app = "hotel:create_app"'}
FORGET = """[reset]
post = "/admin/forget"
headers = { Authorization = "Bearer {{ saved.token }}" }

[events]"""


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("plain", FROZEN),
        ("turned", {"clock": ENDPOINT}),
        ("plain", {"clock": 'control = "none"'}),
    ],
    ids=["freezegun", "endpoint", "none"],
)
def test_hotel_is_right_by_whatever_clock(
    words: str, changes: dict[str, str], tmp_path: Path
) -> None:
    found = judge(hotel(tmp_path, words, **changes), DOOR_HOURS_MESSAGE, tmp_path)
    assert found.of("pass") == RULES, found.printed


ONE = ("--workers", "1")
"""So that one process has more stays than the hotel holds."""


@pytest.mark.parametrize("clock", [CLOCK, 'control = "none"'], ids=["preload", "none"])
def test_process_that_is_kept_is_reset_by_a_call(clock: str, tmp_path: Path) -> None:
    kept = {"ready": 'fresh = "run"\nready', "clock": clock, "events": FORGET}
    found = judge(hotel(tmp_path, **kept), DOOR_HOURS_MESSAGE, tmp_path, *ONE)
    assert found.of("pass") == RULES, found.printed


def test_process_that_is_kept_remembers_where_no_call_resets_it(tmp_path: Path) -> None:
    kept = hotel(tmp_path, ready='fresh = "run"\nready')
    found = judge(kept, DOOR_HOURS_MESSAGE, tmp_path, *ONE)
    assert found.code == 1
    assert any("507" in each for each in found.printed.splitlines()), found.printed


READ = """[messages]
channel = "read"
read = { get = "/stays/{{ booking.id | urlencode }}" }
text = "stay.WHAT"

[events]"""


def test_code_is_asked_for_where_no_message_is_sent(tmp_path: Path) -> None:
    profile = hotel(
        tmp_path, "page ticks", events=READ.replace("WHAT", "text"), patience=SLOWER
    )
    found = judge(profile, DOOR_HOURS_MESSAGE, tmp_path)
    assert found.of("pass") == RULES, found.printed


def test_code_alone_is_no_message_to_be_judged(tmp_path: Path) -> None:
    profile = hotel(tmp_path, "page", events=READ.replace("WHAT", "pin"))
    found = judge(profile, DOOR_HOURS_MESSAGE, tmp_path)
    assert found.of("pass") == {"CON-03", "IGL-02"}, found.printed
    assert found.of("not-applicable") == {"MSG-04"}
    assert "it is asked for the code alone, not for a message" in found.reasons


def test_page_without_a_code_is_found_at_the_door(tmp_path: Path) -> None:
    profile = hotel(tmp_path, "page", events=READ.replace("WHAT", "nothing"))
    found = judge(profile, DOOR[:1], tmp_path)
    assert found.code == 1
    assert any("Ada has received no code" in each for each in found.reasons)
    assert main(["check", "--dry-run", "--profile", str(profile)]) == 1


ANSWERED = (
    "CON-04: without a rule",
    "CON-04: was never confirmed",
    *("RES-05: An event", "RES-05: id of one event"),
    "RES-06",
)


@pytest.mark.parametrize("words", ["plain", "strict"])
def test_no_status_and_no_wording_of_ours_is_asked_for(
    words: str, tmp_path: Path
) -> None:
    found = judge(hotel(tmp_path, words), ANSWERED, tmp_path)
    assert found.of("pass") == {each[:6] for each in ANSWERED}, found.printed


STYLES = ("dotted", "american", "crowded", "coloured")
FIRST_MAIL = """[messages]
codes_in = "room"

[events]"""


@pytest.mark.parametrize("style", STYLES)
def test_code_and_times_are_read_however_they_are_written(
    style: str, tmp_path: Path
) -> None:
    found = judge(hotel(tmp_path, style), MESSAGE, tmp_path)
    assert found.of("pass") == {"MSG-04"}, found.printed


def test_message_without_a_code_does_not_count(tmp_path: Path) -> None:
    words = {"patience": SLOWER, "events": FIRST_MAIL}
    profile = hotel(tmp_path, "greeting ticks", **words)
    found = judge(profile, ["MSG-01: to the customer alone"], tmp_path)
    assert found.of("pass") == {"MSG-01"}, found.printed


def test_dry_run_says_how_to_name_the_messages_with_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = hotel(tmp_path, "greeting")
    assert main(["check", "--dry-run", "--profile", str(profile)]) == 1
    printed = capsys.readouterr().out
    assert "'We got your booking' and 'Your room': rules count" in printed
    assert "[messages] codes_in" in printed


@pytest.mark.parametrize("words", ["slow", "ticks"])
def test_hotel_that_takes_its_time_is_waited_for(words: str, tmp_path: Path) -> None:
    profile = hotel(tmp_path, words, patience=SLOWER)
    found = judge(profile, (*HOURS, *MESSAGE), tmp_path)
    assert found.of("pass") == {"IGL-02", "MSG-04"}, found.printed


OSLO = """vendor = "igloohome"
zone = "Europe/Oslo\""""


def test_fault_is_found_in_any_zone_and_under_any_names(tmp_path: Path) -> None:
    found = judge(hotel(tmp_path, "late", zone=OSLO), HOURS, tmp_path)
    assert found.code == 1
    assert found.of("fail") == {"IGL-02"}, found.printed


def test_hotel_is_right_and_results_are_the_same_however_many_processes_judge(
    tmp_path: Path,
) -> None:
    written = []
    for workers in (1, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        more = f"--workers={workers}"
        found = judge(hotel(tmp_path), DOOR_HOURS_MESSAGE, folder, more)
        assert found.of("pass") == RULES, found.printed
        written.append((folder / "results" / "results.ndjson").read_bytes())
    assert written[0] == written[1]
