"""An external subject: an integration that runs elsewhere.

It has no API that we know. What it was configured with stands in `[settings]` of its
profile. The harness plays the platform, the mail server and the customer at the door,
and starts the fakes at the address that the subject calls.

    webhook = "/hooks/bookings"            # where it takes events
    webhook_secret_env = "ACME_SECRET"     # the variable with the signing secret
    fakes = "http://127.0.0.1:8700"        # where it calls the vendors
    control_token_env = "..."              # the variable with the fakes' token, if they
                                           # run already; else they are started
    world = "demo"                         # whose credentials it was given
    resources = "court-1=Front door"       # which door each resource opens, by name
    zone = "Europe/Stockholm"              # where these doors are
    smtp = "127.0.0.1:2525"                # where it sends mail
    quiet_seconds = "0.3"                  # so long without a sign, it has finished
    keep_days = "30"                       # for how long it keeps past codes
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from strikeplate.fakes_client import Fakes, instant
from strikeplate.http import JSON, HttpCaller, call_json
from strikeplate.processes import TOKEN_VARIABLE, Process, fresh_token, wait
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects import Connection
from strikeplate.verdict import Inconclusive, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strikeplate.fakes_client import Door, World
    from strikeplate.http import Answer
    from strikeplate.profile import Profile
    from strikeplate.subjects import Target


DEFAULTS = {
    "fakes": "http://127.0.0.1:8700",
    "world": "demo",
    "zone": "Europe/Stockholm",
    "smtp": "127.0.0.1:2525",
    "quiet_seconds": "0.3",
    "keep_days": "30",
}
LONGEST_SECONDS = 20.0


class FixedAdminClient:
    """The setup that the subject's owner made by hand: read, never changed."""

    def __init__(self, settings: Mapping[str, str], fakes: Fakes) -> None:
        self._settings = settings
        self._fakes = fakes
        pairs = (pair.partition("=") for pair in _wanted(settings, "resources"))
        self._doors = {resource.strip(): door.strip() for resource, _, door in pairs}

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources that it opens doors for."""
        return tuple(self._doors)

    @property
    def zone(self) -> str:
        """Where all of its doors are."""
        return self._settings["zone"]

    def world(self, _name: str, _seed: str, _now: datetime) -> World:
        """Return the subject's world, reset to the real present."""
        world = self._fakes.world(self._settings["world"])
        world.reset()
        return world

    def door(
        self, world: World, _vendor: str, name: str, zone: str, /, **more: object
    ) -> Door:
        """Return the existing door that the subject opens for a resource."""
        if more:
            raise NotApplicable("its doors are fixed, none can be added")
        if zone != self._settings["zone"]:
            text = f"its doors are in {self._settings['zone']}, none is in {zone}"
            raise NotApplicable(text)
        for door in world.doors():
            if door.name == self._doors.get(name):
                return door
        raise NotApplicable(f"its profile names no door for {name}")

    def link(self, world: World, _vendor: str, _zone: str, _owner: str) -> Connection:
        """Return the one connection there is."""
        variable = self._settings.get("webhook_secret_env")
        secret = os.environ.get(variable) if variable else None
        if variable and not secret:
            raise Inconclusive(f"${variable} is empty; it holds the signing secret")
        return Connection("", _wanted(self._settings, "webhook")[0], secret, world)

    def create_rule(self, _connection: Connection, resource: str, *_doors: Door) -> str:
        """Return the resource as the rule's id; the profile says what it opens."""
        return resource

    def unlink(self, connection: Connection) -> None:
        """Leave the connection where it is."""


class ExternalSubject:
    """An integration at a URL, and the fakes and the mail server that it relies on."""

    def __init__(self, url: str, profile: Profile) -> None:
        settings = {**DEFAULTS, **profile.settings}
        self.clock = profile.clock.control
        self._endpoint = profile.clock.endpoint
        self.keep_days = int(settings["keep_days"])
        self._quiet = float(settings["quiet_seconds"])
        self._caller = HttpCaller(url)
        self._home = tempfile.TemporaryDirectory(prefix="strikeplate-")
        self._started: Process | None = None
        self.sink = SmtpSink(int(settings["smtp"].rpartition(":")[2]))
        self.fakes = self._reach_fakes(settings)
        self.admin = FixedAdminClient(settings, self.fakes)

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer to a call; it may have no API."""
        return call_json(self._caller, method, path, data)

    def send(self, method: str, path: str, body: bytes) -> Answer:
        """Return the answer to a call with a body as it is."""
        return self._caller(method, path, body=body, headers=JSON)

    def deliver(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return its answer to a webhook."""
        return self._caller("POST", path, body=body, headers=headers)

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""
        return self._caller(method, path).status

    def set_time(self, now: datetime) -> None:
        """Set its clock, if it has an endpoint for that."""
        if self._endpoint:
            self.call("POST", self._endpoint, {"now": instant(now)})

    def run_until_idle(self) -> None:
        """Wait until it has made no vendor call and sent no mail for a while."""
        before, waited = -1, 0.0
        while (seen := self._signs()) != before and waited < LONGEST_SECONDS:
            before = seen
            wait(self._quiet)
            waited += self._quiet

    def next_at(self) -> datetime | None:
        """Return None: it does not say when it has work."""
        return None

    def restart(self) -> None:
        """Refuse: it was not started here."""
        raise NotApplicable("it runs elsewhere, so it cannot be stopped and started")

    def stored(self) -> bytes:
        """Refuse: it keeps things elsewhere."""
        raise NotApplicable("it runs elsewhere, so what it stores cannot be looked at")

    def close(self) -> None:
        """End what was started for it."""
        self._caller.close()
        self.sink.close()
        if self._started:
            self._started.stop()
        self._home.cleanup()

    def _signs(self) -> int:
        worlds = self.fakes.call("GET", "/worlds")
        asked = (self.fakes.call("GET", f"/worlds/{w['id']}/requests") for w in worlds)
        return len(self.sink) + sum(map(len, asked))

    def _reach_fakes(self, settings: Mapping[str, str]) -> Fakes:
        variable = settings.get("control_token_env")
        if variable:
            return Fakes(HttpCaller(settings["fakes"]), os.environ.get(variable, ""))
        token, port = fresh_token(), urlsplit(settings["fakes"]).port or 80
        log = Path(self._home.name) / "fakes.log"
        given = ["--port", str(port)]
        self._started = Process("fakes", given, port, log, {TOKEN_VARIABLE: token})
        self._started.start()
        return Fakes(HttpCaller(settings["fakes"]), token)


def start(target: Target, profile: Profile) -> ExternalSubject:
    """Return the subject at the target's URL."""
    return ExternalSubject(target.address, profile)


def _wanted(settings: Mapping[str, str], name: str) -> list[str]:
    """Return a setting's parts; `Inconclusive` if the profile lacks it."""
    text = settings.get(name)
    if not text:
        raise Inconclusive(f"[settings] of its profile lacks {name!r}")
    return text.split(",")
