"""The reference service as a session runs it: settings, and what both ways share.

In process and over HTTP it is set up alike and asked alike; only who turns its clock,
and who does the work that is due, differs, and is left to the two subclasses.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from features.harness.call import JSON
from features.harness.call import call_json
from features.harness.desk import ApiDesk
from features.harness.verdict import Inconclusive
from features.harness.world import parse

if TYPE_CHECKING:
    from datetime import datetime

    from features.harness.call import Answer
    from features.harness.call import Caller
    from features.harness.smtp_sink import Sink
    from features.harness.world import Fakes

TOKEN = "the-owner-of-this-session"  # noqa: S105 - it lives as long as a session
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SMS_GATEWAY = "{phone}@sms.example.org"
KEEP_DAYS = 30
PATIENCE_SECONDS = 0.4
"""How long it waits for a vendor; an answer that is to be too late takes longer."""


def environment(folder: Path, smtp_url: str, *, workers: int) -> dict[str, str]:
    """Return the service's settings; without workers it works only when told to."""
    settings = {
        "database_url": f"sqlite:///{folder / 'service.db'}",
        "api_token": TOKEN,
        "smtp_url": smtp_url,
        "mail_from": "doors@example.org",
        "sms_gateway": SMS_GATEWAY,
        "keep_days": str(KEEP_DAYS),
        "vendor_timeout_seconds": str(PATIENCE_SECONDS),
        "workers": str(workers),
    }
    return {f"STRIKEPLATE_{name.upper()}": value for name, value in settings.items()}


class Reference:
    """What is asked of the reference service, whichever way it is reached."""

    clock = "injected"
    keep_days = KEEP_DAYS

    def __init__(self, fakes: Fakes, sink: Sink) -> None:
        self.fakes = fakes
        self.sink = sink
        self.desk = ApiDesk(self.call, fakes)
        self._home = tempfile.TemporaryDirectory(prefix="strikeplate-")

    @property
    def caller(self) -> Caller:
        """What reaches it."""
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        """Where it keeps what it keeps."""
        return Path(self._home.name)

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, asked with its token."""
        return call_json(self.caller, method, path, data, BEARER)

    def send(self, method: str, path: str, body: bytes) -> Answer:
        """Return the answer of its JSON API to a body as it is."""
        return self.caller(method, path, body=body, headers={**JSON, **BEARER})

    def deliver(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return its answer to a webhook."""
        return self.caller("POST", path, body=body, headers=headers)

    def status(self, method: str, path: str) -> int:
        """Return the status by which it answers a call without a body."""
        return self.call(method, path).status

    def work(self) -> dict[str, Any]:
        """Return what it says of the work that it has: due, in_flight, next_at."""
        answer = self.call("GET", "/api/work")
        told = answer.json()
        if not answer.ok or not isinstance(told, dict) or "due" not in told:
            text = f"GET /api/work answered {answer.status}: {answer.text[:100]}"
            raise Inconclusive(f"it does not say what work it has: {text}")
        return told

    def next_at(self) -> datetime | None:
        """Return when it has something to do next."""
        upcoming = self.work()["next_at"]
        return parse(upcoming) if upcoming else None

    def stored(self) -> bytes:
        """Return all that it keeps, as it is kept; its key stands apart."""
        files = sorted(self.folder.glob("service.db*"))
        return b"".join(path.read_bytes() for path in files)

    def close(self) -> None:
        """End what was started for it."""
        self.sink.close()
        self._home.cleanup()
