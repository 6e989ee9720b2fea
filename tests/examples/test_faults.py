"""Each planted fault fits the example as it is now, and leaves a program that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests.examples.faulty import ALL, SOURCES, Fault, faults
from tests.examples.programs import NO_NODE, NODE

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = (
    *("IGLOOHOME_API_URL", "IGLOOHOME_TOKEN_URL", "IGLOOHOME_CLIENT_ID"),
    *("IGLOOHOME_CLIENT_SECRET", "NUKI_API_URL", "NUKI_API_TOKEN", "EXIVO_API_URL"),
    *("EXIVO_SITE_ID", "EXIVO_API_KEY", "EXIVO_API_SECRET", "LIVIONKEY_API_URL"),
    *("LIVIONKEY_EMAIL", "LIVIONKEY_PASSWORD", "API_TOKEN"),
)
RULE = re.compile(r"(CON|MSG|IGL|NUK|EXV|LIV|RES)-\d\d")


@pytest.mark.parametrize("example", SOURCES)
def test_example_has_ten_faults_or_more(example: str) -> None:
    names = [fault.name for fault in faults(example)]
    assert len(names) >= 10
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_fault_fits_and_leaves_a_program(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = fault.source()
    assert RULE.fullmatch(fault.rule)
    if fault.example == "node-nuki":
        check_node(source, tmp_path)
    else:
        load(source, monkeypatch)


def check_node(source: str, folder: Path) -> None:
    if NODE is None:
        pytest.skip(NO_NODE)
    path = folder / "server.js"
    path.write_text(source)
    subprocess.run([NODE, "--check", str(path)], check=True)  # noqa: S603 - node itself


def load(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the module as its import would, all but its last lines."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("RESOURCES", "{}")
    monkeypatch.setenv("UNITS", "{}")
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_c3RyaWtlcGxhdGU=")
    monkeypatch.setenv("DATABASE", ":memory:")
    module = ModuleType("faulty_example")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(source, "faulty.py", "exec"), vars(module))  # noqa: S102 - our own file
    if "disk" in vars(module):
        vars(module)["disk"].close()
