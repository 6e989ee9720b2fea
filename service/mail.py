"""Messages go out as mail by SMTP; an SMS is a mail to a gateway that passes it on.

    smtp://127.0.0.1:25                        plain, for a relay on this machine
    smtp+starttls://user:word@mail.example.org plain at first, then encrypted
    smtps://user:word@mail.example.org         encrypted from the start

Invariants: a message keeps one Message-ID over all attempts, so a reader can tell a
repeat whose first answer was lost. Nothing a customer wrote can add a header, a line,
a recipient or markup. The HTML part says what the plain one says, and loads nothing.
Once the server accepted a mail it counts as sent. Trouble of the server or of ours is
`MailBusy`; `MailRefused` means that this very mail is wrong. Reasons hold the server's
codes, never its text or an address. Certificates are always checked.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from hashlib import sha256
from io import BufferedReader
from threading import Lock, Timer
from time import monotonic
from typing import Any, Final
from unicodedata import category, normalize
from urllib.parse import unquote, urlsplit

import email_validator
import phonenumbers
from email_validator import EmailNotValidError, validate_email
from urllib3.util.wait import wait_for_read

from service.domain.errors import SemanticError
from service.ports import Mail, MailBusy, MailError, MailRefused, Outbox
from service.secret import MASK, Secret
from serving.deadlines import UntilDeadline

email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()  # a relay of one's own is one
TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
ENCODED_WORD: Final = "=?"
"""Begins what RFC 2047 has decoded in a header, line ends and all."""


_WORD: Final = r"[A-Za-z0-9_]{1,20}"
_LABEL: Final = r"[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?"
PLAIN: Final = re.compile(
    rf"{_WORD}(?:[.+-]{_WORD}){{0,2}}@(?:{_LABEL}\.){{1,3}}[a-z]{{2,9}}"
)
"""Addresses that need no closer look: it would be an eighth of accepting an event."""


def mail_address(text: str | None) -> str:
    """Return the address, its domain in the form that mail servers use."""
    address = (text or "").strip()
    if PLAIN.fullmatch(address):
        return address
    read = None
    with suppress(EmailNotValidError):
        read = validate_email(
            address, check_deliverability=False, globally_deliverable=False
        )
    if read is None or ENCODED_WORD in address:
        raise MailRefused(
            "the customer has no usable e-mail address; it reads like ada@example.org"
        )
    return f"{read.local_part}@{read.ascii_domain}"


def check_address(field: str, address: str | None) -> None:
    """Raise `SemanticError`, which names the field, if no mail can be sent there."""
    if not address:
        return
    try:
        mail_address(address)
    except MailRefused:
        fix = "give one plain mail address such as ada@example.org"
        raise SemanticError(field, MASK, fix) from None


def phone_number(text: str | None, country: str | None) -> str:
    """Return the number in E.164; one without a country code is the `country`'s."""
    shown = "".join(each for each in text or "" if category(each) != "Cf").strip()
    shown = re.sub(r"^00", "+", normalize("NFKC", shown).removeprefix("tel:"))
    number = None
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(shown, country)
    lettered = any(each.isalpha() for each in shown)
    if number is None or lettered or not phonenumbers.is_possible_number(number):
        raise MailRefused(
            "the customer has no usable phone number; it reads like +46701234567, or "
            "without +46 where the connection's country is set"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_country(code: str) -> str:
    """Return the country's code in capitals, or raise `ValueError` with the fix."""
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("it is no country; give its two letters, such as SE")
    return code.upper()


def sms_address(gateway: str, phone: str | None, country: str | None = None) -> str:
    """Return the gateway's mail address for this phone number."""
    return mail_address(gateway.replace("{phone}", phone_number(phone, country)))


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
    """Return the Message-ID of the message with this key, always the same."""
    token = message_key
    if not TOKEN.fullmatch(token):
        token = sha256(token.encode()).hexdigest()
    return f"<{token}@{sender.rpartition('@')[2]}>"


PORTS: Final[Mapping[str, int]] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class _Timed(smtplib.SMTP):
    """A session whose timeout is that of all answers together, not of each byte."""

    # Any: the options are those of the standard library, passed on as they are
    def __init__(self, host: str, port: int, *, timeout: float, **options: Any) -> None:
        self._ends = monotonic() + timeout
        self.mails = 0
        self.used_at = 0.0
        super().__init__(host, port, timeout=timeout, **options)

    def renew(self) -> None:
        """Give the next mail as much time as the first one had."""
        self._ends = monotonic() + self.timeout
        if self.file is not None:
            self.file.close()
        self.file = None

    def getreply(self) -> tuple[int, bytes]:
        """Return the next answer; raise `TimeoutError` once the time is over."""
        if self.file is None and self.sock is not None:
            left = max(self._ends - monotonic(), 0)
            self.file = BufferedReader(UntilDeadline(self.sock, left))
        return super().getreply()


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    """The same by TLS from the first byte."""


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server and how to sign in to it."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: Secret | None = None

    def connect(self, own_name: str, timeout_seconds: float) -> _Timed:
        """Open a session and sign in; `own_name` is our domain."""
        begin: Callable[..., _Timed] = _Timed
        if self.scheme == "smtps":
            begin = partial(_TimedTls, context=ssl.create_default_context())
        smtp = begin(
            self.host, self.port, local_hostname=own_name, timeout=timeout_seconds
        )
        try:
            self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
        if self.user is not None and self.password is not None:
            smtp.login(self.user, self.password.reveal())


def server_at(url: str) -> Server:
    """Return the server of a URL, or raise `ValueError` with the fix."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in PORTS or not host or parts.path.strip("/"):
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        raise ValueError(
            f"SMTP URL is {shown!r}; write it like smtp://127.0.0.1:25, "
            "smtp+starttls://user:password@host or smtps://user:password@host"
        )
    return Server(
        scheme=parts.scheme,
        host=host,
        port=port or PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else Secret(unquote(parts.password)),
    )


FINAL_CODES: Final = range(500, 600)
ENHANCED: Final = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")


KEPT_SECONDS: Final = 5.0
"""How long a session is kept open for a mail that may follow."""

MAILS: Final = 100
"""How many mails one session brings at most; servers end longer ones."""


class SmtpOutbox(Outbox):
    """Sends mail through any SMTP server, from one sender; safe for many threads.

    A session that has brought a mail brings the next one too, if that follows soon.
    """

    def __init__(
        self, server: Server, sender: str, timeout_seconds: float = 20.0
    ) -> None:
        self._server = server
        self._sender = mail_address(sender)
        self._timeout_seconds = timeout_seconds
        self._lock = Lock()
        self._idle: list[_Timed] = []
        self._timer: Timer | None = None

    def send(self, mail: Mail) -> None:
        """Send the mail, or raise a `service.ports.MailError`."""
        message = build_message(mail, self._sender)
        with self._session() as smtp:
            try:
                smtp.send_message(message, self._sender, [str(message["To"])])
            except (smtplib.SMTPException, OSError) as error:
                raise classify_error(error) from error

    def close(self) -> None:
        """End the sessions that are kept open."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._timer:
                self._timer.cancel()
        for smtp in idle:
            _end(smtp)

    @contextmanager
    def _session(self) -> Iterator[_Timed]:
        """Yield a session, kept where its mail was taken, else ended."""
        smtp = self._kept() or self._opened()
        try:
            yield smtp
        except BaseException:
            _end(smtp)
            raise
        self._keep(smtp)

    def _opened(self) -> _Timed:
        """Open a session; an error in that is not the mail's fault."""
        try:
            own_name = self._sender.rpartition("@")[2]
            return self._server.connect(own_name, self._timeout_seconds)
        except (smtplib.SMTPException, OSError) as error:
            where = f"{self._server.host}:{self._server.port}"
            said = f"mail server {where} is not ready ({_codes(error)})"
            raise MailBusy(said) from error

    def _kept(self) -> _Timed | None:
        """Return a session that is open, None where there is none."""
        while True:
            with self._lock:
                self._watch()  # starts a thread, which would delay what follows a mail
                smtp = self._idle.pop() if self._idle else None
            if smtp is None:
                return None
            if smtp.mails < MAILS and not _said_something(smtp):
                smtp.renew()
                return smtp
            _end(smtp)

    def _keep(self, smtp: _Timed) -> None:
        smtp.mails, smtp.used_at = smtp.mails + 1, monotonic()
        with self._lock:
            self._idle.append(smtp)
            self._watch()

    def _watch(self) -> None:
        """Have idle sessions ended in time; only with the lock."""
        if self._timer is None or self._timer.finished.is_set():
            self._timer = Timer(KEPT_SECONDS, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        long_ago = monotonic() - KEPT_SECONDS
        with self._lock:
            old = [each for each in self._idle if each.used_at <= long_ago]
            self._idle = [each for each in self._idle if each not in old]
            self._timer = None
            if self._idle:
                self._watch()
        for smtp in old:
            _end(smtp)


def _said_something(smtp: smtplib.SMTP) -> bool:
    """Return whether the server has spoken unasked, as one does that has hung up."""
    return smtp.sock is None or wait_for_read(smtp.sock, timeout=0)


def _end(smtp: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def build_message(mail: Mail, sender: str) -> EmailMessage:
    """Return the complete mail; raise `MailRefused` for a bad address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail_address(mail.to)
    subject = " ".join(mail.subject.split()).replace(ENCODED_WORD, "= ?")
    if subject:
        message["Subject"] = subject
    message["Date"] = mail.sent_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    if mail.html:
        page = PAGE.format(content=mail.html)
        message.add_alternative(page, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{sha256(mail.message_id.encode()).hexdigest()[:32]}")
    return message


PAGE: Final = (
    '<!doctype html><html><head><meta charset="utf-8">'
    '<meta name="color-scheme" content="light dark"><style>'
    "body{{max-width:36rem;margin:1.5rem;font:16px/1.5 system-ui,sans-serif}}"
    ".code{{font:600 1.3em/1.4 ui-monospace,monospace;letter-spacing:.05em}}"
    ".date{{white-space:nowrap}}"
    "</style></head><body>{content}</body></html>\n"
)
"""The HTML part of a mail: readable in light and dark, with nothing to load."""


def classify_error(error: smtplib.SMTPException | OSError) -> MailError:
    """Return the error of ours that an SMTP error means for this mail."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailRefused("the mail server takes no such address (SMTPUTF8)")
    its_own = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    code = _answer(error)[0]
    if its_own and code in FINAL_CODES:
        return MailRefused(f"the mail server refuses this mail ({_codes(error)})")
    return MailBusy(f"the mail server did not take this mail ({_codes(error)})")


def _codes(error: BaseException) -> str:
    """Return the server's codes, or the class of an error without an answer."""
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
