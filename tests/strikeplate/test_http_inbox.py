"""Messages that are posted by HTTP are read by the paths that a profile gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from strikeplate.http_inbox import HttpInbox, Posted
from strikeplate.profiles.shape import Messages

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def inbox() -> Iterator[HttpInbox]:
    paths = Messages(
        channel="http", to="recipient.phone || recipient.mail", text="body"
    )
    started = HttpInbox(paths)
    yield started
    started.close()


def test_message_is_found_by_its_paths(inbox: HttpInbox) -> None:
    content = {"recipient": {"mail": "ada@example.org"}, "body": "Code 123456"}
    assert requests.post(inbox.url, json=content, timeout=5).status_code == 202
    assert list(inbox) == [Posted("ada@example.org", "Code 123456")]
    inbox.clear()
    assert len(inbox) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "JSON"),
        (b'{"body": "x"}', "to ="),
        (b'{"recipient": {"phone": "+1"}}', "text ="),
    ],
)
def test_what_is_no_message_is_refused_with_the_reason(
    inbox: HttpInbox, body: bytes, said: str
) -> None:
    answer = requests.post(inbox.url, data=body, timeout=5)
    assert answer.status_code == 400
    assert said in answer.text
    assert len(inbox) == 0
    assert said in inbox.said


def test_refusal_names_the_fields_and_no_value(inbox: HttpInbox) -> None:
    content = {"to": "ada@example.org", "body": "Code 123456"}
    requests.post(inbox.url, json=content, timeout=5)
    assert inbox.said == (
        "what it posted was refused with 400: [messages] to = 'recipient.phone || "
        "recipient.mail' finds nothing in it; its fields: to, body"
    )
    right = {"recipient": {"mail": "a"}, "body": "b"}
    requests.post(inbox.url, json=right, timeout=5)
    assert inbox.said == ""


def test_inbox_can_refuse_for_a_while(inbox: HttpInbox) -> None:
    inbox.refuses = True
    content = {"recipient": {"mail": "a"}, "body": "b"}
    assert requests.post(inbox.url, json=content, timeout=5).status_code == 503
    assert len(inbox) == 0
