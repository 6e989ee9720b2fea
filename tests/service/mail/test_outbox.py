"""The outbox against a real SMTP server, kind and unkind."""

from __future__ import annotations

import email
import socket
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from urllib3.util.wait import wait_for_read

from service import mail
from service.mail import Server, SmtpOutbox, build_message, message_id
from service.ports import Mail, MailBusy, MailError, MailRefused
from service.secret import Secret
from strikeplate.smtp_sink import SmtpSink
from tests.dripping import dripping
from tests.service.test_served import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    Opener = Callable[..., SmtpOutbox]

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
        self.sessions: list[SMTP] = []
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
        self.sessions.append(
            SMTP(self, authenticator=_check, auth_require_tls=False, loop=self._loop)
        )
        return self.sessions[-1]

    def drop_connection(self) -> None:
        """Close the last session, as a server does that was idle for long."""
        transport = self.sessions[-1].transport
        assert transport is not None
        self._loop.call_soon_threadsafe(transport.close)


def _check(_: Any, __: Any, ___: Any, ____: Any, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"open", handled=False)


@pytest.fixture
def sink() -> Iterator[FaultySink]:
    sink = FaultySink()
    yield sink
    sink.close()


@pytest.fixture
def outbox(sink: FaultySink) -> Iterator[Opener]:
    with ExitStack() as opened:

        def open_one(**access: Any) -> SmtpOutbox:
            server = Server("smtp", "127.0.0.1", sink.port, **access)
            return opened.enter_context(closing(SmtpOutbox(server, SENDER, 5)))

        yield open_one


def test_mail_arrives_as_it_was_written(sink: FaultySink, outbox: Opener) -> None:
    outbox().send(MAIL)
    (got,) = sink.mails
    assert got["From"] == SENDER
    assert got["To"] == "ada@example.org"
    assert got["Subject"] == "Your door code"
    assert got["Message-ID"] == "<msg-1@example.org>"
    assert got["Date"].datetime == MAIL.sent_at
    assert got.get_content().splitlines() == MAIL.body.splitlines()


def test_mail_has_a_plain_part_and_one_of_html(
    sink: FaultySink, outbox: Opener
) -> None:
    rich = replace(MAIL, html="<p>Ditt kodord är <b>räksmörgås</b></p>")
    for _ in range(2):
        outbox().send(rich)
    got, again = sink.mails
    assert got.get_content_type() == "multipart/alternative"
    plain, html = got.iter_parts()
    assert plain.get_content().splitlines() == MAIL.body.splitlines()
    assert (plain.get_content_type(), html.get_content_type()) == (
        "text/plain",
        "text/html",
    )
    assert "<p>Ditt kodord är <b>räksmörgås</b></p>" in html.get_content()
    assert got["Message-ID"] == "<msg-1@example.org>"
    assert got.as_bytes() == again.as_bytes()


def test_html_part_loads_nothing(sink: FaultySink, outbox: Opener) -> None:
    outbox().send(replace(MAIL, html="<p>Hi</p>"))
    _, html = sink.mails[0].iter_parts()
    for loading in ("src=", "href=", "url(", "@import", "<script", "<link"):
        assert loading not in html.get_content()


def test_next_mail_goes_by_the_same_session(sink: FaultySink, outbox: Opener) -> None:
    sender = outbox()
    for _ in range(3):
        sender.send(MAIL)
    assert len(sink.taken) == 3
    assert len(sink.sessions) == 1


def test_mail_goes_by_a_new_session_once_the_server_hung_up(
    sink: FaultySink, outbox: Opener
) -> None:
    sender = outbox()
    sender.send(MAIL)
    (session,) = sender._idle  # noqa: SLF001 (nobody else can tell when it is over)
    sink.drop_connection()
    assert session.sock is not None
    assert wait_for_read(session.sock, timeout=PATIENCE_SECONDS)
    sender.send(MAIL)
    assert len(sink.taken) == len(sink.sessions) == 2


def test_session_that_brought_a_refused_mail_brings_no_other(
    sink: FaultySink, outbox: Opener
) -> None:
    sender = outbox()
    sink.answers["DATA"] = "452 out of room"
    with pytest.raises(MailBusy):
        sender.send(MAIL)
    del sink.answers["DATA"]
    sender.send(MAIL)
    assert len(sink.sessions) == 2


def test_session_brings_so_many_mails_and_no_more(
    sink: FaultySink, outbox: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MAILS", 2)
    sender = outbox()
    for _ in range(3):
        sender.send(MAIL)
    assert len(sink.sessions) == 2


def test_idle_session_is_ended_by_itself(
    outbox: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "KEPT_SECONDS", 0.01)
    sender = outbox()
    sender.send(MAIL)
    wait_for(lambda: not sender._idle)  # noqa: SLF001 (nobody else can tell)


def test_sms_goes_without_a_subject(sink: FaultySink, outbox: Opener) -> None:
    outbox().send(replace(MAIL, subject=""))
    (got,) = sink.mails
    assert got["Subject"] is None


def test_subject_of_several_lines_adds_no_header(
    sink: FaultySink, outbox: Opener
) -> None:
    outbox().send(replace(MAIL, subject="Code\r\nBcc: eve@example.org\r\n\r\nHi"))
    (got,) = sink.mails
    assert got["Bcc"] is None
    assert got["Subject"] == "Code Bcc: eve@example.org Hi"
    assert sink.taken[0].rcpt_tos == ["ada@example.org"]


def test_address_that_would_be_two_reaches_no_server(
    sink: FaultySink, outbox: Opener
) -> None:
    with pytest.raises(MailRefused):
        outbox().send(replace(MAIL, to="ada@example.org,eve@example.org"))
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
    server = Server("smtp", "127.0.0.1", sink.port)
    with pytest.raises(error) as failed:
        SmtpOutbox(server, SENDER, 5).send(MAIL)
    assert f"({reason})" in failed.value.reason
    assert "ada" not in failed.value.reason


def test_mail_that_was_taken_is_sent_whatever_comes_after(
    sink: FaultySink, outbox: Opener
) -> None:
    sink.answers["QUIT"] = "451 not so fast"
    outbox().send(MAIL)
    assert len(sink.taken) == 1


def test_right_password_opens_the_server(sink: FaultySink, outbox: Opener) -> None:
    outbox(user="doors", password=Secret("open")).send(MAIL)
    assert len(sink.taken) == 1


def test_wrong_password_is_our_trouble_and_not_the_mails(outbox: Opener) -> None:
    with pytest.raises(MailBusy, match=r"is not ready \(535 5\.7\.8\)"):
        outbox(user="doors", password=Secret("shut")).send(MAIL)


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
@pytest.mark.parametrize("html", ["", "<p>Hi</p>"])
def test_name_adds_no_header_no_recipient_and_no_part(name: str, html: str) -> None:
    own = build_message(replace(MAIL, html=html), SENDER)
    mail = replace(MAIL, subject=f"Code for {name}", body=f"{name}\n", html=html)
    raw = bytes(build_message(mail, SENDER))
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [line.partition(b":")[0] for line in head.split(b"\r\n")]
    names = [each.decode() for each in fields if not each.startswith((b" ", b"\t"))]
    assert names == own.keys()
    read = email.message_from_bytes(raw)
    assert b"evil" not in read["To"].encode()
    assert len(list(read.walk())) == (3 if html else 1)
    assert b"<b>" not in body


@pytest.mark.parametrize("answer", [b"220-slow\r\n", b"2"])
def test_server_that_drips_is_given_up_after_the_timeout(answer: bytes) -> None:
    with dripping(answer) as port:
        outbox = SmtpOutbox(Server("smtp", "127.0.0.1", port), SENDER, 0.5)
        begun = monotonic()
        with pytest.raises(MailBusy):
            outbox.send(MAIL)
        assert monotonic() - begun < PATIENCE_SECONDS
