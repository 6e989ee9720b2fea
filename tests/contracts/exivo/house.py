"""A booking of tomorrow afternoon, and what its door should do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
START, END = MORNING + 30 * HOUR, MORNING + 32 * HOUR


def visits(place: Premises) -> list[dict[str, Any]]:
    """Return the visits of the site that are not revoked, as its API lists them."""
    return [row for row in rows(place, "/visit") if not row["revoked"]]


def rows(place: Premises, path: str) -> list[dict[str, Any]]:
    """Return all rows of one of the site's lists."""
    given = place.site.world["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}{path}"
    basic = (given["api_key"], given["api_secret"])
    found: list[dict[str, Any]] = []
    while page := place.site.http.get(f"{url}?skip={len(found)}", auth=basic).json():
        found += page
    return found


def letters(place: Premises) -> list[tuple[str, str]]:
    """Return link and PIN of every message, as its reader finds them."""
    return [
        (
            re.search(r"https?://\S+", letter.body).group(),  # type: ignore[union-attr]
            re.search(r"(?m)^\d{6}$", letter.body).group(),  # type: ignore[union-attr]
        )
        for letter in place.outbox.mails.values()
    ]


def opens(place: Premises, door: Any, letter: tuple[str, str], at: datetime) -> bool:
    """Tell whether link and PIN of a message would open the door then."""
    link, pin = letter
    return place.site.opens(door, pin, at, link)


def one_visit(place: Premises, door: Any, at: datetime) -> bool:
    """Tell whether one visit is left, and the last message opens the door by it."""
    (visit,), access = visits(place), place.access()
    assert access.status == "created", access.reason
    assert (access.ref, access.link) == (visit["id"], visit["link"])
    assert letters(place)[-1] == (visit["link"], visit["code"])
    return opens(place, door, letters(place)[-1], at)
