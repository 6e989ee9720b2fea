from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from strikeplate import FEATURES
from strikeplate.verdict import HarnessFault, Misuse
from strikeplate.vocabulary import (
    CODE,
    FILE,
    LOCK,
    VendorVocabulary,
    read,
    vocabulary_of,
)

if TYPE_CHECKING:
    from pathlib import Path

LINKED = """
[doors]
"a lock" = {}
"a glass door" = { kind = "glass" }
[calls]
"create code" = { method = "PUT", path = "/codes" }
[message]
code = 'PIN (\\d{4})'
extras = { link = 'https://\\S+' }
[entry]
then = "nothing"
[codes]
made = '\\d{4}'
[server]
credentials = ["token"]
"""
ONE = VendorVocabulary("one", {LOCK: {}, "a gate": {}, "a hatch": {}})
OTHER = VendorVocabulary("other", {LOCK: {"kind": "x"}, "a gate": {"wide": True}})
BOTH = {"one": ONE, "other": OTHER}


def written(folder: Path, text: str) -> VendorVocabulary:
    (folder / "acme").mkdir()
    (folder / "acme" / FILE).write_text(text, encoding="utf-8")
    return read(folder)["acme"]


def test_vendor_is_called_as_its_folder_is(tmp_path: Path) -> None:
    found = written(tmp_path, LINKED)
    assert found.vendor == "acme"
    assert found.doors["a glass door"] == {"kind": "glass"}
    assert found.credentials == ("token",)
    assert found.code.findall("your PIN 4711") == ["4711"]
    assert found.entry == {"then": "nothing"}
    assert [bool(found.made.fullmatch(each)) for each in ("4711", "*4711")] == [
        True,
        False,
    ]


def test_vendor_that_says_no_more_has_the_usual_codes(tmp_path: Path) -> None:
    assert written(tmp_path, '[doors]\n"a lock" = {}').code is CODE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[dors]", "vendor.toml: unknown table 'dors'; did you mean 'doors'?"),
        ("[doors]", "vendor.toml: [doors] lacks 'a lock'"),
        (
            '[doors]\n"a lock" = {}\n[message]\ncode = "("',
            "vendor.toml: [message] code is no pattern",
        ),
    ],
)
def test_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misuse, match=re.escape(said)):
        written(tmp_path, text)


def test_each_code_of_a_message_goes_with_what_stands_beside_it(tmp_path: Path) -> None:
    speech = written(tmp_path, LINKED)
    two = "Gate PIN 1111 https://a.test/x Shed PIN 2222 https://a.test/y"
    assert speech.extras_in("1111", two) == {"link": "https://a.test/x"}
    assert speech.extras_in("2222", two) == {"link": "https://a.test/y"}
    assert speech.extras_in("1111", "PIN 1111") == {}


@pytest.mark.parametrize(
    ("words", "own", "meant"),
    [
        ("a gate", "one", ONE),
        ("a gate", "other", OTHER),
        ("a hatch", "other", ONE),
        (LOCK, "other", OTHER),
    ],
)
def test_words_mean_the_scenarios_own_vendor_first(
    words: str, own: str, meant: VendorVocabulary
) -> None:
    assert vocabulary_of(BOTH, words, own) is meant


def test_words_that_several_have_need_a_vendor() -> None:
    with pytest.raises(HarnessFault, match="one, other has such"):
        vocabulary_of(BOTH, LOCK, "")


def test_unknown_call_is_named_with_the_nearest() -> None:
    speech = VendorVocabulary("one", {LOCK: {}}, {"create code": {"method": "PUT"}})
    assert speech.call("every call") == {}
    with pytest.raises(HarnessFault, match="one knows no call 'making a cod'"):
        speech.call("making a cod")


def test_every_vendors_folder_can_be_read() -> None:
    assert read(FEATURES), "no vendor has a folder"


@pytest.mark.parametrize(
    ("codes", "opens", "shuts"),
    [
        ("made = '.*'", "14:20", "16:20"),
        ("whole_hours = true", "14:00", "17:00"),
    ],
)
def test_window_is_the_booked_time_or_the_whole_hours_around_it(
    tmp_path: Path, codes: str, opens: str, shuts: str
) -> None:
    speech = written(tmp_path, f'[doors]\n"a lock" = {{}}\n[codes]\n{codes}')
    zone = ZoneInfo("Europe/Stockholm")
    start, end = (datetime(2026, 12, 7, hour, 20, tzinfo=zone) for hour in (15, 17))
    found = speech.window(start, end, zone)
    assert [f"{at:%H:%M}" for at in found] == [opens, shuts]


def test_whole_hours_are_those_of_the_zone(tmp_path: Path) -> None:
    speech = written(tmp_path, '[doors]\n"a lock" = {}\n[codes]\nwhole_hours = true')
    zone = ZoneInfo("Asia/Kolkata")
    start, end = (datetime(2026, 12, 7, hour, tzinfo=zone) for hour in (15, 17))
    assert speech.window(start, end, zone) == (start, end)
