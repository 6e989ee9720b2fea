"""A mail server for tests: it keeps every mail and delivers none.

It runs on its own thread and event loop, on a free port of loopback. A mail is kept as
it was transmitted, so that scenarios see what a customer would get.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message

TAKEN = "250 OK"
REFUSED = "451 try again later"
LOST = "lost"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Mail:
    """One mail to one address, as transmitted; parsed on demand."""

    to: str
    raw: bytes

    @cached_property
    def _message(self) -> Message:
        return message_from_bytes(self.raw)

    @cached_property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(make_header(decode_header(self._message["Subject"] or "")))

    @cached_property
    def headers(self) -> str:
        """All headers as one text, as transmitted."""
        return "\n".join(f"{name}: {value}" for name, value in self._message.items())

    @cached_property
    def text(self) -> str:
        """The first part that people read, decoded."""
        parts = (p for p in self._message.walk() if p.get_content_maintype() == "text")
        part = next(parts, None)
        if part is None:
            return ""
        body = part.get_payload(decode=True)
        charset = part.get_content_charset("utf-8")
        return body.decode(charset, "replace") if isinstance(body, bytes) else ""


class SmtpSink:
    """The mail server and its mails, oldest first; `on_mail` is called with each.

    `replies` holds other replies to RCPT, DATA and QUIT, by command; the reply LOST to
    DATA takes the mail and closes the connection. With a `password`, a client that
    logs in must give it.
    """

    def __init__(
        self,
        port: int = 0,
        on_mail: Callable[[Mail], None] | None = None,
        password: str | None = None,
    ) -> None:
        self.refuses = False
        self.refused_last = False
        self.replies: dict[str, str] = {}
        self.on_mail = on_mail
        self._password = password
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
        """Its URL."""
        return f"smtp://{HOST}:{self.port}"

    def __len__(self) -> int:
        return len(self._mails)

    def __iter__(self) -> Iterator[Mail]:
        return iter(tuple(self._mails))

    def clear(self) -> None:
        """Remove all mails."""
        self._mails.clear()
        self.refused_last = False

    def close(self) -> None:
        """Stop serving."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Accept a recipient, unless `replies` says otherwise."""
        envelope.rcpt_tos.append(address)
        return self.replies.get("RCPT", TAKEN)

    async def handle_DATA(  # noqa: N802 - likewise
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        """Keep a mail, unless `refuses` or `replies` says otherwise."""
        reply = REFUSED if self.refuses else self.replies.get("DATA", TAKEN)
        self.refused_last = reply == REFUSED
        if reply == LOST:
            server.transport.close()  # type: ignore[union-attr]  # it is open here
        elif not reply.startswith("2"):
            return reply
        self._keep(envelope)
        return reply

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802 - likewise
        """End the session."""
        return self.replies.get("QUIT", "221 Bye")

    def _keep(self, envelope: Any) -> None:
        for address in envelope.rcpt_tos:
            mail = Mail(address, bytes(envelope.original_content))
            self._mails.append(mail)
            if self.on_mail:
                self.on_mail(mail)

    async def _end(self) -> None:
        self._server.close()
        open_ = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_:
            task.cancel()
        await asyncio.gather(*open_, return_exceptions=True)

    def _session(self) -> SMTP:
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            hostname="sink",
            loop=self._loop,
            authenticator=self._authenticate if self._password else None,
            auth_require_tls=False,
        )

    def _authenticate(self, *arguments: Any) -> AuthResult:
        right = arguments[-1].password == str(self._password).encode()
        return AuthResult(success=right, handled=False)
