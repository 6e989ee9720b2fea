"""The booking platform: bookings as signed messages, each written out once.

Law: every message is a booking of its own, so nothing is a duplicate by accident, and
no two ask one lock for one window more often than the vendor has codes for it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loadtests import now
from loadtests.bench.client import written
from strikeplate.platforms.signatures import signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HOURS: Final = 600
"""Start hours to choose from, within the 28 days of an hourly code."""

AHEAD: Final = timedelta(days=2)


def messages(
    path: str, secret: str, first: int, count: int, *, resources: int
) -> Iterator[bytes]:
    """Yield requests that confirm the bookings `B-first` and the next ones.

    `secret` is as Standard Webhooks writes it; a signature is good for five minutes.
    """
    at = now().replace(microsecond=0)
    for number in range(first, first + count):
        body = _body(number, resources, at)
        headers = signed(secret, f"evt_{number}", body, at)
        yield written("POST", path, body, headers)


def _body(number: int, resources: int, at: datetime) -> bytes:
    day = at.replace(minute=0, second=0) + AHEAD
    start = day + timedelta(hours=number // resources % HOURS)
    message = {
        "id": f"evt_{number}",
        "type": "booking.confirmed",
        "occurred_at": at.isoformat(),
        "booking": {
            "id": f"B-{number}",
            "resource": f"court-{number % resources}",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "customer": {
                "name": "Ada Novak",
                "email": f"ada{number}@example.org",
                "phone": "+46701234567",
                "language": "sv",
            },
        },
    }
    return json.dumps(message).encode()
