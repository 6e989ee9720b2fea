"""The dial: steps, the next thing and the next booking, a time, running at a speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.wall.conftest import Person, Place


@pytest.mark.parametrize(
    ("step", "now"),
    [
        ("minute", "2026-12-01T09:13:00Z"),
        ("hour", "2026-12-01T10:12:00Z"),
        ("day", "2026-12-02T09:12:00Z"),
        ("change", "2027-03-28T01:00:00Z"),
    ],
)
def test_dial_is_turned_by_steps(
    person: Person, place: Place, step: str, now: str
) -> None:
    said = person.does(f"{place.path}/clock", step=step)
    assert "Time went on." in said
    assert place.control("GET", "/clock")["now"] == now


def test_dial_is_turned_to_a_time_of_the_doors(person: Person, place: Place) -> None:
    person.does(f"{place.path}/clock", to="2026-12-01T15:05", zone="Europe/Berlin")
    assert place.control("GET", "/clock")["now"] == "2026-12-01T14:05:00Z"


def test_dial_does_not_turn_back(person: Person, place: Place) -> None:
    said = person.does(f"{place.path}/clock", to="2026-11-01T15:05")
    assert "time only goes forward: the clock stands at Tue 1 Dec 2026, 10:12" in said
    assert "T09:12" not in said


def test_next_due_thing_is_run_and_said(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room", settled=False)
    due = place.control("GET", "/clock")["next_at"]
    said = person.does(f"{place.path}/clock", step="next")
    assert place.control("GET", "/clock")["now"] == due
    assert "happened on the way" in said


def test_clock_runs_and_stands(person: Person, place: Place) -> None:
    person.does(f"{place.path}/clock", step="running")
    assert place.control("GET", "/clock")["mode"] == "running"
    person.does(f"{place.path}/clock", step="stopped")
    assert place.control("GET", "/clock")["mode"] == "stopped"


def test_dial_is_turned_to_the_next_booking(person: Person, place: Place) -> None:
    said = person.does(f"{place.path}/clock", step="begins")
    assert "No code begins later." in said
    assert "Next booking begins" not in said
    place.nuki_code("Rehearsal room")
    assert "Next booking begins" in person.get(place.path).text
    person.does(f"{place.path}/clock", step="begins")
    assert place.control("GET", "/clock")["now"] == "2026-12-01T14:00:00Z"


@pytest.mark.parametrize("speed", ["60", "3600"])
def test_clock_runs_at_the_speed_of_the_form(
    person: Person, place: Place, speed: str
) -> None:
    said = person.does(f"{place.path}/clock", step="running", speed=speed)
    assert f"runs, {speed} times as fast" in said
    assert place.control("GET", "/clock")["speed"] == float(speed)
    person.does(f"{place.path}/clock", step="stopped")


@pytest.mark.parametrize("speed", ["fast", "0", "-1", "nan", "1e9"])
def test_speed_that_cannot_be_is_refused(
    person: Person, place: Place, speed: str
) -> None:
    said = person.does(f"{place.path}/clock", step="running", speed=speed)
    assert "That was not done." in said
    assert place.control("GET", "/clock")["mode"] == "stopped"
