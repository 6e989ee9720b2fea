"""Which SMTP server to use, from one URL.

    smtp://127.0.0.1:25                        plain, for a relay on this machine
    smtp+starttls://user:word@mail.example.org plain at first, then encrypted
    smtps://user:word@mail.example.org         encrypted from the start

Invariants: any server that speaks SMTP will do. Certificates are always checked.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from service.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

PORTS: Final[Mapping[str, int]] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server and how to sign in to it."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: Secret | None = None

    def connect(self, own_name: str, timeout_seconds: float) -> smtplib.SMTP:
        """Return a session that is ready to take a mail; `own_name` is our domain."""
        if self.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host,
                self.port,
                local_hostname=own_name,
                timeout=timeout_seconds,
                context=ssl.create_default_context(),
            )
        else:
            smtp = smtplib.SMTP(self.host, self.port, own_name, timeout_seconds)
        try:
            self._sign_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self.scheme == "smtp+starttls":
            smtp.starttls(context=ssl.create_default_context())
        if self.user is not None and self.password is not None:
            smtp.login(self.user, self.password.reveal())


def server_at(url: str) -> Server:
    """Return the server of a URL, or raise `ValueError` with the fix."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in PORTS or not host or parts.path.strip("/"):
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        raise ValueError(
            f"SMTP URL is {shown!r}; write it like smtp://127.0.0.1:25, "
            "smtp+starttls://user:password@host or smtps://user:password@host"
        )
    return Server(
        scheme=parts.scheme,
        host=host,
        port=port or PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else Secret(unquote(parts.password)),
    )
