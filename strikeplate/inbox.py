"""The inbox: what the subject's messages bring to whom, as the customer would read it.

What a code looks like is the vendor's own word; this is all that is assumed of a
message's text. An SMS is a mail to a gateway: whatever the gateway is called, the
number stands before its @.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate.vocabulary import CODE

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from strikeplate.booking import Person
    from strikeplate.smtp_sink import Mail, SmtpSink
    from strikeplate.vocabulary import VendorVocabulary


class Inbox:
    """The messages of one scenario; `speech` tells whose words they are in."""

    def __init__(
        self, sink: SmtpSink, domain: str, vocabulary: Callable[[], VendorVocabulary]
    ) -> None:
        self.sink = sink
        self.owner = f"owner@{domain}"
        self._vocabulary = vocabulary

    def to_owner(self) -> tuple[Mail, ...]:
        """Return what the owner of the connection got."""
        return tuple(mail for mail in self.sink if mail.to == self.owner)

    def to(self, person: Person) -> tuple[Mail, ...]:
        """Return what a customer got, by mail or as an SMS, oldest first."""
        return tuple(m for m in self.sink if m.to == person.email or by_sms(m, person))

    def codes(self, person: Person) -> tuple[str, ...]:
        """Return the codes of the latest message of a customer, in its order."""
        mails = self.to(person)
        return codes(mails[-1], self._vocabulary().code) if mails else ()

    def all_codes(self, person: Person) -> frozenset[str]:
        """Return every code that a customer was ever told."""
        pattern, mails = self._vocabulary().code, self.to(person)
        return frozenset(code for mail in mails for code in codes(mail, pattern))

    def extras_for(self, code: str) -> dict[str, str]:
        """Return what the latest message with a code brings to give with it."""
        vocabulary = self._vocabulary()
        payload = [
            m
            for m in self.sink
            if vocabulary.extras and code in codes(m, vocabulary.code)
        ]
        return vocabulary.extras_in(code, payload[-1].text) if payload else {}


def codes(mail: Mail, pattern: re.Pattern[str] = CODE) -> tuple[str, ...]:
    """Return the codes in a message's text, each once."""
    return tuple(dict.fromkeys(pattern.findall(mail.text)))


def by_sms(mail: Mail, person: Person) -> bool:
    """Say whether a mail is an SMS to a customer."""
    number = mail.to.partition("@")[0].lstrip("+")
    return number == person.phone.lstrip("+")
