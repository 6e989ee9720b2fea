"""What a Nuki keypad takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.vendors.nuki.mapping import FORM, label


@pytest.mark.parametrize("pin", ["345678", "999999", "213456"])
def test_pin_of_the_right_form_fits(pin: str) -> None:
    assert FORM.fits(pin)


@pytest.mark.parametrize(
    "pin", ["12", "12345", "345670", "123456", "3456789", "abcdef"]
)
def test_pin_of_another_form_does_not(pin: str) -> None:
    assert not FORM.fits(pin)


@given(st.text())
def test_every_name_becomes_one_that_the_lock_stores(text: str) -> None:
    name = label(text)
    assert 1 <= len(name.encode()) <= 20
    assert name.isprintable()
    assert label(name) == name
