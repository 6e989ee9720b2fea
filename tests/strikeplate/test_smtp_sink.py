from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from strikeplate.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    opened = SmtpSink()
    yield opened
    opened.close()


def send(sink: SmtpSink, *to: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Din kod på väg"
    message["To"] = ", ".join(to)
    message.set_content("Koden är 012345678.")
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as server:
        server.send_message(message, "doors@example.org", to)


def test_mail_is_kept_for_each_who_gets_it(sink: SmtpSink) -> None:
    send(sink, "ada@example.org", "bo@example.org")
    assert [mail.to for mail in sink] == ["ada@example.org", "bo@example.org"]
    first = next(iter(sink))
    assert first.subject == "Din kod på väg"
    assert first.text.strip() == "Koden är 012345678."
    assert "012345678" not in first.headers


def test_refusing_sink_takes_nothing_and_says_to_come_again(sink: SmtpSink) -> None:
    sink.refuses = True
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(sink, "ada@example.org")
    assert refused.value.smtp_code == 451
    assert len(sink) == 0


def test_cleared_sink_is_empty(sink: SmtpSink) -> None:
    send(sink, "ada@example.org")
    sink.clear()
    assert list(sink) == []
