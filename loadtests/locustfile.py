"""What Locust runs: booking platforms, in this process or in many, on many machines.

Law: the one who is asked to start (alone, or as master) hands the stage to all who
send, by Locust's own messages, and writes down what they hand back; a worker needs this
file and no other. `python -m loadtests` calls it; a worker elsewhere is started by

    locust -f loadtests/locustfile.py --worker --master-host HOST
"""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from loadtests import stage as staging
from loadtests.present import now
from loadtests.senders import Share
from strikeplate.booking import encoded, signed

if TYPE_CHECKING:
    from locust.argument_parser import LocustArgumentParser
    from locust.env import Environment
    from locust.rpc import Message
    from locust.runners import Runner

    from loadtests.senders import Turn

HAND_OVER_SECONDS = 0.5
HEAD_START_SECONDS = 2.0
PLAYED_PER_SECOND = 1000  # bookings that a sender works out in a second, at least
JSON = {"content-type": "application/json"}


class Platform(FastHttpUser):
    """One sender of a booking platform: tells what is due, one event after another."""

    sender: ClassVar[Sender]  # of this process, once the stage has come
    network_timeout = 30.0
    connection_timeout = 10.0
    wait_time = constant(0)

    @task
    def tell_what_is_due(self) -> None:
        """Wait for the next event's moment and tell it."""
        turn = self.sender.share.take()
        if turn is None:
            raise StopUser
        gevent.sleep(max(0.0, turn.due - self.sender.now))
        self._tell(turn)

    def _tell(self, turn: Turn) -> None:
        telling = self.sender.share.telling(turn)
        body = encoded(telling.event.told())
        sent = self.sender.now
        with self.client.post(
            telling.to.path,
            name=f"booking.{telling.event.kind}",
            data=body,  # type: ignore[arg-type] # bytes, since these are what is signed
            headers=_headers(telling.to.secret, telling.event.id, body),
            catch_response=True,
        ) as answer:
            answered = self.sender.now
            # Locust counts from when it sent; a stall shows only from when it was due
            answer.request_meta["response_time"] = (answered - turn.due) * 1000
            self.sender.close(turn, sent, answered, answer.status_code)


class Sender:
    """What all platforms of one process have in common."""

    def __init__(self, runner: Runner, data: dict[str, Any]) -> None:
        self._runner = runner
        begun = datetime.fromisoformat(data["begun"])
        self.share = Share(data["stage"], begun, data["index"], data["senders"])
        if not self.share.open:
            self._hand_over(over=True)
        gevent.spawn(self._hand_over_now_and_then)

    @property
    def now(self) -> float:
        """Seconds since the run began."""
        return (now() - self.share.begun).total_seconds()

    def close(self, turn: Turn, sent: float, answered: float, status: int) -> None:
        """Write down what became of a turn, and say when it was the last."""
        self.share.close(turn, sent, answered, status)
        if not self.share.open:
            self._hand_over(over=True)

    def _hand_over_now_and_then(self) -> None:
        while self.share.open:
            gevent.sleep(HAND_OVER_SECONDS)
            self._hand_over()

    def _hand_over(self, *, over: bool = False) -> None:
        rows = [astuple(seen) for seen in self.share.hand_over()]
        if rows or over:
            self._runner.send_message("seen", {"rows": rows, "over": over})


class Director:
    """The one who was asked to start: hands out the stage, keeps the one book."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self._runner = runner
        self._folder = folder
        self._text = (folder / "stage.json").read_text(encoding="utf-8")
        self._book = (folder / "seen.ndjson").open("w", encoding="utf-8")
        self._open = 0
        self.stage = staging.read(self._text)

    def begin(self, **_: object) -> None:
        """Hand everybody a share, and say when it begins."""
        runner = self._runner
        far = runner.clients.all if isinstance(runner, MasterRunner) else []
        names: list[str | None] = [each.id for each in far] or [None]
        self._open = len(names)
        head_start = HEAD_START_SECONDS + self.stage.bookings / PLAYED_PER_SECOND
        begun = (now() + timedelta(seconds=head_start)).isoformat()
        self._announce({"begun": begun, "senders": len(names)})
        for index, name in enumerate(names):
            share = {"index": index, "senders": len(names), "begun": begun}
            runner.send_message("stage", {"stage": self._text, **share}, name)

    def write(self, msg: Message, **_: object) -> None:
        """Write down what a sender hands over; the last word of all ends the run."""
        self._book.writelines(json.dumps(row) + "\n" for row in msg.data["rows"])
        self._open -= msg.data["over"]
        if not self._open:
            gevent.spawn(self._runner.quit)

    def end(self, **_: object) -> None:
        """Close the book; one without this line is of a run that broke off."""
        runner = self._runner
        bound = runner.cpu_warning_emitted or runner.worker_cpu_warning_emitted
        last = {"over": not self._open, "client_bound": bound}
        self._book.write(json.dumps(last) + "\n")
        self._book.close()

    def _announce(self, told: dict[str, object]) -> None:
        part = self._folder / "begun.part"
        part.write_text(json.dumps(told), encoding="utf-8")
        part.rename(self._folder / "begun.json")


@events.init_command_line_parser.add_listener
def ask_for_folder(parser: LocustArgumentParser) -> None:
    """Take the folder with the stage, where what is seen is written as well."""
    parser.add_argument("--folder", default="", help="with stage.json (not of workers)")


@events.init.add_listener
def listen(environment: Environment, runner: Runner, **_: object) -> None:
    """Let a sender wait for its stage, and the one who starts direct."""

    def take_the_stage(msg: Message, **_: object) -> None:
        Platform.sender = Sender(runner, msg.data)

    runner.register_message("stage", take_the_stage)
    if isinstance(runner, WorkerRunner) or environment.parsed_options is None:
        return
    director = Director(runner, Path(environment.parsed_options.folder))
    environment.host = director.stage.url
    runner.register_message("seen", director.write)
    environment.events.test_start.add_listener(director.begin)
    environment.events.quitting.add_listener(director.end)


def _headers(secret: str | None, event_id: str, body: bytes) -> dict[str, str]:
    """Return the headers of a telling, signed for this moment."""
    if secret is None:
        return dict(JSON)
    return JSON | signed(secret, event_id, body, now())
