"""The examples are judged from their profiles, and each planted fault by its rule.

The faults that are judged here are a sample, one for each way in which an access goes
wrong; STRIKEPLATE_ALL_FAULTS=1 judges all.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.examples.faulty import ALL, SOURCES, Fault
from tests.examples.programs import NO_NODE, NODE
from tests.strangers.judging import EXAMPLES, PROFILES, judge

if TYPE_CHECKING:
    from pathlib import Path

SOUND = {
    "igloohome": ("CON-03", "IGL-02", "MSG-04"),
    "nuki": ("CON-03",),
    "exivo": ("CON-03",),
    "livionkey": ("CON-03",),
    "node-nuki": ("CON-03",),
    "rest_livionkey": ("CON-03",),
}
"""For each example some rules that it keeps."""

SAMPLE = {
    "igloohome:wrong-door",
    "node-nuki:wrong-door",
    "igloohome:end-rounded-down",
    "igloohome:times-in-utc",
    "nuki:not-deleted",
}


def faults() -> list[Fault]:
    everything = bool(os.environ.get("STRIKEPLATE_ALL_FAULTS"))
    return [fault for fault in ALL if everything or str(fault) in SAMPLE]


def profile_of_faulty(fault: Fault, folder: Path) -> Path:
    """Return the example's profile, beside a source with the fault."""
    source = EXAMPLES / SOURCES[fault.example]
    (folder / source.name).write_text(fault.source(), encoding="utf-8")
    return shutil.copy(PROFILES[fault.example], folder / "profile.toml")


def skip_without_node(example: str) -> None:
    if example == "node-nuki" and not NODE:
        pytest.skip(NO_NODE)


@pytest.mark.parametrize(("example", "rules"), SOUND.items(), ids=SOUND)
def test_sound_example_breaks_no_rule(
    example: str, rules: tuple[str, ...], tmp_path: Path
) -> None:
    skip_without_node(example)
    found = judge(PROFILES[example], rules, tmp_path)
    assert found.of("pass") == set(rules), found.printed


@pytest.mark.parametrize("fault", faults(), ids=str)
def test_fault_is_found_by_the_rule_that_it_breaks(
    fault: Fault, tmp_path: Path
) -> None:
    skip_without_node(fault.example)
    profile = profile_of_faulty(fault, tmp_path)
    found = judge(profile, [fault.rule], tmp_path)
    assert found.code == 1, found.printed
    assert found.of("fail") == {fault.rule}
