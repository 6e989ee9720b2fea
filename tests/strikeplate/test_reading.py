"""A message is read as its customer reads it, whatever house style it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikeplate.reading import as_seen, codes, likeliest, text_of_html, times

IGLOOHOME = r"\d{6,10}"
NUKI = r"[1-9]{6}"


@pytest.mark.parametrize(
    ("text", "form", "first"),
    [
        ("Your code is 048213977.", IGLOOHOME, "048213977"),
        ("Your code: 048 213 977", IGLOOHOME, "048213977"),
        ("Code 048-213-977 opens court 1", IGLOOHOME, "048213977"),
        ("Booking 1234567. Your PIN: 048213977", IGLOOHOME, "048213977"),
        ("PIN 048213977. Support: +46 8 123 456 78", IGLOOHOME, "048213977"),
        ("Din kod är 345678", NUKI, "345678"),
        ("https://x.example/visit/1234567 code 345678", NUKI, "345678"),
        ("Booking #7654321, code 048213977", IGLOOHOME, "048213977"),
        ("4711", r"\d{4,8}", "4711"),
    ],
)
def test_code_is_found_among_other_numbers(text: str, form: str, first: str) -> None:
    assert codes(text, form)[0] == first


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("See you at 15:20 on 2026-12-01", IGLOOHOME),
        ("Call 0046 8 123 456 78", IGLOOHOME),
        ("Order B123456789", IGLOOHOME),
        ("We got your booking", IGLOOHOME),
    ],
)
def test_other_numbers_are_no_code(text: str, form: str) -> None:
    assert codes(text, form) == ()


def test_pattern_of_the_profile_decides_alone() -> None:
    text = "ref 111111, door code: 34 56 78, till 222222"
    assert codes(text, NUKI, r"door code: ([\d ]+\d)") == ("345678",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 15:20 until 17:20", {"15:20", "17:20"}),
        ("kl. 15.20-17.20", {"15:20", "17:20"}),
        ("15:20 - 17:20: code 482193", {"15:20", "17:20"}),
        ("from 3:20 PM to 5:20 p.m.", {"15:20", "17:20"}),
        ("de 15h20 à 17h20", {"15:20", "17:20"}),
        ("from 3 pm", {"15:00"}),
        ("12:05 AM", {"00:05"}),
        ("12:05 pm", {"12:05"}),
        ("2026-12-01T15:20:00", {"15:20"}),
        ("1.12.2026, code 1520", set()),
    ],
)
def test_times_are_read_in_any_common_notation(text: str, found: set[str]) -> None:
    assert found <= times(text)
    assert times(text) <= found | {"00:00"}


def test_html_is_read_without_its_styles_and_targets() -> None:
    html = (
        "<html><head><style>p{color:#123456}</style><title>1111111</title></head>"
        '<body><p style="color:#654321">Your code</p><p><b>048</b> <b>213</b> 977</p>'
        '<a href="https://x.example/9999999">here</a><script>8888888</script></body>'
    )
    text = text_of_html(html)
    assert codes(text, IGLOOHOME)[0] == "048213977"
    assert not {"654321", "8888888", "9999999"} & set(codes(text, IGLOOHOME))
    assert "here" in text.splitlines()


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_is_read_back_in_each_notation(hour: int, minute: int) -> None:
    half, twelve = ("am", "pm")[hour // 12], hour % 12 or 12
    written = f"{hour:02}:{minute:02}"
    for text in (
        f"at {written}.",
        f"at {hour}.{minute:02},",
        f"({hour:02}h{minute:02})",
        f"at {twelve}:{minute:02} {half}",
        f"at {twelve}.{minute:02} {half[0]}.m.",
    ):
        assert times(text) == {written}, text


@given(st.text("0123456789", min_size=6, max_size=10))
def test_leading_zeros_stay(code: str) -> None:
    assert codes(f"Your code is {code}", IGLOOHOME)[0] == code


MADE = frozenset({"048213977", "112345678"})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("048 213 977", ("048213977",)),
        ("Enter 048213977 at the door. Support: 08-123 456 78", ("048213977",)),
        ("Booking number 7654321. 048213977 opens court 1", ("048213977",)),
        ("Gate: 048213977, shed: 112345678", ("048213977", "112345678")),
        ("We got your booking 7654321", ()),
        ("Your booking 7654321 is cancelled. Support: 08-123 456 78", ()),
    ],
)
def test_codes_that_the_vendor_has_made_tell_which_number_is_meant(
    text: str, read: tuple[str, ...]
) -> None:
    assert likeliest(text, IGLOOHOME, None, MADE) == read


@pytest.mark.parametrize(
    "text",
    ["Your code: 48 213 977", "Booking 7654321 of court 1. Your code is 48213977"],
)
def test_code_that_lost_its_leading_zero_is_read_as_it_stands(text: str) -> None:
    assert likeliest(text, IGLOOHOME, None, MADE) == ("48213977",)


def test_colours_of_a_page_are_no_code_and_its_link_can_be_followed() -> None:
    html = (
        '<p style="color:#654321">Your code: <b>048&nbsp;213&nbsp;977</b></p>'
        '<font color="112345678">.</font><a href="https://x.example/v/1">open</a>'
    )
    text = as_seen(html)
    assert likeliest(text, IGLOOHOME, None, MADE) == ("048213977",)
    assert "https://x.example/v/1" in text.splitlines()


def test_text_that_is_no_page_is_seen_as_it_is() -> None:
    assert as_seen("1 < 2, code 048213977") == "1 < 2, code 048213977"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Your code is 55012. After the end, type *7001.", ("55012",)),
        ("Your code is **55012**", ("55012",)),
        ("Your code is *55012*", ("55012",)),
        ("To give the key back, type the code *7001", ()),
    ],
)
def test_number_after_a_star_is_no_customers_code(
    text: str, read: tuple[str, ...]
) -> None:
    assert likeliest(text, r"\d{4,9}", None, frozenset()) == read
