"""The reference service as a subject, and its form over HTTP.

In process (`inprocess`) and over HTTP the setup and the calls are the same. Only who
sets the clock and who does the work that is due differs, in the two subclasses.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strikeplate.fakes_client import Fakes, instant, parse
from strikeplate.http import JSON, HttpCaller, call_json
from strikeplate.platforms.standard import StandardFormat
from strikeplate.processes import (
    CLOCK_PATH,
    TOKEN_VARIABLE,
    Process,
    free_port,
    fresh_token,
)
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects import REFERENCE
from strikeplate.subjects.admin_client import ApiAdminClient
from strikeplate.verdict import HarnessFault, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strikeplate.http import Answer, Caller
    from strikeplate.platforms.standard import Delivery
    from strikeplate.profile import Profile
    from strikeplate.subjects import Target


TOKEN = "the-owner-of-this-session"  # noqa: S105 - it lives as long as a session
SMS_GATEWAY = "{phone}@sms.example.org"
KEEP_DAYS = 30
PURGE_SECONDS = 86_400
"""Once a day of virtual time is enough to see what is purged."""

MEMORY = Path("/dev/shm")  # noqa: S108 - where it exists, nothing waits for a disk
PATIENCE_SECONDS = 3.0
"""How long the service waits for a vendor; a late answer takes longer.

Over sockets this is real time: with a shorter one, a busy machine makes answers late
without any fault.
"""


def service_variables(folder: Path, smtp_url: str, *, workers: int) -> dict[str, str]:
    """Return the service's variables; with 0 workers the harness runs its jobs."""
    settings = {
        "database_url": f"sqlite:///{folder / 'service.db'}",
        "api_token": TOKEN,
        "smtp_url": smtp_url,
        "mail_from": "doors@example.org",
        "sms_gateway": SMS_GATEWAY,
        "keep_days": str(KEEP_DAYS),
        "vendor_timeout_seconds": str(PATIENCE_SECONDS),
        "purge_seconds": str(PURGE_SECONDS),
        "workers": str(workers),
        "vendor_hosts": "127.0.0.1",
    }
    return {f"STRIKEPLATE_{name.upper()}": value for name, value in settings.items()}


class ReferenceService:
    """The reference service, in process or over HTTP.

    Its clock is set and its queue polled only when that can make a difference: most
    instants of a scenario concern the door alone.
    """

    turnable = True
    passed_to = None
    trouble = None
    format = StandardFormat()
    keep_days = KEEP_DAYS
    token = TOKEN

    def __init__(self, fakes: Fakes, sink: SmtpSink, start: datetime) -> None:
        self.fakes = fakes
        self.sink = sink
        self.admin = ApiAdminClient(self.call, fakes)
        where = MEMORY if MEMORY.is_dir() else None
        self._home = tempfile.TemporaryDirectory(prefix="strikeplate-", dir=where)
        self._now = self._set = self._worked = start
        self._left: dict[str, Any] | None = None
        self._quiet = False

    @property
    def caller(self) -> Caller:
        """The caller that reaches it."""
        raise NotImplementedError

    def set_clock(self, now: datetime) -> None:
        """Set its clock."""
        raise NotImplementedError

    def do_due(self) -> None:
        """Set its clock, and return once no work is due."""
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        """The folder of its database."""
        return Path(self._home.name)

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, asked with its token."""
        body = b"" if data is None else json.dumps(data).encode()
        return self.send(method, path, body)

    def send(self, method: str, path: str, body: bytes) -> Answer:
        """Return the answer of its JSON API to a body as it is."""
        if method != "GET":
            self._quiet = False
        self._show_time()
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self.caller(method, path, body=body, headers={**JSON, **bearer})

    def deliver(self, delivery: Delivery) -> Answer:
        """Return its answer to a webhook."""
        self._quiet = False
        self._show_time()
        call, headers = self.caller, delivery.headers
        return call(delivery.method, delivery.path, body=delivery.body, headers=headers)

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""
        return self.call(method, path).status

    def set_time(self, now: datetime) -> None:
        """Note the time; the service gets it before its next call or work."""
        self._now = now

    def run_until_idle(self, *, still: bool = False) -> None:
        """Do the work that is due, if there may be any; its time stands anyway."""
        del still
        if not self._idle():
            self._left = None
            self.do_due()
            self._worked, self._quiet = self._now, True

    def react(self) -> None:
        """Do the work that is due: it says itself what there is."""
        self.run_until_idle()

    def next_at(self) -> datetime | None:
        """Return when it has something to do next."""
        if self._left is None or not self._quiet:
            self._left = self.work()
        upcoming = self._left["next_at"]
        return parse(upcoming) if upcoming else None

    def work(self) -> dict[str, Any]:
        """Return its pending work: due, in_flight, next_at."""
        answer = self.send("GET", "/api/work", b"")
        work = answer.json()
        if not answer.ok or not isinstance(work, dict) or "due" not in work:
            text = f"GET /api/work answered {answer.status}: {answer.text[:100]}"
            raise Inconclusive(f"it does not say what work it has: {text}")
        return work

    def stored(self) -> bytes:
        """Return its database files; the encryption key is not among them."""
        files = sorted(self.folder.glob("service.db*"))
        return b"".join(path.read_bytes() for path in files)

    def close(self) -> None:
        """Close the sink and delete the folder."""
        self.sink.close()
        self._home.cleanup()

    def _idle(self) -> bool:
        """Return True if no work can be due since it last worked."""
        if not self._quiet or self._now == self._worked:
            return self._quiet
        upcoming = self.next_at()
        swept = abs(self._now - self._worked).total_seconds() < PURGE_SECONDS
        return swept and (upcoming is None or upcoming > self._now)

    def _show_time(self) -> None:
        if self._set != self._now:
            self._set = self._now
            self.set_clock(self._now)


WORKERS = 4


class ReferenceOverHttp(ReferenceService):
    """The service and the fakes, each a process of its own.

    Their ports are free ones unless they are given; `more` are further variables.
    """

    def __init__(
        self,
        start: datetime,
        *,
        ports: tuple[int, int] = (0, 0),
        sink: SmtpSink | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._token = fresh_token()
        self._more = dict(more or {})
        port, fakes_port = (given or free_port() for given in ports)
        self._vendors = HttpCaller(f"http://127.0.0.1:{fakes_port}")
        fakes = Fakes(self._vendors, self._token)
        super().__init__(fakes, sink or SmtpSink(), start)
        self._fakes = self._fakes_process(fakes_port)
        self._service = self._service_process(port, start)
        self._caller = HttpCaller(self._service.url)
        self.urls = (self._service.url, self._fakes.url)
        self._fakes.start()
        self._service.start()

    @property
    def caller(self) -> Caller:
        """The caller that reaches it."""
        return self._caller

    def set_clock(self, now: datetime) -> None:
        """Set its clock from outside."""
        self._turn(now)

    def do_due(self) -> None:
        """Set its clock, and wait until its workers have nothing to do."""
        self._set = self._now
        work = self._turn(self._now, settle=True)["work"]
        if work["due"] or work["in_flight"]:
            message = f"the service still has work to do: {work}"
            raise HarnessFault(message)
        self._left = work

    def next_at(self) -> datetime | None:
        """Return when it has something to do next, once it has done what is due now.

        Its workers would else be in the middle of it when the clock is moved, and what
        happens next would depend on how fast they are.
        """
        if not self._quiet:
            self.run_until_idle()
        return super().next_at()

    def follow(self, now: datetime) -> datetime | None:
        """Go to an instant, do what is due, and return when there is work next.

        Whatever anybody else has asked of it meanwhile is done as well.
        """
        self.set_time(now)
        self._quiet = False
        self.run_until_idle()
        return self.next_at()

    def restart(self) -> None:
        """Kill it while it works, and start it again."""
        self._service.kill()
        self._service.start()
        self.set_clock(self._now)

    def close(self) -> None:
        """Stop both processes."""
        self._caller.close()
        self._vendors.close()
        self._service.stop()
        self._fakes.stop()
        super().close()

    def _turn(self, now: datetime, *, settle: bool = False) -> dict[str, Any]:
        """Set its clock; with `settle` the answer says what work is left then."""
        asked = {"now": instant(now), "settle": settle}
        answer = call_json(self._caller, "POST", CLOCK_PATH, asked)
        if not answer.ok:
            message = f"its clock cannot be turned: {answer.status} {answer.text}"
            raise HarnessFault(message)
        found: dict[str, Any] = answer.json()
        return found

    def _fakes_process(self, port: int) -> Process:
        given = ["--port", str(port), *self.fakes_arguments()]
        variables = {TOKEN_VARIABLE: self._token, **self._more}
        return Process("fakes", given, port, self._log("fakes"), variables)

    def fakes_arguments(self) -> list[str]:
        """Return what else the fakes are started with."""
        return []

    def _service_process(self, port: int, now: datetime) -> Process:
        given = [f"{REFERENCE}:create_app", "--port", str(port), "--now", instant(now)]
        settings = service_variables(self.folder, self.sink.url, workers=WORKERS)
        settings |= {"STRIKEPLATE_API_TOKEN": self.token, **self._more}
        log = self._log(REFERENCE)
        return Process("strikeplate.frozen_clock", given, port, log, settings)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def start(_target: Target, profile: Profile) -> ReferenceOverHttp:
    """Return the service in processes of its own."""
    return ReferenceOverHttp(profile.clock.start)
