"""Every reason, rule and kind of door has its words; nothing is named that is not."""

from __future__ import annotations

import pytest

from fakes.doors import keycode
from fakes.kit.app import discover
from fakes.kit.quirks import CONFIDENCES
from fakes.vendors.exivo import doors as exivo
from fakes.vendors.exivo import visitors
from fakes.vendors.igloohome import doors as igloohome
from fakes.vendors.livionkey import doors as livionkey
from fakes.vendors.nuki import doors as nuki
from fakes.wall import words

TABLES = (exivo.PAD_RULES, visitors.PAGE_RULES, igloohome.RULES, nuki.RULES)
RULES = {rule for table in (*TABLES, livionkey.RULES) for rule in table.values()}


@pytest.mark.parametrize("table", TABLES)
def test_every_reason_of_a_door_has_a_sentence(table: dict[str, str]) -> None:
    assert table.keys() <= words.REASONS.keys()


def test_every_reason_of_a_cabinet_has_a_sentence() -> None:
    reasons = {row.reason for row in keycode.TABLE} | {"no-slot"}
    assert reasons <= words.REASONS.keys()


def test_every_rule_of_a_door_has_a_sentence_and_no_other() -> None:
    assert words.RULES.keys() == RULES


def test_every_sentence_is_whole() -> None:
    for sentence in (*words.REASONS.values(), *words.RULES.values()):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_every_vendor_and_confidence_is_named() -> None:
    assert words.VENDORS.keys() == discover("fakes.vendors").keys()
    assert words.CONFIDENCES.keys() == set(CONFIDENCES)


def test_foreign_word_is_shown_as_it_is() -> None:
    assert words.reason("out-of-range") == "Out of range."
    assert words.kind("turnstile") == ("lock", "turnstile")
    assert words.rule("ACM-01") == ""
    assert words.vendor("acme") == "acme"
