"""TLS for vendors' hosts: an authority of our own, and a port that decrypts.

The authority is made anew at each start; clients are told to trust its file
(`REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS`, `curl --cacert`). It never leaves this
machine, and its key is never written.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import trustme

import serving
from fakes.kit.app import discover

if TYPE_CHECKING:
    from collections.abc import Iterable
    from socket import socket

CHUNK = 65_536
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""How this machine is called by itself, where all of its addresses answer."""


def serve_vendor_hosts(tls: socket, vendors: str, ca_file: str, plain: socket) -> int:
    """Answer the hosts of all vendors by TLS, from a plain port; return the TLS port.

    RefusedError if the file of the authority cannot be written.
    """
    hosts = [host for fake in discover(vendors).values() for host in fake.hosts]
    try:
        context = certified(hosts, ca_file)
    except OSError as error:
        text = f"--ca-file {ca_file!r} cannot be written: {error.strerror}"
        raise serving.RefusedError(text) from error
    host, answering = plain.getsockname()[:2]
    tls.listen()
    decrypt(tls, context, (LOOPBACK.get(host, host), answering))
    port: int = tls.getsockname()[1]
    return port


def certified(hosts: Iterable[str], authority: str) -> ssl.SSLContext:
    """Return a context with a certificate for hosts; write who has signed it."""
    signer = trustme.CA(organization_name="Strikeplate", organization_unit_name="fakes")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    signer.issue_cert(*hosts, "localhost", "127.0.0.1").configure_cert(context)
    signer.cert_pem.write_to_path(authority)
    return context


def decrypt(bound: socket, context: ssl.SSLContext, plain: tuple[str, int]) -> None:
    """Serve a socket by TLS from now on, in a thread; a plain address answers."""
    serving_it = _serve(bound, context, plain)
    Thread(target=asyncio.run, args=(serving_it,), name="tls", daemon=True).start()


async def _serve(
    bound: socket, context: ssl.SSLContext, plain: tuple[str, int]
) -> None:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection(*plain)
        await asyncio.gather(_pass(reader, back), _pass(there, writer))

    server = await asyncio.start_server(answer, sock=bound, ssl=context)
    async with server:
        await server.serve_forever()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on all bytes, then the end."""
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()
