from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate import HOME, run, version
from strikeplate import __main__ as command
from strikeplate.config import Options, resolve_config
from strikeplate.reporters import MARKS, Console
from strikeplate.results import RunDetail
from strikeplate.scenario_run import RunRecorder
from strikeplate.summary import PARTLY_SESSION
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import run as scenario

if TYPE_CHECKING:
    from strikeplate.scenario_run import ScenarioRun
    from tests.strikeplate.conftest import RulesFolder


@pytest.mark.parametrize(
    ("code", "meant"),
    [(0, 0), (1, 1), (3, 3), (PARTLY_SESSION, 4), (4, 2), (2, 3), (5, 3)],
)
def test_exit_codes_of_pytest_become_those_of_a_judgement(
    code: int, meant: int
) -> None:
    found = run.exit_code(code)
    assert found == meant


def test_every_command_is_told_with_its_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["--help"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for name, sentence in command.COMMANDS.items():
        assert f" {name} {sentence}" in printed


@pytest.mark.parametrize("arguments", [[], ["juge"], ["run", "--sed", "7"]])
def test_wrong_usage_ends_in_exit_code_2(arguments: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "strikeplate", *arguments],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Usage: " in done.stderr


@pytest.mark.parametrize("before", [[], ["check"], ["run"], ["up"], ["diff"]])
def test_version_is_told(capsys: pytest.CaptureFixture[str], before: list[str]) -> None:
    assert command.main([*before, "--version"]) == 0
    assert capsys.readouterr().out == f"strikeplate, version {version()}\n"


def test_unknown_command_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["chek", "--version"]) == 2
    capsys.readouterr()
    assert command.main(["chek"]) == 2
    assert "Did you mean 'check'?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["check", "run", "rules"])
def test_help_of_a_command_shows_its_defaults(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([name, "--help"]) == 0
    assert "[default: " in capsys.readouterr().out


def test_console_prints_marks_then_headline_then_reasons(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.take_sample()
    finished = rules_folder.run("-p", "strikeplate.reporters", "-s")
    lines = finished.printed.splitlines()
    assert re.fullmatch(r"  inprocess  [.FEw?k-]{17}", lines[0])
    assert lines[1] == "  fake       .-"
    assert re.fullmatch(r" {13}(?:[.FEw?k-] [\w-]+(?:, |$))+", lines[2])
    assert "F fail" in lines[2]
    assert "      the rule: A message MUST arrive" in lines
    assert finished.results.headline in lines
    assert "  error: the fakes do not answer on 127.0.0.1:<port>" in lines
    assert "    MSG-02 The mail arrives [inprocess]" in lines
    known = "(known: messages are written by another system)"
    assert f"  fail: the message holds no code {known}" in lines
    assert lines[-1].startswith("Report: ")
    assert lines[-1].endswith("results/sample/report.html")


def test_console_tells_only_so_many_faults(rules_folder: RulesFolder) -> None:
    extra = "".join(f'@given("x{n}")\ndef x{n}(): pass\n' for n in range(25))
    rules_folder.write(
        "conftest.py", (rules_folder.root / "conftest.py").read_text() + extra
    )
    finished = rules_folder.run("-p", "strikeplate.reporters", "-s")
    assert finished.code == 3
    assert "The rules cannot be judged by: 25 to put right." in finished.printed
    assert "  and 5 more" in finished.printed


ENDS = """
import signal
from pytest_bdd import given, then
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(): {how}
"""


@pytest.mark.parametrize(
    "how", ["signal.raise_signal(signal.SIGTERM)", "signal.raise_signal(signal.SIGINT)"]
)
def test_run_that_is_cut_short_says_so_and_names_no_report(
    rules_folder: RulesFolder, how: str
) -> None:
    rules_folder.write("conftest.py", ENDS.format(how=how))
    finished = rules_folder.run("-p", "strikeplate.reporters", "-s")
    assert finished.code == 3
    said = "The run was cut short after 0 of 1 scenario runs: nothing was judged."
    assert said in finished.printed.splitlines()
    assert "conformant" not in finished.printed
    assert "Report: " not in finished.printed


def test_each_full_line_of_marks_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    recorder = RunRecorder(resolve_config(Options()))
    Console(recorder)
    recorder.planned = cast("list[ScenarioRun]", [None] * 100)
    for recorder.ended in range(1, 100):
        recorder.keep(scenario(target="http"), RunDetail())
    first, second = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"  http       \.{59}  60 %(?:, \d+ s left)?", first)
    assert re.fullmatch(r" {13}\.+", second)


def test_every_verdict_has_a_mark() -> None:
    assert set(MARKS) == set(Verdict)


def test_command_that_judges_again_names_all_that_was_judged() -> None:
    vendor = "https://locks.example"
    asked = Options(vendors=(vendor,), name="Acme", release="2", seed=9)
    repeated = resolve_config(asked).repeat("NUK-04")
    for part in (f"--vendor={vendor}", "--name=Acme", "--release=2", "--seed=9"):
        assert part in repeated
    assert "--explore" not in repeated
    played = resolve_config(Options(explore=3, sweep=8)).repeat("CON-11")
    assert "--explore=3 --sweep=8" in played
    judged = Options(subjects=("inprocess:service",))
    assert "--subject=inprocess:service" in resolve_config(judged).repeat("CON-03")


def shown(*subjects: str, profile: str = "reference", name: str = "") -> list[str]:
    config = resolve_config(Options(profile=profile, subjects=subjects, name=name))
    return [config.shown(target.id) for target in config.targets["service"]]


def test_integration_of_somebody_else_is_called_by_its_own_name() -> None:
    mine = str(HOME / "examples" / "nuki.toml")
    assert shown(profile=mine) == [resolve_config(Options(profile=mine)).identity[0]]
    assert shown("http://127.0.0.1:1", name="Acme") == ["Acme"]
    assert shown("http://127.0.0.1:1") == ["your integration"]
    two = ("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert shown(*two, name="Acme") == ["Acme (http)", "Acme (http2)"]


def test_ours_is_called_by_how_it_is_reached() -> None:
    assert shown() == ["inprocess", "http"]


def test_long_name_is_cut_before_the_marks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = Options(subjects=("http://127.0.0.1:1",), name="Acme " * 8)
    recorder = RunRecorder(resolve_config(asked))
    Console(recorder)
    recorder.keep(scenario(target="http"), RunDetail())
    assert capsys.readouterr().out == "  Acme Acme Acme Acme Acm… ."
