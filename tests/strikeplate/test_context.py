from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from strikeplate.context import by_sms
from strikeplate.platforms.standard import Person
from strikeplate.smtp_sink import Mail
from strikeplate.vocabulary import codes_in

ADA = Person("Ada", "ada@example.org", "+46700000001")


def mail(text: str, to: str = ADA.email) -> Mail:
    message = EmailMessage()
    message.set_content(text)
    return Mail(to, message.as_bytes())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your code is 012345678.", ("012345678",)),
        ("Din kod: 1234567\nDörr: Åbo", ("1234567",)),
        ("Gate: 012345678\nShed: 112345678\n", ("012345678", "112345678")),
        ("Again 012345678, and 012345678", ("012345678",)),
        ("From 2026-12-07 15:20 to 2026-12-07 17:20, room 1204", ()),
        ("Call +46701234567", ()),
        ("Booking B-123456-1", ()),
    ],
)
def test_codes_are_told_from_dates_times_and_numbers(
    text: str, found: tuple[str, ...]
) -> None:
    assert codes_in(mail(text)) == found


@pytest.mark.parametrize(
    ("to", "sms"),
    [
        ("+46700000001@sms.example.org", True),
        ("46700000001@gateway.test", True),
        ("ada@example.org", False),
        ("+46700000002@sms.example.org", False),
    ],
)
def test_sms_is_a_mail_to_the_number_at_a_gateway(to: str, *, sms: bool) -> None:
    assert by_sms(mail("hello", to), ADA) is sms


def test_sms_to_a_number_that_is_written_in_another_way_is_found() -> None:
    ada = replace(ADA, phone="070-000 00 01", number=ADA.phone)
    assert by_sms(mail("hello", "+46700000001@sms.example.org"), ada)
    assert ada.payload()["phone"] == "070-000 00 01"
