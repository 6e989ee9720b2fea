from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from strikeplate import results
from strikeplate.summary import NOT_RUN, PARTLY_SESSION
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from tests.strikeplate.conftest import Finished, RulesFolder

ENDINGS = {
    "A code opens the door": Verdict.PASS,
    "A code does not open the door after its window": Verdict.FAIL,
    "The door tells the reason": Verdict.WARN,
    "A door without codes stays shut": Verdict.INCONCLUSIVE,
    "A door that is left alone stays shut": Verdict.INCONCLUSIVE,
    "A bridge reaches the door": Verdict.NOT_APPLICABLE,
    "The vendor answers through the bridge": Verdict.NOT_APPLICABLE,
    "The door greets": Verdict.PASS,
    "The message holds the code": Verdict.FAIL,
    "The mail arrives": Verdict.ERROR,
    "The text arrives": Verdict.ERROR,
    "Sending crashes": Verdict.FAIL,
    "Sending does not concern this subject": Verdict.NOT_APPLICABLE,
}


def test_scenarios_of_the_sample_end_as_they_must(sample: Finished) -> None:
    found = {scenario: sample.verdict(scenario) for scenario in ENDINGS}
    assert found == ENDINGS


def test_rule_is_as_good_as_its_worst_run(sample: Finished) -> None:
    found = {
        requirement.rule: requirement.verdict
        for requirement in sample.results.requirements
    }
    assert found["DOR-01"] is Verdict.PASS
    assert found["DOR-02"] is Verdict.FAIL
    assert found["DOR-06"] is Verdict.UNTESTED
    assert found["MSG-02"] is Verdict.ERROR
    assert found["MSG-04"] is Verdict.PASS


def test_pytest_shows_each_verdict_in_its_colour(sample: Finished) -> None:
    assert "8 passed" in sample.printed
    assert "5 failed" in sample.printed
    assert "5 skipped" in sample.printed
    assert "1 xfailed" in sample.printed


def test_reasons_tell_what_was_found_without_secrets(sample: Finished) -> None:
    late = "the door opened for ••• half an hour late"
    assert sample.reason("A code does not open the door after its window") == late
    broken = "not set up: RuntimeError: the vendor lists no door"
    assert sample.reason("A door without codes stays shut") == broken
    assert sample.reason("Sending crashes") == "ZeroDivisionError: division by zero"
    skipped = "skipped without a verdict: not today"
    assert sample.reason("The text arrives") == skipped


def test_steps_after_the_broken_one_are_not_reached(sample: Finished) -> None:
    runs = {run.scenario: run for run in sample.results.runs}
    steps = runs["Sending crashes"].steps
    assert [step.status for step in steps] == ["passed", "failed", "not reached"]


def test_virtual_time_of_a_run_is_kept(sample: Finished) -> None:
    runs = {run.scenario: run for run in sample.results.runs}
    late = runs["A code does not open the door after its window"]
    assert late.virtual_seconds == 4.5 * 3600


def test_errors_of_the_harness_end_in_exit_code_3(sample: Finished) -> None:
    assert sample.code == 3
    assert "could not be judged (MSG-02 ended in error)" in sample.results.headline


def test_conformant_house_ends_in_exit_code_0(rules_folder: RulesFolder) -> None:
    finished = rules_folder.run()
    assert finished.code == 0
    assert finished.results.headline.startswith(
        "sample service 2.0 is conformant; 1 of 1 MUST for its vendors judged, 1 held; "
        "1 scenario run against inprocess and fake; suite "
    )


def test_broken_must_ends_in_exit_code_1(rules_folder: RulesFolder) -> None:
    rules_folder.write("conftest.py", BROKEN)
    finished = rules_folder.run()
    assert finished.code == 1
    assert "is not conformant (DOR-01 did not hold)" in finished.printed


def test_broken_provisional_must_decides_nothing(rules_folder: RulesFolder) -> None:
    rules_folder.write("conftest.py", BROKEN)
    rule = (rules_folder.root / "doors/doors.feature").read_text()
    rules_folder.write("more/more.feature", rule)
    text = rule.replace("@on-service", "@on-service @provisional")
    rules_folder.write("doors/doors.feature", text)
    (rules_folder.root / "more/more.feature").unlink()
    finished = rules_folder.run()
    assert finished.code == PARTLY_SESSION
    assert "met no MUST to be judged by" in finished.printed


def test_nothing_judged_is_never_conformant(rules_folder: RulesFolder) -> None:
    finished = rules_folder.run("--vendor", "fake")
    assert finished.code == 3
    assert "was not judged: no rule was looked at" in finished.printed


def test_only_rules_of_the_prefix_are_judged(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    finished = rules_folder.run("--only", "DOR-01", "--only", "DOR-03")
    assert finished.code == 0
    assert {requirement.rule for requirement in finished.results.requirements} == {
        "DOR-01",
        "DOR-03",
    }
    assert "; only DOR-01 and DOR-03; " in finished.results.headline


def test_only_scenarios_with_words_of_the_title_are_judged(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.take_sample()
    finished = rules_folder.run("--only", "DOR-01: of its window")
    runs = finished.results.runs
    titles = {run.scenario for run in runs if run.rule == "DOR-01"}
    assert titles == {"A code opens the door at <edge> of its window"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--only", "DOT"], "no rule begins with 'DOT'; Known: DOR-01"),
        (["--only", "dot-01"], "no rule begins with 'DOT-01'; did you mean 'DOR-01'?"),
        (["--results", "/proc/x"], "results cannot be written to /proc/x: No such"),
        (["--results", "/proc/version"], "name another folder with --results"),
        (["--only", "DOR-01: nowhere"], "no scenario of DOR-01 has 'nowhere' in its"),
        (["--subject", "inproces:x"], "unknown kind; did you mean 'inprocess'?"),
        (["--subject", "http:"], "cannot connect to 'http:': write http:WHAT"),
        (["--subject", "mutant:hides_the_pim"], "did you mean 'hides_the_pin'?"),
        (["--profile", "nowhere"], "no such profile at "),
    ],
)
def test_wrong_usage_is_refused_with_the_fix(
    rules_folder: RulesFolder, options: list[str], message: str
) -> None:
    finished = rules_folder.run(*options)
    assert finished.code == pytest.ExitCode.USAGE_ERROR
    assert message in finished.printed


def test_scenarios_run_once_for_each_target(rules_folder: RulesFolder) -> None:
    finished = rules_folder.run("--subject", "inprocess:a", "--subject", "inprocess:b")
    assert [run.target for run in finished.results.runs] == ["inprocess", "inprocess2"]
    assert finished.results.header.subject == "inprocess:a and inprocess:b"


@pytest.mark.parametrize(
    ("options", "subject"),
    [
        ([], "sample service 2.0"),
        (["--subject", "inprocess:sample"], "sample service 2.0"),
        (["--subject", "inprocess:sample", "--vendor", "fake"], "sample service 2.0"),
        (["--vendor", "fake"], "fake"),
        (["--subject", "mutant:hides_the_pin"], "mutant:hides_the_pin"),
        (["--vendor", "fake", "--name", "Acme", "--release", "3"], "Acme 3"),
    ],
)
def test_headline_names_what_was_judged(
    rules_folder: RulesFolder, options: list[str], subject: str
) -> None:
    assert rules_folder.run(*options).results.header.subject == subject


def test_fixture_that_breaks_is_an_error_of_the_harness(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.write("conftest.py", FIXTURE_BREAKS)
    finished = rules_folder.run()
    assert finished.code == 3
    assert finished.verdict("It opens") is Verdict.ERROR
    assert finished.reason("It opens") == "the harness broke: OSError: no socket"


def test_teardown_that_breaks_is_an_error_of_the_harness(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.write("conftest.py", FIXTURE_BREAKS.replace("raise", "yield; raise"))
    finished = rules_folder.run()
    assert finished.verdict("It opens") is Verdict.ERROR


def test_fault_while_collecting_ends_in_exit_code_3(rules_folder: RulesFolder) -> None:
    rules_folder.write("conftest.py", "import nothing_of_that_name\n")
    assert rules_folder.run().code != 0


def test_module_that_cannot_be_collected_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write("test_more.py", "import nothing_of_that_name\n")
    finished = rules_folder.run()
    assert finished.code == 3
    assert "harness fault: cannot collect test_more.py" in finished.printed


def test_interrupted_run_writes_no_results(rules_folder: RulesFolder) -> None:
    rules_folder.write(
        "conftest.py", BROKEN.replace("assert False,", "raise KeyboardInterrupt #")
    )
    finished = rules_folder.run()
    assert finished.code == 3
    assert not (finished.place / "results.ndjson").exists()
    assert (
        "cut short after 0 of 1 scenario runs: nothing was judged" in finished.printed
    )
    assert "conformant" not in finished.printed


@pytest.mark.parametrize("part", ["-x", "--maxfail=1"])
def test_run_that_stops_at_the_first_failure_keeps_it(
    rules_folder: RulesFolder, part: str
) -> None:
    rules_folder.write("conftest.py", BROKEN)
    rules_folder.write("doors/windows.feature", SECOND)
    finished = rules_folder.run(part)
    assert finished.code == 1
    headline = (
        "Cut short after 1 of 2 scenario runs: sample service 2.0 is not conformant"
    )
    assert headline in finished.printed
    assert headline in finished.text("report.html")
    with pytest.raises(results.ResultsError, match="cut short; judge again"):
        results.read(finished.place / "results.ndjson")


def test_interrupted_run_keeps_what_it_had_and_calls_the_rest_inconclusive(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.write("conftest.py", INTERRUPTED)
    rules_folder.write("doors/windows.feature", SECOND)
    finished = rules_folder.run()
    assert finished.code == PARTLY_SESSION
    told = json.loads(finished.text("summary.json"))
    assert told["headline"].startswith("Cut short after 1 of 2 scenario runs: ")
    assert "1 of 1 could be judged" in told["headline"]
    assert told["unjudged"] == ["WIN-01"]
    assert NOT_RUN in finished.text("junit.xml")
    badge = json.loads(finished.text("badge.json"))
    assert badge["color"] == "lightgrey"


INTERRUPTED = """
from itertools import count
from pytest_bdd import given, then
number = count()
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens():
    if next(number):
        raise KeyboardInterrupt
"""

BROKEN = """
from pytest_bdd import given, then
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(): assert False, "it stays shut"
"""

SECOND = """
Feature: Windows
  @WIN-01 @on-service
  Rule: A window MUST open
    Source: house
    Scenario: It opens
      Given a door
      Then it opens
"""

FIXTURE_BREAKS = """
import pytest
from pytest_bdd import given, then
@pytest.fixture
def subject(): raise OSError("no socket")
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(subject): pass
"""
