"""A PIN says one thing, and what it says is what was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.doors.algopin import KINDS, SAYINGS, STARTS, PinMeaning, codec

CODEC = codec("a dummy secret", 0)
SAYING = st.sampled_from(SAYINGS[9] + SAYINGS[7])
HOURS = st.integers(0, 300_000)


@settings(max_examples=500)
@given(SAYING, HOURS)
def test_a_pin_reads_as_it_was_written(saying: tuple[str, int, int], hour: int) -> None:
    kind, duration, variance = saying
    meaning = PinMeaning(kind, hour, duration, variance)
    pin = CODEC.write(meaning)
    assert len(pin) == KINDS[kind].digits
    assert CODEC.read(pin, near=hour) == meaning


@settings(max_examples=500)
@given(st.integers(0, 10**9 - 1), HOURS)
def test_digits_that_mean_something_are_written_back(number: int, hour: int) -> None:
    pin = f"{number:09d}"
    meaning = CODEC.read(pin, near=hour)
    assert meaning is None or CODEC.write(meaning) == pin


@settings(max_examples=200)
@given(SAYING, SAYING, HOURS, HOURS)
def test_two_meanings_never_share_a_pin(
    one: tuple[str, int, int], two: tuple[str, int, int], hour: int, other: int
) -> None:
    first = PinMeaning(one[0], hour, *one[1:])
    second = PinMeaning(two[0], other, *two[1:])
    assert (CODEC.write(first) == CODEC.write(second)) == (first == second)


def test_the_lengths_hold_every_kind_for_decades() -> None:
    assert {length: len(said) for length, said in SAYINGS.items()} == {9: 3033, 7: 10}
    years = {length: starts // (24 * 365) for length, starts in STARTS.items()}
    assert years == {9: 37, 7: 114}


def test_a_start_is_read_near_the_present() -> None:
    pin = CODEC.write(PinMeaning("hourly", 100, 3, 1))
    later = CODEC.read(pin, near=STARTS[9] + 90)
    assert later is not None
    assert later.start == STARTS[9] + 100


def test_leading_zeros_are_digits() -> None:
    pins = (CODEC.write(PinMeaning("hourly", hour, 3, 1)) for hour in range(1000))
    zeros = [pin for pin in pins if pin.startswith("0")]
    assert zeros
    assert all(len(pin) == 9 for pin in zeros)


def test_another_lock_and_another_epoch_write_other_pins() -> None:
    meaning = PinMeaning("daily", 1000, 30, 1)
    codecs = [CODEC, codec("another secret", 0), codec("a dummy secret", 1)]
    assert len({each.write(meaning) for each in codecs}) == 3


def test_numbers_beyond_the_last_start_mean_nothing() -> None:
    read = [CODEC.read(f"{number:09d}", near=0) for number in range(10**6, 10**6 + 10)]
    assert all(read)
    nothing = CODEC._permutations[9].image(10**9 - 1)  # noqa: SLF001 - a rare number
    assert CODEC.read(f"{nothing:09d}", near=0) is None


@pytest.mark.parametrize(
    ("kind", "duration", "hours"),
    [("hourly", 672, 672), ("daily", 367, 367 * 24), ("onetime", 1, 24)],
)
def test_a_meaning_ends_after_its_duration(
    kind: str, duration: int, hours: int
) -> None:
    assert PinMeaning(kind, 10, duration, 1).end == 10 + hours


def test_a_permanent_pin_has_no_end() -> None:
    assert PinMeaning("permanent", 10, 1, 1).end is None
