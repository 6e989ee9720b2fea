from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.profile import (
    CAPABILITIES_FILE,
    Absence,
    Capability,
    Profile,
    Refusal,
    check_refusal,
    checkable_refusals,
    read_capabilities,
)
from strikeplate.verdict import HarnessFault, Misuse, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.strikeplate.conftest import RulesFolder

BRIDGE = Capability("bridge", "a bridge", "GET /bridge")
ABSENT = Absence("bridge", "none built", (404, 501))


class Subject:
    def __init__(self, answer: int) -> None:
        self.answer = answer

    def status(self, method: str, path: str) -> int:
        assert (method, path) == ("GET", "/bridge")
        return self.answer


def test_list_is_read_from_beside_the_rules(tmp_path: Path) -> None:
    text = '[bridge]\nmeaning = "a bridge"\nprobe = "GET /bridge"\n'
    (tmp_path / CAPABILITIES_FILE).write_text(text)
    assert read_capabilities(tmp_path) == {"bridge": BRIDGE}


def test_rules_without_a_list_know_no_capability(tmp_path: Path) -> None:
    assert read_capabilities(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[bridge", "capabilities.toml: is no TOML"),
        ("[bridge]\n", r"\[bridge\] meaning must be a text, got None"),
        ("[bridge]\nmeanin = 'x'", "did you mean 'meaning'?"),
    ],
)
def test_mistakes_in_the_list_are_named(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / CAPABILITIES_FILE).write_text(text)
    with pytest.raises(Misuse, match=message):
        read_capabilities(tmp_path)


@pytest.mark.parametrize("status", [404, 501])
def test_declared_absence_that_the_subject_confirms_is_accepted(status: int) -> None:
    check_refusal(Refusal(BRIDGE, ABSENT), Subject(status))


def test_declared_absence_that_the_subject_refutes_is_an_error_of_the_profile() -> None:
    message = "refused by 404 or 501, yet GET /bridge answers 200; correct the profile"
    with pytest.raises(HarnessFault, match=message):
        check_refusal(Refusal(BRIDGE, ABSENT), Subject(200))


def test_only_absences_with_a_probe_and_statuses_are_checked() -> None:
    known = {"bridge": BRIDGE, "bell": Capability("bell", "a bell")}
    absences = (ABSENT, Absence("bell", "mute", (501,)), Absence("bridge", "x"))
    profile = Profile("x", "x", "1", (), absences=absences)
    found = checkable_refusals(profile, known)
    assert found == (Refusal(BRIDGE, ABSENT),)


def test_absence_is_checked_beside_the_rules(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    finished = rules_folder.run()
    title = "The absent capability bridge is refused"
    assert finished.verdict(title) is Verdict.PASS


def test_absence_that_is_not_so_ends_in_an_error(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    binder = (rules_folder.root / "test_binder.py").read_text()
    rules_folder.write("test_binder.py", binder.replace("501", "200"))
    finished = rules_folder.run("--only", "DOR-01")
    assert finished.code == 3
    title = "The absent capability bridge is refused"
    assert "yet GET /bridge answers 200" in (finished.reason(title) or "")
