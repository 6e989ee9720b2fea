"""Every switch switches, and says what speaks for it."""

from __future__ import annotations

import re
from pathlib import Path

import fakes.vendors.nuki as vendor

FOLDER = Path(vendor.__file__).parent
TESTS = Path(__file__).parent


def test_every_switch_is_read_somewhere() -> None:
    code = "".join(path.read_text() for path in FOLDER.rglob("*.py"))
    for quirk in vendor.FAKE.quirks:
        assert f'"{quirk.name}"' in code, quirk.name


def test_every_switch_is_thrown_in_some_test() -> None:
    text = "".join(path.read_text() for path in TESTS.glob("test_*.py"))
    for quirk in vendor.FAKE.quirks:
        assert f"{quirk.name.replace('-', '_')}=" in text, quirk.name


def test_every_switch_says_what_speaks_for_it() -> None:
    for quirk in vendor.FAKE.quirks:
        assert quirk.fact.endswith("."), quirk.name
        assert quirk.source, quirk.name


def test_no_switch_is_read_that_is_not_there() -> None:
    code = "".join(path.read_text() for path in FOLDER.rglob("*.py"))
    read = set(re.findall(r'quirk\((?:self\.)?[\w()]+, "([\w-]+)"\)', code))
    assert read <= {quirk.name for quirk in vendor.FAKE.quirks}
