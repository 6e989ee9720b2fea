"""The reference service as a session runs it: settings, and what both ways share.

In process and over HTTP it is set up alike and asked alike; only who turns its clock,
and who does the work that is due, differs, and is left to the two subclasses.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strikeplate.admin_client import ApiAdminClient
from strikeplate.fakes_client import parse
from strikeplate.http import JSON
from strikeplate.verdict import Inconclusive

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.fakes_client import Fakes
    from strikeplate.http import Answer, Caller
    from strikeplate.smtp_sink import SmtpSink

TOKEN = "the-owner-of-this-session"  # noqa: S105 - it lives as long as a session
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SMS_GATEWAY = "{phone}@sms.example.org"
KEEP_DAYS = 30
PURGE_SECONDS = 86_400
"""Once a day of virtual time is enough to see what is cleared."""

MEMORY = Path("/dev/shm")  # noqa: S108 - where it exists, nothing waits for a disk
PATIENCE_SECONDS = 3.0
"""How long it waits for a vendor; an answer that is to be too late takes longer.

Over sockets this is real time: shorter, and a busy machine makes answers too late
that nobody ordered to be.
"""


def service_variables(folder: Path, smtp_url: str, *, workers: int) -> dict[str, str]:
    """Return the service's settings; without workers it works only when told to."""
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
    }
    return {f"STRIKEPLATE_{name.upper()}": value for name, value in settings.items()}


class ReferenceService:
    """What is asked of the reference service, whichever way it is reached.

    Its clock is set, and its work looked at, only when that can make a difference:
    most instants of a scenario concern the door alone.
    """

    clock = "injected"
    keep_days = KEEP_DAYS

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
        """What reaches it."""
        raise NotImplementedError

    def set_clock(self, now: datetime) -> None:
        """Let its clock stand at an instant."""
        raise NotImplementedError

    def do_due(self) -> None:
        """Return once nothing is due."""
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        """Where it keeps what it keeps."""
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
        return self.caller(method, path, body=body, headers={**JSON, **BEARER})

    def deliver(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return its answer to a webhook."""
        self._quiet = False
        self._show_time()
        return self.caller("POST", path, body=body, headers=headers)

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""
        return self.call(method, path).status

    def set_time(self, now: datetime) -> None:
        """Let it be another instant; it is told when it has something to do."""
        self._now = now

    def run_until_idle(self) -> None:
        """Let it do what is due, if anything may be."""
        if not self._idle():
            self._show_time()
            self._left = None
            self.do_due()
            self._worked, self._quiet = self._now, True

    def next_at(self) -> datetime | None:
        """Return when it has something to do next."""
        if self._left is None or not self._quiet:
            self._left = self.work()
        upcoming = self._left["next_at"]
        return parse(upcoming) if upcoming else None

    def work(self) -> dict[str, Any]:
        """Return what it says of the work that it has: due, in_flight, next_at."""
        answer = self.send("GET", "/api/work", b"")
        work = answer.json()
        if not answer.ok or not isinstance(work, dict) or "due" not in work:
            text = f"GET /api/work answered {answer.status}: {answer.text[:100]}"
            raise Inconclusive(f"it does not say what work it has: {text}")
        return work

    def stored(self) -> bytes:
        """Return all that it keeps, as it is kept; its key stands apart."""
        files = sorted(self.folder.glob("service.db*"))
        return b"".join(path.read_bytes() for path in files)

    def close(self) -> None:
        """End what was started for it."""
        self.sink.close()
        self._home.cleanup()

    def _idle(self) -> bool:
        """Tell whether nothing can be due since it worked, by what it says itself."""
        if not self._quiet or self._now == self._worked:
            return self._quiet
        upcoming = self.next_at()
        swept = abs(self._now - self._worked).total_seconds() < PURGE_SECONDS
        return swept and (upcoming is None or upcoming > self._now)

    def _show_time(self) -> None:
        if self._set != self._now:
            self._set = self._now
            self.set_clock(self._now)
