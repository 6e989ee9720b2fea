"""Each example keeps every rule that applies, on any date; planted faults are found.

`make examples` runs this. The whole catalogue is judged, from the example's profile.
Of the faults one is judged for each scenario that finds any: by it, and by two of the
core beside it, in which nothing else may break; STRIKEPLATE_ALL_FAULTS=1 judges every
fault by its whole rule.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from strikeplate.summary import CONFORMANT, NOT_CONFORMANT
from tests.examples.faulty import ALL, SOURCES, Fault
from tests.examples.programs import NO_NODE, NODE
from tests.strangers.judging import EXAMPLES, PROFILES, judge

if TYPE_CHECKING:
    from pathlib import Path

BESIDE = ("CON-03: of no other", "MSG-04: own start and end")
"""What is judged beside the rule that a fault breaks: the door, and the message."""

DATED = (
    "CON-11: to another day",
    "MSG-04: own",
    "IGL-06",
    "NUK-02: exactly",
)
"""What is judged by days and hours."""

EVERY = bool(os.environ.get("STRIKEPLATE_ALL_FAULTS"))


def sample() -> list[Fault]:
    """Return a fault for each scenario, in turn of the examples."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for fault in ALL:
        if fault.title:
            found.setdefault((fault.rule, fault.title), []).append(fault)
    chosen: list[Fault] = []
    for those in sorted(found.values(), key=len):
        taken = Counter(each.example for each in chosen)
        chosen.append(min(those, key=lambda fault: taken[fault.example]))
    return chosen


FAULTS = ALL if EVERY else sample()


def profile_of_faulty(fault: Fault, folder: Path) -> Path:
    """Return the example's profile, beside a source with the fault."""
    source = EXAMPLES / SOURCES[fault.example]
    (folder / source.name).write_text(fault.source(), encoding="utf-8")
    return shutil.copy(PROFILES[fault.example], folder / "profile.toml")


def skip_without_node(example: str) -> None:
    if example == "node-nuki" and not NODE:
        pytest.skip(NO_NODE)


@pytest.mark.parametrize("example", PROFILES)
def test_example_keeps_every_rule_that_applies(example: str, tmp_path: Path) -> None:
    skip_without_node(example)
    found = judge(PROFILES[example], (), tmp_path, "--workers", "6")
    assert found.code == CONFORMANT, found.printed


@pytest.mark.parametrize("start", ["2027-03-23", "2027-10-26"])
@pytest.mark.parametrize("example", ["igloohome", "nuki"])
def test_verdict_is_the_same_in_the_week_of_a_clock_change(
    example: str, start: str, tmp_path: Path
) -> None:
    skip_without_node(example)
    profile = tmp_path / "profile.toml"
    text = PROFILES[example].read_text(encoding="utf-8")
    for table, line in (
        ("run", f'directory = "{PROFILES[example].parent}"'),
        ("clock", f"start = {start}T08:00:00Z"),
    ):
        text = text.replace(f"[{table}]\n", f"[{table}]\n{line}\n")
    profile.write_text(text, encoding="utf-8")
    found = judge(profile, DATED, tmp_path)
    assert {*found.rules.values()} <= {"pass", "not-applicable"}, found.printed
    assert "MSG-04" in found.of("pass")


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault_is_found_by_the_rule_that_it_breaks(
    fault: Fault, tmp_path: Path
) -> None:
    skip_without_node(fault.example)
    only = [fault.rule] if EVERY else [f"{fault.rule}: {fault.title}", *BESIDE]
    workers = () if EVERY else ("--workers", "1")  # three scenarios
    found = judge(profile_of_faulty(fault, tmp_path), only, tmp_path, *workers)
    assert found.code == NOT_CONFORMANT, found.printed
    assert fault.rule in found.of("fail")
    assert found.of("fail") <= {fault.rule, *fault.also}, found.printed
