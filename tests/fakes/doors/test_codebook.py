"""What a lock stores, and what it refuses to store."""

from __future__ import annotations

from itertools import islice, product

import pytest

from fakes.doors.codebook import Codebook, CodebookError, Refusal, StoredCode
from fakes.doors.schedule import Schedule


def refusal_of(book: Codebook, code: StoredCode) -> Refusal:
    before = dict(book.codes)
    with pytest.raises(CodebookError) as error:
        book.add(code)
    assert book.codes == before
    return error.value.refusal


def test_codes_get_numbers_that_never_come_again() -> None:
    book = Codebook(100)
    first = book.add(StoredCode("345678", "Ada"))
    book.drop(first)
    assert book.add(StoredCode("345678", "Ada")) == first + 1


@pytest.mark.parametrize(
    "digits", ["34567", "3456789", "345670", "123456", "12999", "34567a", "٣٤٥٦٧٨", ""]
)
def test_a_code_is_six_digits_from_1_to_9_and_does_not_start_with_12(
    digits: str,
) -> None:
    assert refusal_of(Codebook(100), StoredCode(digits, "Ada")) is Refusal.BAD_PARAMETER


@pytest.mark.parametrize("digits", ["111111", "999999", "212121", "131212"])
def test_any_other_six_digits_are_a_code(digits: str) -> None:
    assert Codebook(100).add(StoredCode(digits, "Ada"))


def test_a_code_is_stored_once() -> None:
    book = Codebook(100)
    book.add(StoredCode("345678", "Ada"))
    assert refusal_of(book, StoredCode("345678", "Grace")) is Refusal.TAKEN


def test_the_101st_code_does_not_fit() -> None:
    book = Codebook(100)
    for digits in islice(product("3456", repeat=6), 100):
        book.add(StoredCode("".join(digits), "Ada"))
    assert refusal_of(book, StoredCode("999999", "Ada")) is Refusal.FULL


def test_a_change_overwrites_the_code_as_a_whole() -> None:
    book = Codebook(100)
    number = book.add(StoredCode("345678", "Ada", Schedule(weekdays=64)))
    book.change(number, StoredCode("876543", "Ada"))
    assert book.codes == {number: StoredCode("876543", "Ada")}
    assert book.number_of("345678") is None


def test_a_change_to_digits_of_another_code_is_refused() -> None:
    book = Codebook(100)
    book.add(StoredCode("345678", "Ada"))
    number = book.add(StoredCode("876543", "Grace"))
    with pytest.raises(CodebookError) as error:
        book.change(number, StoredCode("345678", "Grace"))
    assert error.value.refusal is Refusal.TAKEN
    assert book.codes[number].digits == "876543"


def test_a_number_that_is_not_stored_is_refused() -> None:
    book = Codebook(100)
    for act in (
        lambda: book.drop(7),
        lambda: book.change(7, StoredCode("345678", "Ada")),
    ):
        with pytest.raises(CodebookError) as error:
            act()
        assert error.value.refusal is Refusal.UNKNOWN_NUMBER
