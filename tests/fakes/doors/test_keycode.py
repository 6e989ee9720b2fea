"""The table of codes, line by line and as a whole."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, get_args

import pytest

from fakes.doors.keycode import (
    TABLE,
    CodeMeaning,
    Memory,
    Phase,
    Where,
    find_row,
    meanings_of,
)
from fakes.vendors.livionkey.doors import RULES
from tests.fakes.doors.cabinets import (
    BACKUP,
    CLOSES,
    END,
    PIN,
    SECOND,
    START,
    grant,
    install,
)

if TYPE_CHECKING:
    from datetime import datetime

MOMENTS = {
    "upcoming": START - SECOND,
    "active": START,
    "grace": END,
    "closed": CLOSES,
}
# For each kind of code: what follows where the key is in its slot, is out with whoever
# has the code, is out with somebody else; a dash is a door that stays shut
EXPECTED = {
    ("default", "upcoming"): "- - -",
    ("default", "active"): "take return nothing",
    ("default", "grace"): "- return -",
    ("default", "closed"): "- - -",
    ("fetch", "upcoming"): "- - -",
    ("fetch", "active"): "take - nothing",
    ("fetch", "grace"): "- - -",
    ("fetch", "closed"): "- - -",
    ("return", "upcoming"): "- - -",
    ("return", "active"): "- return return",
    ("return", "grace"): "- return return",
    ("return", "closed"): "- - -",
}


@pytest.mark.parametrize(("kind", "phase"), EXPECTED)
def test_contracts_code_does_what_its_phase_allows(kind: str, phase: str) -> None:
    meaning = CodeMeaning(kind, "flat-1", "B-1", grant(kind=kind))
    rows = [find_row(meaning, w, Memory(), MOMENTS[phase]) for w in get_args(Where)]
    assert " ".join(row.usual or "-" for row in rows) == EXPECTED[kind, phase]


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (START - SECOND, "upcoming"),
        (START, "active"),
        (END - SECOND, "active"),
        (END, "grace"),
        (CLOSES - SECOND, "grace"),
        (CLOSES, "closed"),
    ],
)
def test_phases_begin_with_their_first_moment(at: datetime, phase: str) -> None:
    assert grant().phase(at) == phase


def test_contract_without_grace_or_end_has_fewer_phases() -> None:
    assert grant(closes=END).phase(END) == "closed"
    assert grant(end=None, closes=None).phase(CLOSES) == "active"


@pytest.mark.parametrize("where", get_args(Where))
def test_static_code_never_gives_a_key_out(where: Where) -> None:
    for switched in (False, True):
        memory = Memory(grace_allows_fetch=switched, return_ends_grant=switched)
        row = find_row(CodeMeaning("static", "flat-1"), where, memory, START)
        assert row.usual == (None if where == "in" else "return")
        assert RULES[row.case] == "LIV-04"
    gives = [row for row in TABLE if row.kind == "static" and row.usual == "take"]
    assert not gives


def test_backup_code_fetches_and_returns_without_a_contract() -> None:
    usual = [
        find_row(CodeMeaning("backup", "flat-1"), where, Memory(), CLOSES).usual
        for where in get_args(Where)
    ]
    assert usual == ["take", "return", "return"]


def test_grace_gives_a_key_out_only_where_that_is_switched_on() -> None:
    meaning = CodeMeaning("default", "flat-1", "B-1", grant())
    for switched, usual in ((False, None), (True, "take")):
        row = find_row(meaning, "in", Memory(grace_allows_fetch=switched), END)
        assert row.usual == usual


def test_every_case_has_a_line_and_every_line_a_case() -> None:
    kinds = sorted({row.kind for row in TABLE})
    phases = get_args(Phase)
    memories = (Memory(), Memory(grace_allows_fetch=True))
    used = set()
    for kind, where, phase, memory in product(kinds, get_args(Where), phases, memories):
        owned = grant(kind=kind) if kind in {"default", "fetch", "return"} else None
        meaning = CodeMeaning(kind, "flat-1", "B-1", owned)
        used.add(find_row(meaning, where, memory, MOMENTS[phase]))
    assert used == set(TABLE)


def test_typed_code_means_only_what_it_is_typed_as() -> None:
    memory = install(grant()).memory
    assert [each.kind for each in meanings_of(memory, PIN)] == ["default"]
    assert [each.kind for each in meanings_of(memory, "*7001")] == ["static"]
    assert [each.kind for each in meanings_of(memory, BACKUP)] == ["backup"]
    assert not meanings_of(memory, "7001")
    assert not meanings_of(memory, f"*{PIN}")
    assert not meanings_of(memory, "")
