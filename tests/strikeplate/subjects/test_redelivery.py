"""A platform repeats what was not taken, later and later, until it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from strikeplate.http import Answer, NoAnswer
from strikeplate.platforms.standard import Delivery
from strikeplate.profiles.shape import Profile
from strikeplate.subjects.redelivery import Redelivery

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SENT = Delivery("/r/1", b"{}", {"authorization": "Bearer old"}, "PUT")


class Receiver:
    """Answers with one status after the other, none where there is none."""

    def __init__(self, *statuses: int | None) -> None:
        self.left = list(statuses)
        self.headers: list[dict[str, str]] = []

    def __call__(
        self, _method: str, _path: str, _body: bytes, headers: dict[str, str]
    ) -> Answer:
        self.headers.append(headers)
        status = self.left.pop(0)
        if status is None:
            raise NoAnswer("it is gone")
        return Answer(status, {}, b"")


def platform(**events: object) -> Redelivery:
    text = {
        "subject": {"name": "X"},
        "signature": {"scheme": "bearer"},
        "events": {"confirmed": "{}", **events},
    }
    return Redelivery(Profile.model_validate(text), "new")


@pytest.mark.parametrize("status", [202, 400, 401, 410])
def test_what_is_taken_or_refused_for_good_is_not_repeated(status: int) -> None:
    again = platform(repeats_after="1m")
    again.note(SENT, status, AT)
    assert again.next_at() is None


def test_platform_that_repeats_nothing_loses_what_is_not_taken() -> None:
    again = platform()
    again.note(SENT, 503, AT)
    assert again.next_at() is None


def test_pauses_double_until_it_is_taken() -> None:
    again, receiver = platform(repeats_after="1m"), Receiver(503, None, 200)
    again.note(SENT, 502, AT)
    sent = []
    while at := again.next_at():
        sent.append((at - AT) / MINUTE)
        again.send_due(receiver, at)
    assert sent == [1, 3, 7]
    assert again.next_at() is None


def test_nothing_is_sent_before_its_time_and_it_is_signed_anew() -> None:
    again, receiver = platform(repeats_after="1m"), Receiver(200)
    again.note(SENT, 502, AT)
    again.send_due(receiver, AT + MINUTE / 2)
    assert receiver.headers == []
    again.send_due(receiver, AT + MINUTE)
    assert receiver.headers == [{"Authorization": "Bearer new"}]
