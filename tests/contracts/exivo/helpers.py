"""A booking of tomorrow afternoon, and what its door should do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
START, END = MORNING + 30 * HOUR, MORNING + 32 * HOUR


def visits(env: IntegrationEnv) -> list[dict[str, Any]]:
    """Return the visits of the site that are not revoked, as its API lists them."""
    return [row for row in rows(env, "/visit") if not row["revoked"]]


def rows(env: IntegrationEnv, path: str) -> list[dict[str, Any]]:
    """Return all rows of one of the site's lists."""
    given = env.world.data["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}{path}"
    basic = (given["api_key"], given["api_secret"])
    found: list[dict[str, Any]] = []
    while page := env.world.http.get(f"{url}?skip={len(found)}", auth=basic).json():
        found += page
    return found


def links_and_pins(env: IntegrationEnv) -> list[tuple[str, str]]:
    """Return link and PIN of every message, as its reader finds them."""
    return [
        (
            re.search(r"https?://\S+", mail.body).group(),  # type: ignore[union-attr]
            re.search(r"(?m)^\d{6}$", mail.body).group(),  # type: ignore[union-attr]
        )
        for mail in env.outbox.mails.values()
    ]


def opens(
    env: IntegrationEnv, door: Any, link_and_pin: tuple[str, str], at: datetime
) -> bool:
    """Tell whether link and PIN of a message would open the door then."""
    link, pin = link_and_pin
    return env.world.opens(door, pin, at, link)


def one_visit(env: IntegrationEnv, door: Any, at: datetime) -> bool:
    """Tell whether one visit is left, and the last message opens the door by it."""
    (visit,), access = visits(env), env.access()
    assert access.status == "created", access.reason
    assert (access.ref, access.link) == (visit["id"], visit["link"])
    assert links_and_pins(env)[-1] == (visit["link"], visit["code"])
    return opens(env, door, links_and_pins(env)[-1], at)
