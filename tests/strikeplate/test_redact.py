from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.transcript import BLANK, SHORTEST, Redact


@given(st.text(min_size=SHORTEST), st.text(), st.text())
def test_hidden_value_is_never_read_again(secret: str, before: str, after: str) -> None:
    redact = Redact()
    redact.hide(secret)
    shown = redact.text(f"{before}{secret}{after}")
    assert secret not in shown or secret in BLANK


def test_values_inside_of_data_are_blanked_through_and_through() -> None:
    redact = Redact()
    redact.hide("4711980")
    data = {"a": ["x 4711980", 4711980, None, True, 1.5], "deep": {"b": "4711980"}}
    assert redact.data(data) == {
        "a": [f"x {BLANK}", BLANK, None, True, 1.5],
        "deep": {"b": BLANK},
    }


@pytest.mark.parametrize(
    "field", ["pin", "code", "api_token", "Authorization", "client_secret", "X-API-Key"]
)
def test_fields_that_hold_secrets_are_blanked_by_their_name(field: str) -> None:
    assert Redact().data({field: "abc"}) == {field: BLANK}


def test_fields_that_merely_sound_alike_are_shown() -> None:
    data = {"status_code": 404, "opinion": "x", "codes": [1]}
    assert Redact().data(data) == data


def test_longer_secrets_are_blanked_before_those_inside_of_them() -> None:
    redact = Redact()
    redact.hide("12345")
    redact.hide("1234567")
    assert redact.text("1234567 12345") == f"{BLANK} {BLANK}"


def test_value_that_varies_is_shown_by_its_name() -> None:
    redact = Redact()
    redact.rename("wld_8f3a", "the world")
    assert redact.text("no such lock in wld_8f3a") == "no such lock in the world"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://127.0.0.1:41234/x", "at http://127.0.0.1:<port>/x"),
        ("id 8d3e0e51-2a3f-4a4c-9d8f-0123456789ab", "id <uuid>"),
        ("<X object at 0x7f28de457a90>", "<X object at <address>>"),
        ("no /tmp/pytest-1/x.db", "no <path>"),
        ("POST /webhooks/court-1", "POST /webhooks/court-1"),
    ],
)
def test_what_varies_by_machine_is_shown_by_its_kind(text: str, shown: str) -> None:
    assert Redact().text(text) == shown
