from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fakes.kit.json_api import Problem
from fakes.kit.quirks import Quirk, Quirks, read_quirks

if TYPE_CHECKING:
    from pathlib import Path

SLOW = Quirk("sync-seconds", 30, "It takes a while.", "observed", "a test")
WARM = Quirk("greeting", "plain", "A word.", "invented", "a test", ("plain", "warm"))


@pytest.fixture
def quirks() -> Quirks:
    return Quirks({"acme": [SLOW, WARM]})


def test_quirk_has_its_default_until_it_is_changed(quirks: Quirks) -> None:
    assert quirks["acme.sync-seconds"] == 30
    quirks.change({"acme.sync-seconds": 5})
    assert quirks["acme.sync-seconds"] == 5


def test_whole_number_does_for_a_fraction() -> None:
    quirks = Quirks({"acme": [Quirk("share", 0.5, "Half.", "invented", "a test")]})
    quirks.change({"acme.share": 1})
    assert repr(quirks["acme.share"]) == "1.0"


def test_ledger_says_what_speaks_for_each_switch(quirks: Quirks) -> None:
    quirks.change({"acme": {"greeting": "warm"}})
    assert quirks.ledger()["acme"]["greeting"] == {
        "default": "plain",
        "value": "warm",
        "values": ["plain", "warm"],
        "fact": "A word.",
        "confidence": "invented",
        "source": "a test",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"acme": {"greting": "warm"}}, "did you mean 'acme.greeting'"),
        ({"acme.greeting": "cold"}, "give one of 'plain', 'warm'"),
        ({"acme.sync-seconds": "5"}, "give a value of type int"),
        ({"acme.sync-seconds": True}, "give a value of type int"),
        ({"acme": 5}, "unknown quirk 'acme'"),
    ],
)
def test_wrong_switch_is_refused_by_name(
    quirks: Quirks, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Problem) as refused:
        quirks.change({"acme.sync-seconds": 1} | changes)
    assert said in refused.value.detail
    assert quirks.changed == {}


def test_vendors_own_slip_is_an_error_of_the_program(quirks: Quirks) -> None:
    with pytest.raises(KeyError, match=r"did you mean 'acme\.greeting'"):
        quirks["acme.greetings"]


def test_quirk_of_unknown_confidence_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "quirks.toml"
    file.write_text(
        '[x]\ndefault = 1\nfact = "f"\nconfidence = "guess"\nsource = "s"\n'
    )
    with pytest.raises(ValueError, match="unknown confidence 'guess'"):
        read_quirks(file)
