"""A mail server that delivers nowhere: it keeps what it was given, for looking at.

It runs on its own thread and its own event loop, on a free port of loopback. What is
kept is what travelled, so that a subject's mails are judged as a customer gets them.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING
from typing import Any

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

TAKEN = "250 OK"
REFUSED = "451 try again later"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Mail:
    """One mail to one address: its subject, its text, and its headers as one text."""

    to: str
    subject: str
    text: str
    headers: str
    id: str


class Sink:
    """The mail server and what it was given, oldest first."""

    def __init__(
        self, port: int = 0, told: Callable[[Mail], None] | None = None
    ) -> None:
        self.refuses = False
        self._told = told
        self._mails: list[Mail] = []
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(self._session, HOST, port)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="smtp-sink", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where to send to."""
        return f"smtp://{HOST}:{self.port}"

    def __len__(self) -> int:
        return len(self._mails)

    def to(self, address: str) -> tuple[Mail, ...]:
        """Return all that came for an address; `*` before the @ stands for any."""
        return tuple(self._for(address))

    def forget(self, address: str) -> None:
        """Forget all that came for an address, or for a domain: `*@domain`."""
        gone = set(map(id, self._for(address)))
        self._mails = [mail for mail in self._mails if id(mail) not in gone]

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any
    ) -> str:
        """Take a mail, or refuse it while the sink was told to."""
        if self.refuses:
            return REFUSED
        for address in envelope.rcpt_tos:
            mail = _read(address, bytes(envelope.original_content))
            self._mails.append(mail)
            if self._told:
                self._told(mail)
        return TAKEN

    def _session(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True, hostname="sink", loop=self._loop)

    def _for(self, address: str) -> Iterator[Mail]:
        whole = not address.startswith("*")
        for mail in self._mails:
            if mail.to == address or (not whole and mail.to.endswith(address[1:])):
                yield mail


def _read(address: str, raw: bytes) -> Mail:
    message = message_from_bytes(raw, EmailMessage, policy=default)
    body = message.get_body(preferencelist=("plain", "html"))
    return Mail(
        to=address,
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        headers="\n".join(f"{name}: {value}" for name, value in message.items()),
        id=str(message["Message-ID"] or ""),
    )
