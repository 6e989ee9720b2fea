"""The permutation is one: every number has one image, and finds back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.doors.feistel import Permutation

KEYS = st.binary(min_size=1, max_size=32)


@settings(max_examples=20)
@given(KEYS, st.integers(1, 20), st.integers(1, 20))
def test_images_are_all_numbers_once(key: bytes, left: int, right: int) -> None:
    permutation = Permutation(key, left, right)
    images = [permutation.image(number) for number in range(left * right)]
    assert sorted(images) == list(range(left * right))


@given(KEYS, st.integers(0, 10**9 - 1))
def test_origin_undoes_image(key: bytes, number: int) -> None:
    permutation = Permutation(key, 10**4, 10**5)
    assert permutation.origin(permutation.image(number)) == number
    assert permutation.image(permutation.origin(number)) == number


def test_another_key_gives_another_order() -> None:
    one = Permutation(b"one", 10, 10)
    two = Permutation(b"two", 10, 10)
    assert [one.image(n) for n in range(100)] != [two.image(n) for n in range(100)]
