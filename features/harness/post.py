"""The post: what the subject's messages bring to whom, as the customer would read it.

A code is a run of six to ten digits that is no part of a number, date or time; this
is all that is assumed of a message's text. An SMS is a mail to a gateway: whatever
the gateway is called, the number stands before its @.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.harness.booking import Person
    from features.harness.smtp_sink import Mail
    from features.harness.smtp_sink import Sink

CODE = re.compile(r"(?<![\d+:./-])\d{6,10}(?![\d:/-])")


class Post:
    """The messages of one scenario."""

    def __init__(self, sink: Sink, domain: str) -> None:
        self.sink = sink
        self.owner = f"owner@{domain}"

    def to_owner(self) -> tuple[Mail, ...]:
        """Return what the owner of the connection got."""
        return tuple(mail for mail in self.sink if mail.to == self.owner)

    def to(self, person: Person) -> tuple[Mail, ...]:
        """Return what a customer got, by mail or as an SMS, oldest first."""
        return tuple(m for m in self.sink if m.to == person.email or by_sms(m, person))

    def codes(self, person: Person) -> tuple[str, ...]:
        """Return the codes of the latest message of a customer, in its order."""
        mails = self.to(person)
        return codes(mails[-1]) if mails else ()

    def all_codes(self, person: Person) -> frozenset[str]:
        """Return every code that a customer was ever told."""
        return frozenset(code for mail in self.to(person) for code in codes(mail))


def codes(mail: Mail) -> tuple[str, ...]:
    """Return the codes in a message's text, each once."""
    return tuple(dict.fromkeys(CODE.findall(mail.text)))


def by_sms(mail: Mail, person: Person) -> bool:
    """Say whether a mail is an SMS to a customer."""
    number = mail.to.partition("@")[0].lstrip("+")
    return number == person.phone.lstrip("+")
