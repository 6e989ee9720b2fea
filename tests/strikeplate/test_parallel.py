"""Parallel targets: the same results as one after the other, and none is lost."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

from strikeplate import parallel, version
from strikeplate.config import Options, resolve_config
from strikeplate.summary import PARTLY_SESSION
from tests.strikeplate.conftest import SAMPLE

if TYPE_CHECKING:
    import pytest

    from tests.strikeplate.conftest import RulesFolder

PARALLEL = ("-p", "strikeplate.reporters", "-p", "strikeplate.parallel", "-s")

DIES = """
import os
from pytest_bdd import given, then
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(target):
    if target.id == "inprocess2":
        {how}
"""
TWO = ("--subject", "inprocess:a", "--subject", "inprocess:b")


def test_what_comes_of_a_run_is_the_same(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    finished = rules_folder.run(*PARALLEL)
    printed = finished.text("results.ndjson").replace(version(), "SUITE")
    assert printed == (SAMPLE / "expected.ndjson").read_text(encoding="utf-8")
    marks = [line.split() for line in finished.printed.splitlines()[:2]]
    assert [target for target, _ in marks] == ["inprocess", "fake"]
    assert [len(each) for _, each in marks] == [17, 2]
    assert "5 of 9 MUST for its vendors judged, 2 held" in finished.printed


def test_process_that_dies_cuts_the_run_short(rules_folder: RulesFolder) -> None:
    rules_folder.write("conftest.py", DIES.format(how="os._exit(0)"))
    finished = rules_folder.run(*PARALLEL, *TWO)
    assert finished.code == PARTLY_SESSION
    assert "Cut short after 1 of 2 scenario runs: " in finished.printed
    told = json.loads(finished.text("summary.json"))
    assert (told["exit_code"], told["outcome"]) == (4, "Cut short")
    assert told["counts"]["runs"] == {"pass": 1, "inconclusive": 1}


def test_process_that_is_interrupted_cuts_the_run_short(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.write("conftest.py", DIES.format(how="raise KeyboardInterrupt"))
    finished = rules_folder.run(*PARALLEL, *TWO)
    assert finished.code == PARTLY_SESSION
    assert finished.printed.count("Cut short after") == 1
    assert "conformant" not in finished.printed


STUBBORN = """
import os
import signal
import threading
from pytest_bdd import given, then
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(target):
    if target.id == "inprocess2":
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, signal.SIG_IGN)
        os.kill(os.getppid(), signal.SIGINT)
        threading.Event().wait()
"""


def test_interrupted_run_waits_for_no_process_that_goes_on(
    rules_folder: RulesFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = ((0.1, signal.SIGTERM), (0.1, signal.SIGKILL))
    monkeypatch.setattr(parallel, "STAGES", stages)
    rules_folder.write("conftest.py", STUBBORN)
    finished = rules_folder.run(*PARALLEL, *TWO)
    assert finished.code in {3, PARTLY_SESSION}  # it may be quicker than the other
    assert "ut short after " in finished.printed
    assert "conformant" not in finished.printed


def test_reference_over_http_alone_is_shared_by_two_processes() -> None:
    config = resolve_config(Options(profile="reference"))
    shares = {target.id: config.workers(target.id) for target in config.all_targets}
    assert shares == {"inprocess": 1, "http": 2, "fake": 1}
