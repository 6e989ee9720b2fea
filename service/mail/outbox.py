"""The outbox: one mail, one session, and a clear word about what became of it.

Invariants: once the server took the mail it is sent, whatever goes wrong after that.
What is the server's or our own trouble is `MailBusy`; only what is wrong with this very
mail is `MailRefused`. Reasons hold codes, never the server's text, which repeats
addresses.
"""

from __future__ import annotations

import re
import smtplib
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Final

from service.mail.addresses import mail_address
from service.ports import MailBusy, MailError, MailRefused, Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.mail.server import Server
    from service.ports import Mail

FINAL_CODES: Final = range(500, 600)
ENHANCED: Final = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")


class SmtpOutbox(Outbox):
    """Sends mail through any SMTP server, from one sender; safe for many threads."""

    def __init__(
        self, server: Server, sender: str, timeout_seconds: float = 20.0
    ) -> None:
        self._server = server
        self._sender = mail_address(sender)
        self._timeout_seconds = timeout_seconds

    def send(self, mail: Mail) -> None:
        """Return once the server took the mail; see `service.ports.MailError`."""
        message = build_message(mail, self._sender)
        with self._session() as smtp:
            try:
                smtp.send_message(message, self._sender, [str(message["To"])])
            except (smtplib.SMTPException, OSError) as error:
                raise classify_error(error) from error

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """Open a session; trouble in opening or closing it is not the mail's."""
        try:
            own_name = self._sender.rpartition("@")[2]
            smtp = self._server.connect(own_name, self._timeout_seconds)
        except (smtplib.SMTPException, OSError) as error:
            where = f"{self._server.host}:{self._server.port}"
            raise MailBusy(
                f"mail server {where} is not ready ({_codes(error)})"
            ) from error
        try:
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()


def build_message(mail: Mail, sender: str) -> EmailMessage:
    """Return the mail as it goes out; raise `MailRefused` for a bad address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail_address(mail.to)
    subject = " ".join(mail.subject.split())
    if subject:
        message["Subject"] = subject
    message["Date"] = mail.sent_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message


def classify_error(error: smtplib.SMTPException | OSError) -> MailError:
    """Return what a failed hand-over means for this mail."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailRefused("the mail server takes no such address (SMTPUTF8)")
    its_own = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    code = _answer(error)[0]
    if its_own and code in FINAL_CODES:
        return MailRefused(f"the mail server refuses this mail ({_codes(error)})")
    return MailBusy(f"the mail server did not take this mail ({_codes(error)})")


def _codes(error: BaseException) -> str:
    """Return the server's codes, or the kind of trouble where it said nothing."""
    code, text = _answer(error)
    enhanced = ENHANCED.match(text)
    if not code:
        return type(error).__name__
    return f"{code} {enhanced.group().decode()}" if enhanced else str(code)


def _answer(error: BaseException) -> tuple[int, bytes]:
    """Return the code and text of the server's answer; 0 where there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), (0, b""))
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return error.smtp_code, text if isinstance(text, bytes) else text.encode()
    return 0, b""
