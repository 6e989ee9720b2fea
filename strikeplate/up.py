"""`up`: fakes, service and inbox together, on one clock, with a lived-in example.

Everything listens on loopback until Ctrl-C, and leaves nothing behind. The clock is
that of the fakes' world `demo`: whoever turns it takes the service along, stop by stop.
One address signs in to all of it.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

import serving
from strikeplate import module, variables
from strikeplate.example import BEFORE, Live, live_through
from strikeplate.fakes_client import instant
from strikeplate.http import NoAnswer
from strikeplate.pages.inbox import Inbox
from strikeplate.pages.site import Site, create_site
from strikeplate.processes import HOST, fresh_token, wait
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects.reference import ReferenceOverHttp, service_variables
from strikeplate.timeline import RealTime
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

THREADS = 12
PACE_SECONDS = 1.0
HOUR = 9
"""UTC, at which the example stands: the working day has begun at all its places."""

FIRST = """
Open  {link}
      (signs in once; the wall of doors and the service are one click further)

Try first:
  1. Inbox: read Finn's message; beside it stands what his code does now.
  2. Wall of doors, world demo: type it at Court 1. It opens.
  3. Type Gita's code at Rehearsal room: too early. Turn the clock, type it again.
  4. Studio is offline, and Lea's code on its way. Set it online, turn by an hour.

Ctrl-C ends all of it.
"""


class Together(ReferenceOverHttp):
    """The service and the fakes, the world `demo` standing at the beginning."""

    def __init__(self, asked: argparse.Namespace, companion: str) -> None:
        self.token = fresh_token()
        self._begin = asked.now - BEFORE
        more = {
            "STRIKEPLATE_COMPANION": companion,
            "STRIKEPLATE_MAIL_HTML": "on",
            "STRIKEPLATE_PUBLIC_URL": f"http://{HOST}:{asked.port}",
            "STRIKEPLATE_VENDOR_TIMEOUT_SECONDS": "10",
        }
        ports = (asked.port, asked.fakes_port)
        sink = SmtpSink(asked.smtp_port)
        super().__init__(self._begin, ports=ports, sink=sink, more=more)

    def add_owner(self) -> tuple[str, str]:
        """Make the user of the service's admin; return the name and the password."""
        name, password = "owner", fresh_token()
        settings = service_variables(self.folder, self.sink.url, workers=0)
        subprocess.run(  # noqa: S603 - our own module
            [*module("service"), "user", name],
            input=password,
            env={**variables(), **settings},
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return name, password

    def fakes_arguments(self) -> list[str]:
        """Have the world `demo` stand at the beginning."""
        return ["--now", instant(self._begin)]


def main(arguments: Sequence[str]) -> int:
    """Serve all of it until a signal ends it; 2 if a port is taken."""
    asked = _parser().parse_args(arguments)
    try:
        for port in (asked.port, asked.fakes_port, asked.smtp_port):
            serving.listener(HOST, port).close()  # refused before anything is started
        with serving.listener(HOST, asked.pages_port) as bound:
            return _serve(asked, bound)
    except (serving.RefusedError, HarnessFault, OSError) as refused:
        print(f"up: {refused}", file=sys.stderr)  # noqa: T201 - for the terminal
        return 2


def _serve(asked: argparse.Namespace, bound: socket) -> int:
    """Start fakes and service, and serve the pages; the example comes meanwhile."""
    secret, url = fresh_token(), serving.url_of(bound)
    with closing(Together(asked, f"{url}/time/{secret}")) as service:
        world = service.fakes.world("demo")
        inbox = Inbox(world)
        service.sink.on_mail = inbox.put
        owner = service.add_owner()
        site = Site(Live(service, world, inbox), secret=secret, owner=owner)

        def ready() -> None:
            given = (site, asked.now, url)
            Thread(target=_live_through, args=given, daemon=True).start()
            Thread(target=_keep_pace, args=(site,), daemon=True).start()

        serving.stop_at_signals()
        threads = serving.Threads(THREADS)
        try:
            serving.serve(create_site(site), bound, threads, ready)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)  # two processes are to be ended
    return 0


def _live_through(site: Site, now: datetime, url: str) -> None:
    print("Two days of bookings are lived through ...", flush=True)  # noqa: T201 - for the terminal
    live_through(site.live, now)
    site.ready = True
    print(FIRST.format(link=url + site.sign_in_path()), flush=True)  # noqa: T201 - for the terminal


def _keep_pace(site: Site) -> None:
    """Take the service along while the clock runs by itself; no move does it then."""
    while True:
        wait(PACE_SECONDS)
        with suppress(NoAnswer, HarnessFault):  # the end of all of it
            if site.ready and site.live.world.runs():
                site.live.follow(site.live.world.clock()[0])


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no offset: end it with Z")
    return at.astimezone(UTC)


def _parser() -> argparse.ArgumentParser:
    today = RealTime().now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate up",
        description="Serve fakes, service and inbox, for trying things out.",
    )
    add = parser.add_argument
    add("--pages-port", type=int, default=8600, help="of the pages (%(default)s)")
    add("--port", type=int, default=8800, help="of the service (%(default)s)")
    add("--fakes-port", type=int, default=8700, help="of the fakes (%(default)s)")
    add("--smtp-port", type=int, default=2525, help="of the inbox (%(default)s)")
    begins = "where the clock stands (today, 09:00 UTC)"
    add("--now", type=_instant, default=today, help=begins)
    return parser
