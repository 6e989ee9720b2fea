from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from features.steps.parameter_types import Count, rows, step

AT = datetime.fromisoformat("2026-12-07 15:20")


@pytest.mark.parametrize(
    ("text", "sentence", "found"),
    [
        ("{name:Who} waits", "Ada waits", {"name": "Ada"}),
        ("at {at:At}", "at 2026-12-07 15:20", {"at": AT}),
        ("{n:Count} codes", "at most 2 codes", {"n": Count(0, 2)}),
        ("{n:Count} codes", "exactly 2 codes", {"n": Count(2, 2)}),
        ("{door:Door}", '"Side door"', {"door": "Side door"}),
        ("{door:Door}", "court-1", {"door": "court-1"}),
        ("is {s:Status}", "is 400 or 422", {"s": frozenset({400, 422})}),
        ("it {o:Opens} x", "it does not open x", {"o": False}),
        ("until {end:AtOrNone}", "until -", {"end": None}),
        ("to {c:Call} is", 'to "create code" is', {"c": "create code"}),
        ("to {c:Call} is", "to every call is", {"c": "every call"}),
        ("moved to {to:Target}", "moved to court-2", {"to": "court-2"}),
        ("says {w:Quotes}", 'says "a" and "b"', {"w": ["a", "b"]}),
        ("{c:Code} fits", 'the static code "*7" fits', {"c": 'the static code "*7"'}),
    ],
)
def test_words_are_read_as_what_they_mean(
    text: str, sentence: str, found: dict[str, Any]
) -> None:
    parser = step(text)
    assert parser.is_matching(sentence)
    assert parser.parse_arguments(sentence) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{name:Who} waits", "ada waits"),
        ("at {at:At}", "at 15:20"),
        ("to {call:Call}", "to create code"),
    ],
)
def test_other_words_do_not_fit(text: str, sentence: str) -> None:
    assert not step(text).is_matching(sentence)


def test_offset_of_an_instant_is_kept() -> None:
    at = step("{at:At}").parse_arguments("2027-10-31 02:30+01:00")
    assert at is not None
    assert at["at"].isoformat() == "2027-10-31T02:30:00+01:00"


@pytest.mark.parametrize(("number", "holds"), [(0, True), (2, True), (3, False)])
def test_at_most_counts_up_to_its_number(number: int, *, holds: bool) -> None:
    assert Count(0, 2).holds(number) is holds


def test_table_becomes_one_dictionary_a_row() -> None:
    assert rows([["at", "door"], ["15:00", "open"]]) == [
        {"at": "15:00", "door": "open"}
    ]
