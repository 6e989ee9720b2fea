"""Addresses: where a message goes, checked before any server sees it.

Invariants: pure. What is returned is one plain address, without control characters,
names or further recipients. Reasons never repeat an address or a number, which are
personal.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from service.ports import MailRefused

# One local part and one domain; no quoting, no lists, no names.
PLAIN: Final = re.compile(
    r"""[^\s@<>()\[\],;:"\\\x00-\x20\x7f]+@[^\s@<>()\[\],;:"\\]+"""
)
PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
DECORATION: Final = str.maketrans("", "", " \u00a0-./()")
TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST_ADDRESS: Final = 254


def mail_address(text: str | None) -> str:
    """Return the address, its domain in the form that mail servers use."""
    address = (text or "").strip()
    if not PLAIN.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        raise MailRefused(
            "the customer has no usable e-mail address; it reads like ada@example.org"
        )
    local, domain = address.rsplit("@", 1)
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise MailRefused("the domain of the e-mail address cannot exist") from None


def sms_address(gateway: str, phone: str | None) -> str:
    """Return the gateway's mail address for this phone number."""
    number = (phone or "").translate(DECORATION)
    number = f"+{number[2:]}" if number.startswith("00") else number
    if not PHONE.fullmatch(number):
        raise MailRefused(
            "the customer has no usable phone number; it reads like +46701234567"
        )
    return mail_address(gateway.replace("{phone}", number))


def check_gateway(gateway: str) -> str:
    """Return the gateway's pattern, or raise `ValueError` naming it and the fix."""
    try:
        sms_address(gateway, "+46701234567")
    except MailRefused:
        pass
    else:
        if gateway.count("{phone}") == 1:
            return gateway
    raise ValueError(
        f"SMS gateway is {gateway!r}; write {{phone}} once where the number goes, "
        "as in {phone}@sms.example.org"
    )


def message_id(message_key: str, sender: str) -> str:
    """Return the Message-ID of the message with this key: always the same one."""
    token = (
        message_key
        if TOKEN.fullmatch(message_key)
        else sha256(message_key.encode()).hexdigest()
    )
    return f"<{token}@{sender.rpartition('@')[2]}>"
