"""Connections to the receivers of webhooks, whose answers have one deadline.

It stands apart from `webhooks.py` since loading urllib3 takes long, and a process that
sends none need not.
"""

from __future__ import annotations

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from serving.deadlines import TimedAnswer


class _Connection(HTTPConnection):
    response_class = TimedAnswer


class _TlsConnection(HTTPSConnection):
    response_class = TimedAnswer


class TimedPool(HTTPConnectionPool):
    """Connections in the clear."""

    ConnectionCls = _Connection


class TimedTlsPool(HTTPSConnectionPool):
    """Connections by TLS."""

    ConnectionCls = _TlsConnection
