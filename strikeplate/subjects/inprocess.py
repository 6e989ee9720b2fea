"""The integration in this process; the only file of strikeplate that imports it.

Its clock is the frozen system clock of this process. It has no workers: the harness
calls for the work that is due, in this thread. A mutant is the same with one fault.
"""

from __future__ import annotations

import importlib
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import service
from strikeplate.frozen_clock import FrozenClock, work_of
from strikeplate.http import WsgiCaller, WsgiNetwork
from strikeplate.mutants import Mutant, load_mutant
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects.reference import ReferenceService, service_variables
from strikeplate.subjects.vendor import fakes_app, fakes_in

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.http import Caller
    from strikeplate.profile import Profile
    from strikeplate.subjects import Target


class ReferenceInProcess(ReferenceService):
    """The service as an application of this process, and the fakes beside it."""

    def __init__(self, start: datetime, fault: Mutant | None = None) -> None:
        self._fakes_app = fakes_app()
        super().__init__(fakes_in(self._fakes_app), SmtpSink(), start)
        self._fault = fault
        self._around = ExitStack()
        self._around.callback(super().close)
        if fault:
            self._around.enter_context(fault.applied())
        self._clock = FrozenClock(start)
        self._around.callback(self._clock.release)
        self._begin()

    @property
    def caller(self) -> Caller:
        """The caller that reaches it."""
        return self._caller

    def set_clock(self, now: datetime) -> None:
        """Set the clock of this process."""
        self._clock.set_time(now)

    def do_due(self) -> None:
        """Set the clock, and do all work that is due."""
        self._show_time()
        self._service.work()

    def work(self) -> dict[str, Any]:
        """Return its pending work as its API would, without a call."""
        self._show_time()
        return work_of(self._service)

    def restart(self) -> None:
        """Create the application again from what is stored."""
        self._service.close()
        self._begin()

    def close(self) -> None:
        """Close it, and release the clock."""
        self._service.close()
        self._around.close()

    def _begin(self) -> None:
        given = service_variables(self.folder, self.sink.url, workers=0)
        settings = importlib.import_module("service.settings").from_environment(given)
        network = WsgiNetwork(self._fakes_app)
        app = service.create_app(settings, transport=network)
        self._service: Any = app.extensions["strikeplate"]
        met = self._fault.before(app) if self._fault else app
        self._caller = WsgiCaller(met)


def start(target: Target, profile: Profile) -> ReferenceInProcess:
    """Return the service, or a mutant of it, in this process."""
    fault = load_mutant(target.address) if target.kind == "mutant" else None
    return ReferenceInProcess(profile.clock.start, fault)
