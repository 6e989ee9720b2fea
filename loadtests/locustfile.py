"""What Locust runs: booking platforms, in one process or many, on any machine.

Invariants: the coordinator (a lone process, or the master) sends the plan to every
sender as a Locust message and writes the results they return to the delivery log.
`python -m loadtests` starts it; a worker elsewhere is started by

    locust -f loadtests/locustfile.py --worker --master-host HOST
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from loadtests import now
from loadtests.sending import DELIVERIES, Partition
from loadtests.workload import read_plan
from strikeplate.platforms.declared import Speech
from strikeplate.platforms.standard import encoded, sign_delivery
from strikeplate.profiles.shape import Profile
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from locust.argument_parser import LocustArgumentParser
    from locust.env import Environment
    from locust.rpc import Message
    from locust.runners import Runner

    from loadtests.sending import Attempt
    from loadtests.workload import Delivery, LoadPlan
    from strikeplate.platforms.standard import Delivery as Call

REPORT_INTERVAL_SECONDS = 0.5
HEAD_START_SECONDS = 2.0
SCRIPTS_PER_SECOND = 1000  # a sender generates at least as many
JSON = {"content-type": "application/json"}


class Platform(FastHttpUser):
    """One sender of a booking platform: sends due events, one after another."""

    sender: ClassVar[Sender]  # of this process, once the plan has arrived
    network_timeout = 30.0
    connection_timeout = 10.0
    wait_time = constant(0)

    @task
    def send_next(self) -> None:
        """Wait until the next attempt is due, and send it."""
        attempt = self.sender.partition.take()
        if attempt is None:
            raise StopUser
        gevent.sleep(max(0.0, attempt.due - self.sender.now))
        self._send(attempt)

    def _send(self, attempt: Attempt) -> None:
        delivery = self.sender.partition.delivery(attempt)
        sent = self.sender.now
        *first, last = self.sender.calls(delivery)
        for call in first:
            self.client.request(call.method, call.path, **_given(call))
        with self.client.request(
            last.method,
            last.path,
            name=f"booking.{delivery.event.kind}",
            catch_response=True,
            **_given(last),
        ) as answer:
            answered = self.sender.now
            # Locust counts from sending; a stall shows only if counted from due
            answer.request_meta["response_time"] = (answered - attempt.due) * 1000
            self.sender.record(attempt, sent, answered, answer.status_code)


class Sender:
    """The state that all platforms of one process share."""

    def __init__(self, runner: Runner, data: dict[str, Any]) -> None:
        self._runner = runner
        plan = read_plan(data["plan"])
        self._speech = declared_speech(plan) if plan.profile else None
        started_at = datetime.fromisoformat(data["started_at"])
        self.partition = Partition(
            data["plan"], started_at, data["index"], data["senders"]
        )
        if not self.partition.pending:
            self._report(over=True)
        gevent.spawn(self._report_regularly)

    @property
    def now(self) -> float:
        """Seconds since the run started."""
        return (now() - self.partition.started_at).total_seconds()

    def calls(self, delivery: Delivery) -> list[Call]:
        """Return the calls that tell an event, signed for the present."""
        if self._speech is not None:
            return list(self._speech.requests(delivery.event, now()))
        to, event = delivery.to, delivery.event
        body = encoded(event.payload())
        return [sign_delivery(to.path, to.secret, event.id, body, now())]

    def record(
        self, attempt: Attempt, sent: float, answered: float, status: int
    ) -> None:
        """Record the result of an attempt, and report when it was the last."""
        self.partition.record(attempt, sent, answered, status)
        if not self.partition.pending:
            self._report(over=True)

    def _report_regularly(self) -> None:
        while self.partition.pending:
            gevent.sleep(REPORT_INTERVAL_SECONDS)
            self._report()

    def _report(self, *, over: bool = False) -> None:
        rows = [
            astuple(delivery_results)
            for delivery_results in self.partition.take_results()
        ]
        if rows or over:
            self._runner.send_message("results", {"rows": rows, "over": over})


class Coordinator:
    """Sends the plan to every sender, and writes the delivery log."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self._runner = runner
        self._folder = folder
        self._text = (folder / "plan.json").read_text(encoding="utf-8")
        self._log = (folder / DELIVERIES).open("w", encoding="utf-8")
        self._open = 0
        self.plan = read_plan(self._text)

    def start(self, **_: object) -> None:
        """Send every sender its partition, and announce the start."""
        runner = self._runner
        far = runner.clients.all if isinstance(runner, MasterRunner) else []
        names: list[str | None] = [each.id for each in far] or [None]
        self._open = len(names)
        head_start = HEAD_START_SECONDS + self.plan.bookings / SCRIPTS_PER_SECOND
        started_at = (now() + timedelta(seconds=head_start)).isoformat()
        self._announce({"started_at": started_at, "senders": len(names)})
        for index, name in enumerate(names):
            partition = {
                "index": index,
                "senders": len(names),
                "started_at": started_at,
            }
            runner.send_message("plan", {"plan": self._text, **partition}, name)

    def write(self, msg: Message, **_: object) -> None:
        """Write a sender's results; the last sender's end ends the run."""
        self._log.writelines(json.dumps(entry) + "\n" for entry in msg.data["rows"])
        self._log.flush()  # the metrics are counted from it while the run goes on
        self._open -= msg.data["over"]
        if not self._open:
            gevent.spawn(self._runner.quit)

    def finish(self, **_: object) -> None:
        """Close the log; a log without this line is incomplete."""
        runner = self._runner
        bound = runner.cpu_warning_emitted or runner.worker_cpu_warning_emitted
        last = {"over": not self._open, "client_bound": bound}
        self._log.write(json.dumps(last) + "\n")
        self._log.close()

    def _announce(self, content: dict[str, object]) -> None:
        part = self._folder / "started.part"
        part.write_text(json.dumps(content), encoding="utf-8")
        part.rename(self._folder / "started.json")


@events.init_command_line_parser.add_listener
def add_folder_option(parser: LocustArgumentParser) -> None:
    """Add the option for the folder of the plan and the delivery log."""
    parser.add_argument("--folder", default="", help="with plan.json (not of workers)")


@events.init.add_listener
def on_init(environment: Environment, runner: Runner, **_: object) -> None:
    """Let a sender wait for its plan, and start the coordinator."""

    def receive_plan(msg: Message, **_: object) -> None:
        Platform.sender = Sender(runner, msg.data)

    runner.register_message("plan", receive_plan)
    if isinstance(runner, WorkerRunner) or environment.parsed_options is None:
        return
    coordinator = Coordinator(runner, Path(environment.parsed_options.folder))
    environment.host = coordinator.plan.url
    runner.register_message("results", coordinator.write)
    environment.events.test_start.add_listener(coordinator.start)
    environment.events.quitting.add_listener(coordinator.finish)


def declared_speech(plan: LoadPlan) -> Speech:
    """Return how events are told to an external subject, by its profile."""
    profile = Profile.model_validate(tomllib.loads(plan.profile))
    if profile.events is None:
        raise Misuse("its profile has no [events]: how is a booking told to it?")
    secret = next((each.secret for each in plan.resources if each.secret), "")
    return Speech(profile.events, profile.signature, profile.resources, secret)


def _given(call: Call) -> dict[str, Any]:
    """Return body and headers of a call; bytes, since these are what is signed."""
    return {"data": call.body, "headers": dict(call.headers)}
