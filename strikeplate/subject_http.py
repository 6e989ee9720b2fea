"""The integration over HTTP: ours in processes of its own, or any at a URL.

`http:service` starts the fakes and the service with its worker threads; only its clock
is set from outside. Any other address is an external subject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate import clocked
from strikeplate.external import ExternalSubject
from strikeplate.fakes_client import Fakes, instant
from strikeplate.http import HttpCaller, call_json
from strikeplate.processes import (
    TOKEN_VARIABLE,
    Process,
    free_port,
    fresh_token,
    wait,
)
from strikeplate.reference import ReferenceService, service_variables
from strikeplate.smtp_sink import SmtpSink
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from strikeplate.http import Caller
    from strikeplate.profile import Profile
    from strikeplate.subject import Subject
    from strikeplate.target import Target

OURS = "service"
WORKERS = 4
FIRST_POLL_SECONDS = 0.004
DOUBLINGS = 3
ATTEMPTS = 1000
"""So many looks at its work, then it counts as never done."""


class ReferenceOverHttp(ReferenceService):
    """The service and the fakes, each a process of its own."""

    def __init__(self, start: datetime) -> None:
        self._token = fresh_token()
        fakes_port, port = free_port(), free_port()
        self._vendors = HttpCaller(f"http://127.0.0.1:{fakes_port}")
        super().__init__(Fakes(self._vendors, self._token), SmtpSink(), start)
        self._fakes = self._fakes_process(fakes_port)
        self._service = self._service_process(port, start)
        self._caller = HttpCaller(self._service.url)
        self._fakes.start()
        self._service.start()

    @property
    def caller(self) -> Caller:
        """What reaches it."""
        return self._caller

    def set_clock(self, now: datetime) -> None:
        """Set its clock from outside."""
        answer = call_json(self._caller, "POST", clocked.PATH, {"now": instant(now)})
        if not answer.ok:
            message = f"its clock cannot be turned: {answer.status} {answer.text}"
            raise HarnessFault(message)

    def do_due(self) -> None:
        """Wait until its workers have nothing to do."""
        for attempt in range(ATTEMPTS):
            work = self.work()
            if not work["due"] and not work["in_flight"]:
                self._left = work
                return
            wait(FIRST_POLL_SECONDS * 2 ** min(attempt, DOUBLINGS))
        message = f"the service still has work to do: {self.work()}"
        raise HarnessFault(message)

    def restart(self) -> None:
        """Kill it in the midst of its work, and start it again."""
        self._service.kill()
        self._service.start()
        self.set_clock(self._now)

    def close(self) -> None:
        """End both processes."""
        self._caller.close()
        self._vendors.close()
        self._service.stop()
        self._fakes.stop()
        super().close()

    def _fakes_process(self, port: int) -> Process:
        token = {TOKEN_VARIABLE: self._token}
        return Process("fakes", ["--port", str(port)], port, self._log("fakes"), token)

    def _service_process(self, port: int, now: datetime) -> Process:
        given = [f"{OURS}:create_app", "--port", str(port), "--now", instant(now)]
        settings = service_variables(self.folder, self.sink.url, workers=WORKERS)
        log = self._log(OURS)
        return Process("strikeplate.clocked", given, port, log, settings)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def start(target: Target, profile: Profile) -> Subject:
    """Return our service in processes of its own, or an external subject at a URL."""
    if target.address == OURS:
        return ReferenceOverHttp(profile.clock.start)
    return ExternalSubject(target.address, profile)
