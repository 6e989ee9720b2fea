"""A clock that is set delays nothing for longer, and deletes nothing of the future."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

from fakes.kit.app import Options, create_app
from service.clock import StepMonitor, now
from service.domain.retry import LONGEST_WAIT, SPREAD, wait_to_retry
from service.ports import MailBusy, VendorBusy, VendorUnknown
from service.store import clock_steps
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects.launch import PreloadedClock
from tests.service.env import ServiceEnv
from tests.service.test_served import (
    BOOKINGS,
    TOKEN,
    Served,
    a_world,
    audit,
    connect,
    send_event,
    simulation,
    wait_for,
)
from tests.serving import served as served_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MONTH = timedelta(days=31)
LONG_SECONDS = 180.0
"""A busy machine makes several tries before the clock is set; their waits double."""


@pytest.fixture
def env(database_url: str) -> Iterator[ServiceEnv]:
    with freeze_time(NOON + HOUR):
        made = ServiceEnv(database_url)
        made.rule()
    yield made
    made.close()


@contextmanager
def set_back(env: ServiceEnv) -> Iterator[None]:
    """Be at noon, after the clock showed one o'clock."""
    with freeze_time(NOON):
        store = env.service.deps.store
        store.write(lambda tx: clock_steps.bring_back(tx, NOON + HOUR, NOON))
        yield


@pytest.mark.parametrize("trouble", [VendorBusy("busy"), VendorUnknown("lost")])
def test_retry_waits_no_longer_than_its_normal_wait(
    env: ServiceEnv, trouble: Exception
) -> None:
    with freeze_time(NOON + HOUR):
        env.stub_vendor.before.append(trouble)
        env.send_event("confirmed")
        env.work()
    with set_back(env):
        normal = wait_to_retry(1) * (1 + SPREAD)
        assert NOON <= env.next_try_at() <= NOON + normal
    with freeze_time(NOON + normal):
        env.work()
        assert env.access().status == "created"


def test_event_that_was_taken_is_worked_on_at_once(env: ServiceEnv) -> None:
    with freeze_time(NOON + HOUR):
        env.send_event("confirmed")
    with set_back(env):
        env.work()
        assert env.access().status == "created"


def test_mail_is_tried_again_within_its_normal_wait(env: ServiceEnv) -> None:
    with freeze_time(NOON + HOUR):
        env.outbox.before.append(MailBusy("busy"))
        env.send_event("confirmed")
        env.work()
    with set_back(env):
        [message] = env.messages()
        assert message.due_at is not None
        assert message.due_at <= NOON + LONGEST_WAIT


def test_mail_that_is_to_go_out_at_its_hour_stays_planned(env: ServiceEnv) -> None:
    with freeze_time(NOON + HOUR):
        env.rule(resource="court-2", send_hours_before=1)
        start = NOON + timedelta(hours=3)
        times = {"start": start, "end": start + HOUR, "resource": "court-2"}
        env.send_event("confirmed", "B-2", **times)
        env.work()
    with set_back(env):
        [message] = env.messages("B-2")
        assert message.due_at == start - HOUR


def test_what_was_judged_to_be_over_is_tried_again(env: ServiceEnv) -> None:
    with freeze_time(NOON):
        env.send_event("confirmed")
        env.stub_vendor.before.append(VendorBusy("busy"))
        env.work()
    with freeze_time(NOON + MONTH):
        env.work()
        assert env.access().status == "failed"
    later = NOON + timedelta(minutes=1)
    store = env.service.deps.store
    with freeze_time(later):
        store.write(lambda tx: clock_steps.bring_back(tx, NOON + MONTH, later))
        env.work()
        assert env.access().status == "created"


def test_steps_are_told_from_time_that_passes() -> None:
    clock = iter([NOON, NOON + HOUR, NOON + HOUR, NOON])
    timer = iter([0.0, 3600.0, 3601.0, 3602.0])
    watch = StepMonitor(lambda: next(clock), lambda: next(timer))
    steps = [watch.step() for _ in range(3)]
    second = timedelta(seconds=1)
    assert steps == [timedelta(), -second, -HOUR - second]


class Shifted(Served):
    """The service as a process whose clock can be set."""

    def __init__(self, folder: Path, smtp_port: int) -> None:
        self.clock = PreloadedClock(folder)
        self.clock.set(now())
        super().__init__(
            folder,
            smtp_port,
            **self.clock.variables,
            STRIKEPLATE_KEEP_DAYS="1",
            STRIKEPLATE_PURGE_SECONDS="1",
        )


@pytest.fixture
def shifted(tmp_path: Path) -> Iterator[tuple[Shifted, str, SmtpSink]]:
    sink = SmtpSink()
    with served_app(create_app(Options(control_token=TOKEN))) as fakes_url:
        served = Shifted(tmp_path, sink.port)
        yield served, fakes_url, sink
        served.kill()
    sink.close()


def statuses(served: Served) -> list[str]:
    held: list[dict[str, Any]] = served.call("GET", "/api/accesses?limit=200")["items"]
    return [each["status"] for each in held]


def test_served_process_goes_on_after_its_clock_was_set_back_an_hour(
    shifted: tuple[Shifted, str, SmtpSink],
) -> None:
    served, fakes_url, sink = shifted
    sim = simulation()
    of_world, credentials = a_world(sim, fakes_url)
    connection = connect(served, credentials)
    busy = {"vendor": "igloohome", "phase": "before", "effect": {"status": 503}}
    fault = sim.post(f"{of_world}/faults", json=busy).json()
    for number in range(BOOKINGS):
        send_event(served, connection, number)
    wait_for(lambda: statuses(served) == ["in progress"] * BOOKINGS)
    served.clock.set(now() - HOUR)
    assert sim.delete(f"{of_world}/faults/{fault['id']}").ok
    wait_for(lambda: statuses(served) == ["created"] * BOOKINGS, LONG_SECONDS)
    wait_for(lambda: len(sink) >= BOOKINGS)
    audit(served, connection, sink)


def test_served_process_deletes_nothing_while_its_clock_is_a_month_ahead(
    shifted: tuple[Shifted, str, SmtpSink],
) -> None:
    served, fakes_url, sink = shifted
    _, credentials = a_world(simulation(), fakes_url)
    connection = connect(served, credentials)
    for number in range(BOOKINGS):
        send_event(served, connection, number)
    wait_for(lambda: not served.work_left())
    served.clock.set(now() + MONTH)
    wait_for(lambda: served.logged("clock jumped ahead"))
    served.clock.set(now())
    wait_for(lambda: served.logged("clock was set back"))
    purged = served.logged("purged")
    wait_for(lambda: served.logged("purged") > purged)
    audit(served, connection, sink)
