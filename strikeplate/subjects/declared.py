"""An external subject: anybody's integration, reached as its profile declares.

    fresh = "scenario"   a world and a process of its own for each scenario
    fresh = "run"        one process, one world whose time only goes forward
    url                  it runs already, with the credentials of the world `demo`

The harness plays the platform, the mail server and the customer at the door. It hangs
a door for each declared resource and gives the doors' ids to the subject, by its
environment or by set-up calls.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jmespath

from strikeplate.http import NoAnswer
from strikeplate.processes import free_port, wait
from strikeplate.profiles.shape import Run
from strikeplate.profiles.templates import render
from strikeplate.subjects import settling as limits
from strikeplate.subjects.asked_messages import AskedMessages
from strikeplate.subjects.calls import Calls
from strikeplate.subjects.declared_setup import (
    DeclaredFormat,
    DeclaredSetup,
    WithoutApi,
    add_doors,
    check_doors,
    demo_world,
    values_of,
)
from strikeplate.subjects.launch import (
    APP_VARIABLES,
    FROZEN_CLOCK,
    PreloadedClock,
    SubjectProcess,
    command_line,
)
from strikeplate.subjects.redelivery import Redelivery
from strikeplate.subjects.settling import Ahead, Next, Retries, Settling, Signs
from strikeplate.subjects.surroundings import Around, around, signing_secret
from strikeplate.verdict import Misuse, NotApplicable

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.allotment import Bound
    from strikeplate.fakes_client import Door, Fakes, World
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Delivery
    from strikeplate.profile import Profile as ResolvedProfile
    from strikeplate.profiles.shape import Call, Profile
    from strikeplate.subjects import MessageSink, Target

END_SECONDS = 0.3


@dataclass
class DeclaredSubject(WithoutApi):
    """An integration under judgement, and all that it relies on."""

    profile: Profile
    source: Path
    """The file of its profile; `[run] directory` is relative to its folder."""

    around: Around
    world: World | None = None
    doors: dict[str, tuple[Door, ...]] = field(default_factory=dict)
    saved: dict[str, object] = field(default_factory=dict)
    bound: dict[str, Bound] = field(default_factory=dict)
    """The declared resource that stands for a name of the scenario."""

    busy: str | None = None
    """What it was still doing when it was no longer waited for."""

    process: SubjectProcess | None = None
    _calls: Calls | None = None
    _clock: PreloadedClock | None = None
    _now: datetime | None = None
    secret: str = ""
    _started_port: int = 0
    ahead: Ahead = field(default_factory=Ahead)
    _retries: Retries = field(default_factory=Retries)
    _again: Redelivery = field(init=False)
    """What its platform sends once more."""

    folder: str = ""
    """A folder of its own, kept while its world is: for its database."""

    def __post_init__(self) -> None:
        """Make up the signing secret, or read it from where the profile says."""
        self.secret = signing_secret(self.profile)
        self._again = Redelivery(self.profile, self.secret)
        if self.profile.clock.control == "preload":
            self._clock = PreloadedClock(self.around.folder)

    @property
    def run(self) -> Run:
        """How it is started or reached."""
        if self.profile.run is None:
            raise Misuse("its profile has no [run]; add it, with command or url")
        return self.profile.run

    @property
    def turnable(self) -> bool:
        """Whether its clock can be set."""
        return self.profile.clock.control not in {None, "none"}

    @property
    def url(self) -> str:
        """Where it is reached."""
        return (self.run.url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def calls(self) -> Calls:
        """What calls it, while it runs."""
        assert self._calls
        return self._calls

    @property
    def fakes(self) -> Fakes:
        """The fake vendors that it calls."""
        return self.around.fakes

    @property
    def sink(self) -> MessageSink:
        """Where its messages arrive."""
        if self.asked is not None:
            return self.asked
        posted = self.profile.messages.channel == "http"
        return self.around.inbox if posted else self.around.sink

    @cached_property
    def asked(self) -> AskedMessages | None:
        """What it is asked for the codes by, if it is."""
        return AskedMessages(self) if self.profile.messages.channel == "read" else None

    @property
    def passed_to(self) -> datetime | None:
        """The instant that its world was let go on to for it to finish."""
        return self._now

    @property
    def trouble(self) -> str | None:
        """What keeps it from its work: its own end, or no end of work."""
        ended = self.process.ended if self.process else None
        return ended or self.busy

    @cached_property
    def format(self) -> DeclaredFormat:
        """Return how events are told to it: by its own templates."""
        return DeclaredFormat(self)

    @cached_property
    def admin(self) -> DeclaredSetup:
        """Return what its owner has set up."""
        return DeclaredSetup(self)

    def begin(self, name: str, seed: str, now: datetime) -> World:
        """Return the world of a scenario, with the subject running in it.

        The world's clock stands at `now`; that of a subject whose clock cannot be set
        follows the real present, and one that is kept goes on from where it stands.
        """
        self.busy = None
        self.ahead = Ahead()
        if self.world is None or self.run.anew:
            self._renew(name, seed, now)
        elif self.profile.reset is not None:
            self._ask(self.profile.reset, "[reset]")
        assert self.world is not None
        return self.world

    def end(self) -> None:
        """End what one scenario had to itself."""
        self.bound = {}
        if self.run.anew:
            self._stop()

    def deliver(self, delivery: Delivery) -> Answer:
        """Return its answer to a call of the platform."""
        try:
            answer = self._bring(delivery)
        except NoAnswer as mishap:
            wait(END_SECONDS)  # a process that breaks off has not ended at once
            ended = self.process.ended if self.process else None
            raise AssertionError(ended or f"it did not answer: {mishap}") from None
        self._again.note(delivery, answer.status, self._now)
        return answer

    def _bring(self, sent: Delivery) -> Answer:
        return self.calls(sent.method, sent.path, sent.body, sent.headers)

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""
        return self.calls(method, path, b"", {}).status

    def set_time(self, now: datetime) -> None:
        """Set its clock, as its profile says how."""
        self._now = now
        if self._clock is not None:
            self._clock.set(now)
        elif self.profile.clock.endpoint is not None:
            self._ask(self.profile.clock.endpoint, "[clock] endpoint", now=now)
        elif self.profile.clock.control == "freezegun":
            self._ask(FROZEN_CLOCK, "its frozen clock", now=now)

    def restart(self) -> None:
        """Kill it, and start it again with the same environment."""
        if self.process is None:
            raise NotApplicable("it is not started here, so it cannot be restarted")
        self.process.kill()
        self.process.start(self._ready(), self.run.ready_within)
        if self._now is not None:
            self.set_time(self._now)

    def next_at(self) -> datetime | None:
        """Return when its platform sends something again, or a booked day begins."""
        return self.ahead.next_at(self._now, self._again.next_at())

    def react(self) -> None:
        """Let it see what became due on the way, and finish what it begins at once."""
        long = self._now in self.ahead.midnights
        quiet = self.profile.patience if long else limits.ON_THE_WAY
        self._settle(Settling(quiet.total_seconds(), limits.BUSY_SECONDS), timedelta())

    def run_until_idle(self, *, still: bool = False) -> None:
        """Return once it has finished: nothing under way, then its `patience` passed.

        What counts is a vendor's call that changes something, and a message; reading
        again and again is no sign of work. What is on its way at a vendor is waited
        for, unless `still`: in a stopped world its time goes on to it.
        """
        left = limits.HORIZON if self.turnable else limits.SOON
        patience = self.profile.patience.total_seconds()
        self._settle(
            Settling(patience, limits.BUSY_SECONDS), timedelta() if still else left
        )

    def _settle(self, wait_for: Settling, left: timedelta) -> None:
        self._again.send_due(self.calls, self._now)
        self._wait(wait_for, left)
        if self.asked is not None:
            self.asked.look()

    def _wait(self, wait_for: Settling, left: timedelta) -> None:
        """Wait; `left` is how far a stopped world's time may go on by itself."""
        pause = limits.POLL_SECONDS
        while (step := wait_for.after(self._signs(), pause)) is not Next.GIVE_UP:
            if step is Next.GO_ON:
                passed = self._pass_time(left)
                if passed is None:
                    if self._retries.over:
                        self._retries = Retries()
                    return
                left -= passed
                wait_for.something_came()
            pause = wait_for.pause
            wait(pause)
            if self.process is not None and self.process.ended:
                return
        self.busy = f"it was still at work after {limits.BUSY_SECONDS:.0f} s"

    def close(self) -> None:
        """End it, and what was started for it."""
        self._stop()
        self.around.close()

    def values(self, **more: object) -> dict[str, object]:
        """Return what `{places}` and templates see."""
        return {**values_of(self), **more}

    def _renew(self, name: str, seed: str, now: datetime) -> None:
        """Make a world, hang the doors, start the subject, and set it up."""
        self._stop()
        self._again = Redelivery(self.profile, self.secret)
        fakes = self.around.fakes
        if self.run.url is not None:
            self.world = demo_world(self.profile, fakes, seed)
        else:
            start = now if self.turnable else None
            self.world = fakes.new_world(name=name, seed=seed, now=start)
        self.doors = add_doors(self.world, self.profile.resources)
        self.folder = tempfile.mkdtemp(dir=self.around.folder)
        self._now = now if self.turnable else None
        self.saved = {}
        if self._clock is not None:
            self._clock.set(now)
        self._start()
        if self._clock is None and self.turnable:
            self.set_time(now)
        for index, call in enumerate(self.profile.setup):
            self._ask(call, f"[[setup]] {index + 1}")

    def _start(self) -> None:
        if self.run.url is None:
            self._started_port = free_port()
        self._calls = Calls(self.url)
        if self.run.url is not None:
            return
        seen = self.values()
        variables = {name: render(text, seen) for name, text in self.run.env.items()}
        if self.run.app is not None:
            variables |= APP_VARIABLES
        if self._clock is not None:
            variables |= self._clock.variables
        output = self.around.folder / "output"
        folder = (self.source.parent / self.run.directory).resolve()
        self.process = SubjectProcess(
            command_line(self.run, seen, self._now), folder, output, variables
        )
        self.process.start(self._ready(), self.run.ready_within)

    def _ready(self) -> str:
        given = "/" if self.run.ready is None else self.run.ready
        ready = render(given, self.values())
        return ready if not ready or "://" in ready else self.url + ready

    def _stop(self) -> None:
        if self.process is not None:
            self.process.stop()
            self.process = None
        if self._calls is not None:
            self._calls.close()
            self._calls = None
        if self.world is not None and self.run.url is None:
            self.world.drop()
        self.world = None

    @property
    def port(self) -> int:
        """The port where it is reached."""
        if self.run.url is not None:
            return urlsplit(self.run.url).port or 80
        return self._started_port

    def _ask(self, call: Call, what: str, **more: object) -> None:
        """Make a call of the profile, insist on its answer, and keep what it saves."""
        answer = self.calls.insist(call, self.values(**more), what)
        for name, path in call.save.items():
            self.saved[name] = jmespath.search(path, answer.json())

    def _signs(self) -> Signs:
        """Return what was seen of its work so far."""
        assert self.world is not None
        seen = self.world.activity()
        messages = len(self.around.sink) + len(self.around.inbox)
        refused = [s for s in (self.around.sink, self.around.inbox) if s.refused_last]
        own = self._again.first is None  # nobody else repeats what failed
        pause = self._retries.pause(
            time.monotonic(),
            struck=own and (seen["last_was_struck"] or bool(refused)),
            over=not seen["faults"] and not any(sink.refuses for sink in refused),
        )
        return Signs(seen["changes"], seen["reads"], messages, seen["open"], pause)

    def _pass_time(self, left: timedelta) -> timedelta | None:
        """Let what is due soon at a vendor happen; None when nothing is.

        Returns by how much time went on: nothing where it goes on by itself.
        """
        assert self.world is not None
        now, upcoming = self.world.under_way()
        if upcoming is None or upcoming - now > left:
            return None
        if self.turnable:
            self.world.move(upcoming)
            self.set_time(upcoming)
            return upcoming - now
        return timedelta()


def start(target: Target, profile: ResolvedProfile) -> DeclaredSubject:
    """Return the subject of a profile; one at a URL is asked there instead."""
    declared = profile.declared
    if declared is None:
        raise Misuse("its profile says not how it is reached")
    if target.kind == "http":
        there = {"url": target.address, "command": None, "app": None}
        run = {"run": (declared.run or Run()).model_copy(update=there)}
        declared = declared.model_copy(update=run)
    found = DeclaredSubject(declared, profile.source, around(declared))
    try:
        check_doors(declared, lambda: found.fakes)
    except Misuse:
        found.close()
        raise
    return found
