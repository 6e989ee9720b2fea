"""Processes are killed at random moments while webhooks come in: nothing is lost.

The audit stands at the doors: each booking that was taken has one code, which opens its
door at its time, and one message; nothing has two.

What a killed process had in hand waits for its lease, four of the vendor's timeouts and
five seconds, which is 13 seconds here. So a small run takes about a minute on a busy
machine. One that takes many has found work that was put off for five minutes, as only
a fault of ours is: service.log names it.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event, Semaphore, Thread
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography.fernet import Fernet

from fakes.kit.app import Options, create_app
from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded
from strikeplate.smtp_sink import SmtpSink
from tests.campaigns import budget
from tests.service import postgres
from tests.service.test_served import (
    TOKEN,
    Served,
    a_world,
    connect,
    message_id,
    simulation,
    wait_for,
)
from tests.serving import served as served_app

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

SEED = 7
KILLS = budget.of(3, 200)
WEBHOOKS = budget.of(30, 2_000)
REPEATED = budget.of(KILLS, WEBHOOKS // 100 - 1)
"""So many mails are repeated at most: of many, fewer than one in a hundred."""

PAUSE_SECONDS = 0.3
AGAIN_SECONDS = 0.1
STOPPED = 10
"""So many bookings are made while a process is stopped."""

PATIENCE_SECONDS = 900.0
NO_POSTGRES = "no PostgreSQL here: initdb is neither packaged nor on the PATH"


class Processes:
    """Those that serve, perhaps others that work; any of them may be killed."""

    def __init__(
        self, folder: Path, sink: SmtpSink, url: str, workers: int, serving: int = 1
    ) -> None:
        key = Fernet.generate_key().decode()
        self.serving = [
            Served(
                folder,
                sink.port,
                workers=0 if workers else 4,
                STRIKEPLATE_DATABASE_URL=url,
                STRIKEPLATE_SECRET_KEY=key,
                STRIKEPLATE_VENDOR_TIMEOUT_SECONDS="2",
            )
            for _ in range(serving)
        ]
        self.served = self.serving[0]
        self.working = [self.served.spawn("work") for _ in range(workers)]

    def start_worker(self) -> None:
        """Start one more process that works."""
        self.working.append(self.served.spawn("work"))

    def kill_one(self, random: Random) -> None:
        """Kill one process without a warning, and start it again."""
        number = random.randint(-len(self.serving), len(self.working) - 1)
        if number < 0:
            self.serving[number].kill()
            self.serving[number].start()
        else:
            end(self.working[number])
            self.working[number] = self.served.spawn("work")

    def close(self) -> None:
        for each in self.working:
            end(each)
        for served in self.serving:
            served.kill()


def end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def fakes_url() -> Iterator[str]:
    with served_app(create_app(Options(control_token=TOKEN))) as url:
        yield url


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    kept = SmtpSink()
    yield kept
    kept.close()


@pytest.fixture(params=["sqlite", "postgres"])
def processes(
    request: pytest.FixtureRequest, tmp_path: Path, sink: SmtpSink
) -> Iterator[Processes]:
    if request.param == "sqlite":
        made = Processes(tmp_path, sink, f"sqlite:///{tmp_path}/strikeplate.db", 0)
        yield made
        made.close()
        return
    folder = postgres.binaries()
    if folder is None:
        pytest.skip(NO_POSTGRES)
    with postgres.running(folder) as server:
        made = Processes(tmp_path, sink, server.url, 2)
        yield made
        made.close()


def event(number: int, at: datetime) -> dict[str, Any]:
    """Return the confirmation of a booking whose hours no other has."""
    start = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2 + number)
    return {
        "id": f"evt_{number}",
        "type": "booking.confirmed",
        "occurred_at": at.isoformat(),
        "booking": {
            "id": f"B-{number}",
            "resource": "court-1",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "customer": {"name": "Ada", "email": "ada@example.org"},
        },
    }


def deliver(served: Served, connection: Any, number: int, at: datetime) -> None:
    """Send a webhook until it is taken, as a platform does."""
    body = encoded(event(number, at))
    path = connection["webhook_url"].partition("/webhooks/")[2]
    pause = Event()
    while True:
        headers = signed(
            connection["webhook_secret"], f"evt_{number}", body, datetime.now(UTC)
        )
        headers["content-type"] = "application/json"
        with suppress(requests.RequestException):
            answer = requests.post(
                f"{served.url}/webhooks/{path}", data=body, headers=headers, timeout=30
            )
            if answer.status_code == 202:
                return
            assert answer.status_code == 503, answer.text
        pause.wait(AGAIN_SECONDS)


def all_accesses(served: Served, connection: Any) -> list[Any]:
    held, cursor = [], ""
    while True:
        query = f"connection={connection['id']}&limit=200{cursor}"
        page = served.call("GET", f"/api/accesses?{query}")
        held += page["items"]
        if page["next_cursor"] is None:
            return held
        cursor = f"&cursor={page['next_cursor']}"


def opened(sim: requests.Session, of_world: str, access: Any) -> list[bool]:
    """Return whether its code opens the door an hour early, within its time, and late.

    It opens first within its first day, as igloohome asks; a probe changes nothing.
    """
    [door] = sim.get(f"{of_world}/doors").json()
    start = datetime.fromisoformat(access["valid_from"])
    until = datetime.fromisoformat(access["valid_until"])
    minute = timedelta(minutes=1)
    return [
        sim.post(
            f"{of_world}/doors/{door['id']}/probe",
            json={"code": access["pin"], "at": at.isoformat()},
        ).json()["opens"]
        for at in (start - minute, start + minute, until + minute)
    ]


def kill_while_sending(
    processes: Processes,
    connection: Any,
    random: Random,
    server: postgres.Postgres | None = None,
) -> None:
    """Send all webhooks; meanwhile kill a process after every few.

    A `server` of the database ends as often as each process, and starts again.
    """
    candidates = len(processes.serving) + len(processes.working)
    allowed, pause, at = Semaphore(0), Event(), datetime.now(UTC)

    def send_all() -> None:
        for number in range(WEBHOOKS):
            allowed.acquire()
            served = processes.serving[number % len(processes.serving)]
            deliver(served, connection, number, at)

    sending = Thread(target=send_all, daemon=True)  # it ends with a run that fails
    sending.start()
    for _ in range(KILLS):
        allowed.release(WEBHOOKS // KILLS)
        pause.wait(random.random() * PAUSE_SECONDS)
        if server is not None and random.randint(0, candidates) == 0:
            server.stop()
            server.start()
        else:
            processes.kill_one(random)
    sending.join(PATIENCE_SECONDS)
    assert not sending.is_alive()


def is_done(served: Served, connection: Any) -> bool:
    """Return whether no work is left, nor anything that waits to be tried again."""
    if served.work_left():
        return False
    held = all_accesses(served, connection)
    return all(each["next_try_at"] is None for each in held)


def audited(
    served: Served, connection: Any, sim: requests.Session, of_world: str
) -> list[Any]:
    """Return the accesses of all bookings: each has one, and its code its hours."""
    held = all_accesses(served, connection)
    wanted = {f"B-{number}": 1 for number in range(len(held))}
    assert Counter(each["booking"] for each in held) == wanted
    assert {each["status"] for each in held} == {"created"}
    at_door = Counter(tuple(opened(sim, of_world, each)) for each in held)
    assert at_door == {(False, True, False): len(held)}
    listed = sim.get(f"{of_world}/codes").json()
    assert len({each["code"] for each in listed if each.get("code")}) <= len(held)
    return held


def check_mails(sink: SmtpSink, what_happened: str) -> None:
    """Hold that each booking has its mail, and few of them came again; report it."""
    mails = Counter(message_id(mail) for mail in sink)
    assert len(mails) == WEBHOOKS
    repeated = sum(times - 1 for times in mails.values())
    budget.report(
        f"{what_happened}, {WEBHOOKS} webhooks: 0 lost, 0 doubled, 0 stale at the "
        f"doors, {repeated} mails repeated with the same Message-ID"
    )
    assert repeated <= REPEATED


def test_nothing_is_lost_or_doubled_when_processes_are_killed(
    processes: Processes, fakes_url: str, sink: SmtpSink
) -> None:
    sim, served = simulation(), processes.served
    of_world, credentials = a_world(sim, fakes_url)
    connection = connect(served, credentials)
    kill_while_sending(processes, connection, Random(SEED))  # noqa: S311 (seeded)
    wait_for(lambda: is_done(served, connection), PATIENCE_SECONDS)

    assert len(audited(served, connection, sim, of_world)) == WEBHOOKS
    assert served.logged("not prepared") + served.logged("not reconciled") == 0
    check_mails(sink, f"{KILLS} kills")


def test_nothing_is_lost_or_doubled_when_the_database_ends_as_well(
    tmp_path: Path, fakes_url: str, sink: SmtpSink
) -> None:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip(NO_POSTGRES)
    sim = simulation()
    of_world, credentials = a_world(sim, fakes_url)
    with (
        postgres.running(folder) as server,
        closing(Processes(tmp_path, sink, server.url, 2, serving=2)) as processes,
    ):
        served, random = processes.served, Random(SEED)  # noqa: S311 (seeded)
        connection = connect(served, credentials)
        kill_while_sending(processes, connection, random, server)
        wait_for(lambda: is_done(served, connection), PATIENCE_SECONDS)
        assert len(audited(served, connection, sim, of_world)) == WEBHOOKS
    two = "two processes that serve and two that work"
    check_mails(sink, f"{KILLS} kills and ends of PostgreSQL, {two}")


@pytest.mark.parametrize("processes", ["postgres"], indirect=True)
def test_process_that_is_stopped_past_its_lease_does_nothing_twice(
    processes: Processes, fakes_url: str, sink: SmtpSink
) -> None:
    sim, served = simulation(), processes.served
    of_world, credentials = a_world(sim, fakes_url)
    connection = connect(served, credentials)
    at = datetime.now(UTC)
    slow = {"vendor": "igloohome", "path": "*algopin*", "phase": "after"}
    late = {**slow, "effect": {"delay_ms": 1_500}, "times": 1}
    sim.post(f"{of_world}/faults", json=late).raise_for_status()
    deliver(served, connection, 0, at)
    wait_for(lambda: sim.get(f"{of_world}/activity").json()["changes"] > 1)
    for process in processes.working:
        os.killpg(process.pid, signal.SIGSTOP)  # one of them waits for the answer
    processes.start_worker()
    for number in range(1, STOPPED):
        deliver(served, connection, number, at)
    wait_for(lambda: is_done(served, connection), PATIENCE_SECONDS)
    assert len(audited(served, connection, sim, of_world)) == STOPPED
    for process in processes.working[:-1]:
        os.killpg(process.pid, signal.SIGCONT)
    deliver(served, connection, STOPPED, at)
    wait_for(lambda: len({message_id(mail) for mail in sink}) == STOPPED + 1)
    wait_for(lambda: is_done(served, connection), PATIENCE_SECONDS)
    assert len(audited(served, connection, sim, of_world)) == STOPPED + 1
    assert {*Counter(message_id(mail) for mail in sink).values()} == {1}
