"""The only module of the service that makes ids, keys, tokens and random numbers.

Invariants: nothing else in `service/` asks for randomness. Ids sort by the moment they
were made, and within one process also by their order in that moment, so a list in
order of id is a list in order of time.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from itertools import count

from service.secret import Secret

_orders = count()


def new_id(prefix: str, now: datetime) -> str:
    """Return a fresh id such as `acc_0193a5f0c2e800070a9b7c64d21f`."""
    milliseconds = int(now.timestamp() * 1000)
    order = next(_orders) % 0x1_0000
    return f"{prefix}_{milliseconds:012x}{order:04x}{secrets.token_hex(6)}"


def new_webhook_key() -> str:
    """Return an unguessable part of a URL: 256 bits in letters, digits, - and _."""
    return secrets.token_urlsafe(32)


def new_token() -> Secret:
    """Return a fresh API token."""
    return Secret(secrets.token_urlsafe(32))


def new_salt() -> bytes:
    """Return 16 bytes that no other password hash has."""
    return secrets.token_bytes(16)


def new_signing_secret() -> Secret:
    """Return a fresh Standard Webhooks secret, `whsec_` and 32 bytes in base64."""
    return Secret("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())


def draw(below: int) -> int:
    """Return an unguessable number from 0 up to, not including, `below`."""
    return secrets.randbelow(below)


def new_lease() -> str:
    """Return a name for one lease, so that an earlier holder is recognised."""
    return secrets.token_hex(8)
