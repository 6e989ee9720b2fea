"""Addresses that a message can go to, and those that would be something else."""

from __future__ import annotations

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from service.mail import PLAIN, check_gateway, mail_address, message_id, sms_address
from service.ports import MailRefused

GATEWAY = "{phone}@sms.example.org"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        (" ada.n+1@example.org ", "ada.n+1@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_address_is_taken(text: str, address: str) -> None:
    assert mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@a@b",
        "ada @example.org",
        "a@x,b@y",
        "Ada <ada@example.org>",
        "ada@example.org\nBcc: eve@example.org",
        "ada\x00@example.org",
        "ada@a..b",
        "=?utf-8?q?evil=40x.org=2Cada?=@example.org",
        "=?utf-8?q?a=0A?=@example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_no_single_plain_address_is_refused_without_repeating_it(
    text: str | None,
) -> None:
    with pytest.raises(MailRefused) as refused:
        mail_address(text)
    assert "eve" not in refused.value.reason


@given(st.text())
def test_any_text_is_one_plain_address_or_refused(text: str) -> None:
    try:
        address = mail_address(f"{text}@example.org")
    except MailRefused:
        return
    assert not set(address) & set(" \r\n,;<>")
    assert address.count("@") == 1


@given(st.from_regex(PLAIN, fullmatch=True))
def test_an_address_that_needs_no_closer_look_passes_one(text: str) -> None:
    looked = validate_email(
        text, check_deliverability=False, globally_deliverable=False
    )
    assert mail_address(text) == f"{looked.local_part}@{looked.ascii_domain}"


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("+46701234567", "+46701234567@sms.example.org"),
        ("0046 (70) 123-45 67", "+46701234567@sms.example.org"),
        ("+46 (0)70 123 45 67", "+46701234567@sms.example.org"),
        ("tel:+46-70-1234567", "+46701234567@sms.example.org"),
        ("\u202a+46 70\u2011123 45 67\u202c", "+46701234567@sms.example.org"),
    ],
)
def test_number_becomes_the_gateways_address(phone: str, address: str) -> None:
    assert sms_address(GATEWAY, phone) == address


def test_national_number_is_of_the_connections_country() -> None:
    assert sms_address(GATEWAY, "070-123 45 67", "SE") == sms_address(
        GATEWAY, "+46701234567"
    )
    assert sms_address(GATEWAY, "+420 601 123 456", "SE").startswith("+420601123456@")


@pytest.mark.parametrize(
    "phone",
    [
        None,
        "",
        "12345",
        "+4670x",
        "1" * 16,
        "٠١٢٣٤٥٦٧",
        "070-1234567",
        "+46701234567 (mobil)",
    ],
)
def test_what_is_no_number_is_refused(phone: str | None) -> None:
    with pytest.raises(MailRefused, match=r"no usable phone number"):
        sms_address(GATEWAY, phone)


def test_gateway_names_the_number_once() -> None:
    assert check_gateway(GATEWAY) == GATEWAY
    for wrong in ("sms@example.org", "{phone}", "{phone}{phone}@x.org", ""):
        with pytest.raises(ValueError, match=r"write \{phone\} once") as refused:
            check_gateway(wrong)
        assert repr(wrong) in str(refused.value)


def test_message_id_is_the_same_every_time_and_plain_for_any_key() -> None:
    assert message_id("msg-1", "doors@example.org") == "<msg-1@example.org>"
    odd = message_id("a b>\r\n", "doors@example.org")
    assert odd == message_id("a b>\r\n", "doors@example.org")
    assert odd.removeprefix("<").removesuffix("@example.org>").isalnum()
