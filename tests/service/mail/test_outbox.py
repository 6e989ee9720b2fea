"""The outbox against a real SMTP server, kind and unkind."""

from __future__ import annotations

import email
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from service.mail import Server, SmtpOutbox, build_message, message_id
from service.ports import Mail, MailBusy, MailError, MailRefused
from service.secret import Secret
from strikeplate.smtp_sink import SmtpSink
from tests.dripping import dripping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

PATIENCE_SECONDS = 60
SENDER = "doors@example.org"
MAIL = Mail(
    to="ada@example.org",
    subject="Your door code",
    body="Slå koden 012345678.\n.\nHälsningar\n",
    message_id=message_id("msg-1", SENDER),
    sent_at=datetime(2026, 12, 1, 12, tzinfo=UTC),
)


class FaultySink(SmtpSink):
    """An SMTP server that answers each command as told, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[Any] = []
        super().__init__()

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer == "lost":
            server.transport.close()
        if answer[0] in "2l":
            self.taken.append(envelope)
        return answer

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(envelope.content, policy=policy.default)
            for envelope in self.taken
        ]

    def _session(self) -> SMTP:
        return SMTP(self, authenticator=_check, auth_require_tls=False, loop=self._loop)


def _check(_: Any, __: Any, ___: Any, ____: Any, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"open", handled=False)


@pytest.fixture
def sink() -> Iterator[FaultySink]:
    sink = FaultySink()
    yield sink
    sink.close()


def outbox(sink: FaultySink, **access: Any) -> SmtpOutbox:
    return SmtpOutbox(Server("smtp", "127.0.0.1", sink.port, **access), SENDER, 5)


def test_mail_arrives_as_it_was_written(sink: FaultySink) -> None:
    outbox(sink).send(MAIL)
    (mail,) = sink.mails
    assert mail["From"] == SENDER
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Your door code"
    assert mail["Message-ID"] == "<msg-1@example.org>"
    assert mail["Date"].datetime == MAIL.sent_at
    assert mail.get_content().splitlines() == MAIL.body.splitlines()


def test_sms_goes_without_a_subject(sink: FaultySink) -> None:
    outbox(sink).send(replace(MAIL, subject=""))
    (mail,) = sink.mails
    assert mail["Subject"] is None


def test_subject_of_several_lines_adds_no_header(sink: FaultySink) -> None:
    outbox(sink).send(replace(MAIL, subject="Code\r\nBcc: eve@example.org\r\n\r\nHi"))
    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Code Bcc: eve@example.org Hi"
    assert sink.taken[0].rcpt_tos == ["ada@example.org"]


def test_address_that_would_be_two_reaches_no_server(sink: FaultySink) -> None:
    with pytest.raises(MailRefused):
        outbox(sink).send(replace(MAIL, to="ada@example.org,eve@example.org"))
    assert sink.taken == []


@pytest.mark.parametrize(
    ("command", "answer", "error", "reason"),
    [
        ("RCPT", "550 5.1.1 <ada@example.org> unknown", MailRefused, "550 5.1.1"),
        ("RCPT", "450 4.2.1 <ada@example.org> is busy", MailBusy, "450 4.2.1"),
        ("DATA", "554 5.7.1 ada@example.org hates this", MailRefused, "554 5.7.1"),
        ("DATA", "452 out of room", MailBusy, "452"),
        ("DATA", "lost", MailBusy, "SMTPServerDisconnected"),
    ],
)
def test_refusal_is_final_or_not_as_the_server_says(
    sink: FaultySink, command: str, answer: str, error: type[MailError], reason: str
) -> None:
    sink.answers[command] = answer
    with pytest.raises(error) as failed:
        outbox(sink).send(MAIL)
    assert f"({reason})" in failed.value.reason
    assert "ada" not in failed.value.reason


def test_mail_that_was_taken_is_sent_whatever_comes_after(sink: FaultySink) -> None:
    sink.answers["QUIT"] = "451 not so fast"
    outbox(sink).send(MAIL)
    assert len(sink.taken) == 1


def test_right_password_opens_the_server(sink: FaultySink) -> None:
    outbox(sink, user="doors", password=Secret("open")).send(MAIL)
    assert len(sink.taken) == 1


def test_wrong_password_is_our_trouble_and_not_the_mails(sink: FaultySink) -> None:
    with pytest.raises(MailBusy, match=r"is not ready \(535 5\.7\.8\)"):
        outbox(sink, user="doors", password=Secret("shut")).send(MAIL)


def test_server_that_is_not_there_is_busy() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nowhere = SmtpOutbox(Server("smtp", "127.0.0.1", port), SENDER, 5)
    with pytest.raises(MailBusy, match=r"127\.0\.0\.1:\d+ is not ready"):
        nowhere.send(MAIL)


@pytest.mark.parametrize(
    ("scheme", "trouble"),
    [("smtp+starttls", "SMTPNotSupportedError"), ("smtps", "SSLError")],
)
def test_server_without_encryption_is_not_used_where_it_is_asked_for(
    sink: FaultySink, scheme: str, trouble: str
) -> None:
    server = Server(scheme, "127.0.0.1", sink.port)
    with pytest.raises(MailBusy, match=trouble):
        SmtpOutbox(server, SENDER, 5).send(MAIL)
    assert sink.taken == []


def test_repr_of_a_mail_shows_neither_address_nor_text() -> None:
    assert "ada" not in repr(MAIL)
    assert "012345678" not in repr(MAIL)


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?b?RXZlDQpCY2M6IGV2aWxAeC5vcmc=?=",
        "=?utf-8?b?RXZlDQoNCjxiPkNhbGwgbWU8L2I+?=",
        "=?utf-8?q?Eve=0ABcc:_evil=40x.org?=",
        "Eve =?utf-8?q?a=0D?= =?utf-8?q?=0ABcc:_evil=40x.org?=",
        "Eve\r\nBcc: evil@x.org",
        "Eve\u2028Bcc: evil@x.org",
        "Eve\x85\x1eBcc: evil@x.org",
        f"{'=?' * 60}utf-8?b?RXZlDQpCY2M6IGV2aWxAeC5vcmc=?=",
    ],
)
def test_name_adds_no_header_no_recipient_and_no_part(name: str) -> None:
    own = build_message(MAIL, SENDER)
    mail = replace(MAIL, subject=f"Code for {name}", body=f"{name}\n")
    raw = bytes(build_message(mail, SENDER))
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [line.partition(b":")[0] for line in head.split(b"\r\n")]
    names = [each.decode() for each in fields if not each.startswith((b" ", b"\t"))]
    assert names == own.keys()
    assert b"evil" not in email.message_from_bytes(raw)["To"].encode()
    assert b"<b>" not in body


@pytest.mark.parametrize("answer", [b"220-slow\r\n", b"2"])
def test_server_that_drips_is_given_up_after_the_timeout(answer: bytes) -> None:
    with dripping(answer) as port:
        outbox = SmtpOutbox(Server("smtp", "127.0.0.1", port), SENDER, 0.5)
        begun = monotonic()
        with pytest.raises(MailBusy):
            outbox.send(MAIL)
        assert monotonic() - begun < PATIENCE_SECONDS
