"""PINs of our choice: by the keypad's rules, and never one that is there."""

from __future__ import annotations

from itertools import cycle
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.access import PinForm, free_pin
from service.domain.errors import NoPin

FORM = PinForm(length=6, digits="123456789", not_starting=("12",))


@given(st.integers())
def test_pin_has_the_form_of_the_keypad(seed: int) -> None:
    pin = free_pin(FORM, Random(seed).randrange, lambda _: False)  # noqa: S311
    assert len(pin) == 6
    assert set(pin) <= set("123456789")
    assert not pin.startswith("12")


def test_pin_that_begins_as_none_may_is_drawn_anew() -> None:
    draws = cycle([0, 1, 2, 3, 4, 5, 8, 8, 8, 8, 8, 8])
    assert free_pin(FORM, lambda _: next(draws), lambda _: False) == "999999"


def test_pin_that_is_taken_is_never_given_again() -> None:
    small = PinForm(length=1, digits="123")
    given_out: set[str] = set()
    for _ in range(3):
        given_out.add(free_pin(small, Random(1).randrange, given_out.__contains__))  # noqa: S311
    assert given_out == {"1", "2", "3"}
    with pytest.raises(NoPin, match="delete codes that are no longer needed"):
        free_pin(small, Random(1).randrange, given_out.__contains__)  # noqa: S311
