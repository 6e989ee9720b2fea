"""The house: a subject, the fake vendors and the mail server that it relies on.

Law: all of them are processes of their own, reached over HTTP and SMTP; how a subject
is reached stands in its profile. Ours is started here, on a disk and with workers as in
earnest; anybody else's runs already, and is taken as it is.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

from loadtests.present import now
from strikeplate import capability, dialect, suite
from strikeplate import profile as profiles
from strikeplate.call import JSON, HttpCaller, NoAnswer
from strikeplate.desk import ApiDesk
from strikeplate.foreign import FixedDesk, Foreign
from strikeplate.reference import environment
from strikeplate.served import TOKEN_VARIABLE, Process, free_port, fresh_token
from strikeplate.smtp_sink import Sink
from strikeplate.target import targets
from strikeplate.verdict import Misuse
from strikeplate.world import Fakes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from strikeplate.call import Answer
    from strikeplate.dialect import Dialect
    from strikeplate.profile import Profile
    from strikeplate.smtp_sink import Mail

SERVICE = "service"
WORKERS = 8
VENDOR_TIMEOUT_SECONDS = 10  # that the service has with a vendor


class ReceivedMail(NamedTuple):
    """A mail, and when it arrived."""

    at: datetime
    mail: Mail


class LocalTarget:
    """The reference service and the fakes, started here."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.mails: list[ReceivedMail] = []
        with ExitStack() as stack:
            sink = Sink(told=lambda mail: self.mails.append(ReceivedMail(now(), mail)))
            stack.callback(sink.close)
            self._owner, control = fresh_token(), fresh_token()
            vendors = _fakes(folder, control)
            service = _service(folder, sink.url, self._owner)
            for process in (vendors, service):
                process.start()
                stack.callback(process.stop)
            self._running = stack.pop_all()
        self.url = service.url
        self.processes = {"fakes": vendors, "service": service}
        self._caller = HttpCaller(self.url)
        self.fakes = Fakes(HttpCaller(vendors.url), control)
        self.desk = ApiDesk(self.call, self.fakes)

    def call(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer of its JSON API, asked with its token."""
        body = b"" if data is None else json.dumps(data).encode()
        bearer = {"Authorization": f"Bearer {self._owner}"}
        return self._caller(method, path, body=body, headers={**JSON, **bearer})

    def vendors(self) -> tuple[str, ...]:
        """Return the vendors that it says it knows."""
        told = self.call("GET", "/api/vendors").json()
        return tuple(each["name"] for each in told["items"])

    def work(self) -> int | None:
        """Return how many pieces of work are due or under way."""
        try:
            told: Any = self.call("GET", "/api/work").json()
        except NoAnswer:
            return None
        return int(told["due"] + told["in_flight"]) if isinstance(told, dict) else None

    def close(self) -> None:
        """End both processes and the mail server."""
        self._running.close()


class ExternalTarget:
    """Somebody else's integration, and what it was set up with."""

    def __init__(self, url: str, profile: Profile) -> None:
        self.name = f"{profile.name} {profile.version}"
        self.url = url
        self.mails: list[ReceivedMail] = []
        self._subject = Foreign(url, profile)
        self._subject.sink.told = lambda mail: self.mails.append(
            ReceivedMail(now(), mail)
        )
        self.fakes = self._subject.fakes
        self.processes: Mapping[str, Process] = {}

    @property
    def desk(self) -> FixedDesk:
        """What its owner set up."""
        return self._subject.desk

    def work(self) -> int | None:
        """Return nothing: it does not say."""
        return None

    def close(self) -> None:
        """End what was started for it."""
        self._subject.close()


def dialects() -> dict[str, Dialect]:
    """Return how to speak of each vendor."""
    return dialect.read(suite.FEATURES)


def profile(name: str) -> Profile:
    """Return the profile of that name or file; Misuse says what is wrong with it."""
    known = capability.read(suite.FEATURES)
    return profiles.load(name, known, _rules(), dialects())


def open_target(
    given: Profile, subject: str | None, folder: Path
) -> LocalTarget | ExternalTarget:
    """Return the house of a profile's subject, or of the one that is asked for."""
    asked = [subject] if subject else given.subjects
    reached = [t for t in targets("service", asked) if t.connect.startswith("http:")]
    if not reached:
        raise Misuse(f"{asked}: only what is served can be loaded; name http:URL")
    if reached[0].address == SERVICE:
        return LocalTarget(f"{given.name} {given.version}", folder)
    return ExternalTarget(reached[0].address, given)


def _rules() -> list[str]:
    from strikeplate import register  # noqa: PLC0415 - only profiles need it

    return [rule.id for rule in register.read(suite.FEATURES).rules]


def _fakes(folder: Path, control: str) -> Process:
    port = free_port()
    given = ["--port", str(port)]
    words = {TOKEN_VARIABLE: control}
    return Process("fakes", given, port, folder / "fakes.log", words)


def _service(folder: Path, smtp_url: str, owner: str) -> Process:
    port = free_port()
    settings = {
        **environment(folder, smtp_url, workers=WORKERS),
        "STRIKEPLATE_API_TOKEN": owner,
        "STRIKEPLATE_VENDOR_TIMEOUT_SECONDS": str(VENDOR_TIMEOUT_SECONDS),
        "STRIKEPLATE_SWEEP_SECONDS": "300",
        "STRIKEPLATE_PORT": str(port),
        "STRIKEPLATE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    return Process(SERVICE, [], port, folder / "service.log", settings)
