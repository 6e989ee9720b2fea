"""A mail that was taken has a mark until that is stored: one that outlives a kill."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from service.store.database import open_engine
from service.store.leases import FileMarks, RowMarks
from service.store.messages import MessageStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.store.messages import Message
    from tests.service.env import ServiceEnv
    from tests.service.use_cases.conftest import Clock


NOON = "2026-12-01T12:00:00Z"


class Killed(BaseException):
    """The end of a process, which no handler of errors delays."""


@pytest.fixture
def env(env_on_each_database: ServiceEnv) -> ServiceEnv:
    env_on_each_database.rule("front")
    return env_on_each_database


@contextmanager
def killed() -> Iterator[None]:
    with pytest.raises(Killed):
        yield


def killed_after_sending(env: ServiceEnv) -> Message:
    """Return a message, leased, whose mail was taken."""
    env.outbox.after.append(Killed())
    env.send_event("confirmed")
    with killed():
        env.work()
    (message,) = env.messages()
    assert message.lease is not None
    return message


def started_again(env: ServiceEnv, clock: Clock) -> Message:
    clock.move_to(NOON)
    env.restart()
    env.work()
    (message,) = env.messages()
    assert message.status == MessageStatus.SENT
    assert message.lease is None
    return message


def test_mail_with_a_mark_is_not_sent_again(env: ServiceEnv, clock: Clock) -> None:
    message, marks = killed_after_sending(env), env.service.deps.store.marks
    with killed(), marks.during(message.id, message.lease or ""):
        raise Killed
    started_again(env, clock)
    assert len(env.outbox.taken) == 1


def test_mail_without_a_mark_is_sent_again(env: ServiceEnv, clock: Clock) -> None:
    first = killed_after_sending(env)
    again = started_again(env, clock)
    assert len(env.outbox.taken) == 2
    assert len(env.outbox.mails) == 1
    assert again.id == first.id


def test_mark_of_a_lease_that_was_lost_says_nothing(
    env: ServiceEnv, clock: Clock
) -> None:
    message = killed_after_sending(env)
    with killed(), env.service.deps.store.marks.during(message.id, "an earlier one"):
        raise Killed
    started_again(env, clock)
    assert len(env.outbox.taken) == 2


def test_file_goes_once_what_it_tells_is_stored(tmp_path: Path) -> None:
    marks = FileMarks(tmp_path / "marks")
    with marks.during("m1", "a1"):
        assert [each.name for each in (tmp_path / "marks").iterdir()] == ["a1"]
    assert not list((tmp_path / "marks").iterdir())


def test_file_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    marks, stored = FileMarks(tmp_path / "marks"), False
    (tmp_path / "marks").rmdir()
    with marks.during("m1", "a1"):
        stored = True
    assert stored


def test_row_that_cannot_be_reached_stops_nothing() -> None:
    engine, stored = open_engine("postgresql://ada@127.0.0.1:1/none"), False
    with RowMarks(engine).during("m1", "a1"):
        stored = True
    assert stored
