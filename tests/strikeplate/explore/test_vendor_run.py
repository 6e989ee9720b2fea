"""Runs against vendors: drawn, written, shortened, and repeated from a file."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from strikeplate.explore.history import loads, read
from strikeplate.explore.shrink import WINTER, shrink
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_command import Session, command
from strikeplate.explore.vendor_generate import generate
from strikeplate.explore.vendor_hooks import Receiver
from strikeplate.explore.vendor_run import WAYS, CodeStep, Run, UseStep
from strikeplate.explore.vendor_side import play
from strikeplate.explore.wrong_calls import WRONG_CALLS
from strikeplate.http import HttpCaller
from strikeplate.verdict import Misuse
from tests.strikeplate.explore.test_vendor_side import server

if TYPE_CHECKING:
    from pathlib import Path

MANY = range(1, 61)
DELETES = 1
"""A seed whose run deletes a code of Nuki."""


@pytest.mark.parametrize("vendor", CLIENTS)
def test_run_is_the_same_after_it_was_written_and_read(vendor: str) -> None:
    for seed in MANY:
        run = generate(seed, vendor)
        assert loads(run.dumps(), Run) == run


def test_what_is_no_run_is_refused_with_its_place() -> None:
    with pytest.raises(Misuse, match=r"this is no history: steps\.0"):
        loads(generate(1, "nuki").dumps().replace('"make"', '"mend"'), Run)


@pytest.mark.parametrize("vendor", CLIENTS)
def test_every_wrong_call_is_drawn(vendor: str) -> None:
    drawn = {
        step.call
        for seed in MANY
        for step in generate(seed, vendor).steps
        if step.do == "wrong call"
    }
    assert drawn == set(WRONG_CALLS[vendor])


def test_every_kind_of_code_is_drawn() -> None:
    pins = {step.kind for seed in MANY for step in generate(seed, "igloohome").asked}
    assert pins == {"hourly", "daily", "onetime", "permanent"}
    codes = [step for seed in MANY for step in generate(seed, "nuki").asked]
    weeks = [step.week for step in codes if step.week]
    assert {week.days for week in weeks} > {0, 64, 84}
    assert any(week.minutes for week in weeks)
    assert any(step.terse for step in codes)
    assert any(step.do != "delete" and step.start is None for step in codes)
    assert any(generate(seed, "igloohome").drift for seed in MANY)
    assert {step.do for step in codes if step.also} == {"make", "change", "delete"}
    cabinets = [generate(seed, "livionkey") for seed in MANY]
    settings = {name for run in cabinets for name in run.settings}
    assert len(settings) == 3
    uses = [s for run in cabinets for s in run.steps if isinstance(s, UseStep)]
    assert {(use.move, use.static) for use in uses} == {
        ("take", False),
        ("return", False),
        ("return", True),
    }


def changes(run: Run) -> bool:
    return any(step.do == "change" for step in run.steps)


def test_shortest_run_shows_it_and_nothing_else() -> None:
    runs = [run for seed in MANY if changes(run := generate(seed, "nuki"))]
    for run in runs:
        shortest = shrink(run, changes, WAYS)
        (step,) = shortest.steps
        assert isinstance(step, CodeStep)
        assert (step.week, step.terse, shortest.zone) == (None, False, "Europe/Berlin")
        assert abs(shortest.begin - WINTER).total_seconds() < 3600


def test_difference_is_shrunk_to_the_calls_that_it_needs() -> None:
    connect = "mutant:says_deleted_and_keeps_the_code"
    with server(connect) as shared, closing(Receiver()) as receiver:
        session = Session(shared, receiver, tries=40)
        found = session.play(generate(DELETES, "nuki"))
        first = next(each for each in found if each.difference.rule == "NUK-03")
        assert [step.do for step in first.run.steps] == ["make", "delete"]
        again = play(first.run, shared, receiver)[0]
        assert first.difference.kind in {each.kind for each in again}


def test_command_repeats_a_run_from_its_file(tmp_path: Path) -> None:
    asked = ["--server=mutant:opens_to_revoked_visits", "--vendor=exivo", "--runs=1"]
    kept = [*asked, f"--results={tmp_path}"]
    CliRunner().invoke(command, kept, standalone_mode=False)
    (file,) = tmp_path.glob("exivo-*-EXV-06.json")
    assert [step.do for step in read(file, Run).steps][:2] == ["make", "delete"]
    again = [asked[0], f"--history={file}", f"--results={tmp_path}"]
    done = CliRunner().invoke(command, again, standalone_mode=False)
    assert done.return_value == 1, done.output
    assert "EXV-06 at " in done.output
    assert done.output.startswith("exivo ")
    sound = CliRunner().invoke(command, again[1:], standalone_mode=False)
    assert sound.return_value == 0, sound.output


def test_receiver_keeps_what_came_to_each_address() -> None:
    with closing(Receiver()) as receiver:
        one, other = receiver.new_url(), receiver.new_url()
        host, _, path = one.rpartition("/")
        with closing(HttpCaller(host)) as caller:
            answer = caller("POST", f"/{path}", body=b"{}", headers={"X-Mark": "1"})
        assert answer.ok
        (posted,) = receiver.at(one)
        assert (posted.body, posted.headers["x-mark"]) == (b"{}", "1")
        assert receiver.at(other) == []
