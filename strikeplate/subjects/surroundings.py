"""What is around an external subject: fake vendors, mail server, inbox, secret.

A subject that we start is told where they are; one that runs already looks for them at
the ports that its profile names.
"""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate.fakes_client import Fakes
from strikeplate.http import HttpCaller
from strikeplate.http_inbox import HttpInbox
from strikeplate.processes import TOKEN_VARIABLE, Process, free_port, fresh_token
from strikeplate.smtp_sink import SmtpSink
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from strikeplate.profiles.shape import Profile

FAKES_PORT = 8700
SMTP_PORT = 2525
"""Where a subject that runs already is expected to look for vendors and mail server."""


@dataclass
class Around:
    """What is around the subject: vendors, mail server, inbox, a folder."""

    fakes: Fakes
    process: Process | None
    sink: SmtpSink
    inbox: HttpInbox
    home: tempfile.TemporaryDirectory[str]
    caller: HttpCaller
    """What reaches the vendors."""

    @property
    def folder(self) -> Path:
        """Where output and clock file are kept while the session lasts."""
        return Path(self.home.name)

    def close(self) -> None:
        """End it all."""
        self.sink.close()
        self.inbox.close()
        self.caller.close()
        if self.process:
            self.process.stop()
        self.home.cleanup()


def around(profile: Profile) -> Around:
    """Return fakes, mail server and inbox, started where the subject looks for them."""
    run = profile.run
    runs = run is not None and run.url is not None
    port = (run and run.fakes_port) or (FAKES_PORT if runs else free_port())
    mail_port = (run and run.smtp_port) or (SMTP_PORT if runs else 0)
    home = tempfile.TemporaryDirectory(prefix="strikeplate-")
    token = fresh_token()
    log = Path(home.name) / "fakes.log"
    given, secret = ["--port", str(port)], {TOKEN_VARIABLE: token}
    process = Process("fakes", given, port, log, secret)
    process.start()
    caller = HttpCaller(process.url)
    return Around(
        Fakes(caller, token),
        process,
        SmtpSink(mail_port),
        HttpInbox(profile.messages),
        home,
        caller,
    )


def signing_secret(profile: Profile) -> str:
    """Return the secret that events are signed with."""
    variable = profile.signature.secret_env
    if variable is not None:
        found = os.environ.get(variable)
        if not found:
            raise Misuse(f"[signature] secret_env: the variable {variable} is not set")
        return found
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
