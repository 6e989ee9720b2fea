"""A lock is looked at in time before a code begins, though nobody orders anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from service.clock import now
from tests.service.env import THREE, ServiceEnv
from tests.service.stub_vendor import StubVendor
from tests.service.use_cases.conftest import book, pass_time

if TYPE_CHECKING:
    from datetime import datetime

    from service.ports import Credentials, VendorLock
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class WatchedVendor(StubVendor):
    """A vendor that notes when its devices were listed."""

    listed_at: list[datetime] = field(default_factory=list)

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return the devices."""
        self.listed_at.append(now())
        return super().locks(credentials)


def test_lock_is_looked_at_the_more_often_the_nearer_a_code_begins(
    sqlite_url: str, clock: Clock
) -> None:
    vendor = WatchedVendor()
    env = ServiceEnv(sqlite_url, stub_vendor=vendor)
    env.rule()
    begins = THREE + 30 * DAY
    book(env, start=begins, end=begins + 3 * DAY)
    vendor.listed_at.clear()
    pass_time(env, clock, 33 * DAY)
    hours = [round((begins - at) / HOUR) for at in vendor.listed_at]
    in_weeks, in_days = [559, 391], list(range(14 * 24, 24, -24))
    last_day, in_use = list(range(24, 0, -1)), [-23, -47]
    assert hours == in_weeks + in_days + last_day + in_use
    env.close()


def test_credentials_that_are_refused_are_told_once_though_no_order_is_due(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    book(env)
    env.stub_vendor.password = "changed"
    pass_time(env, clock, timedelta(hours=2))
    owner = [m for m in env.outbox.mails.values() if m.to == "owner@example.org"]
    assert len(owner) == 1
    assert "refuses the credentials" in owner[0].subject
