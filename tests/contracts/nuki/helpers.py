"""A booking of tomorrow afternoon, and what its one door should do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
START, END = MORNING + 30 * HOUR, MORNING + 32 * HOUR


def patch(env: IntegrationEnv, door: Any, **fields: Any) -> None:
    env.world.call("PATCH", f"/doors/{door['id']}", **fields)


def one_working_code(env: IntegrationEnv, door: Any, at: datetime) -> bool:
    """Tell whether the booking has one access, and the door one code that opens."""
    access = env.access()
    pin = env.pin(access)
    assert access.status == "created", access.reason
    assert env.codes_at_door() == [pin]
    return env.world.opens(door, pin, at)
