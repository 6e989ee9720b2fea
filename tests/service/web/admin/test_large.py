"""Pages of an account with a hundred locks are small and fast."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from service.ports import VendorLock

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

MANY = 100
MOST_BYTES = 100_000
MOST_SECONDS = 0.2


@pytest.mark.parametrize(
    "page",
    ["/codes/new", "{own}/locks", "{own}/rules", "{own}/rules/new", "/trouble", "/"],
)
def test_page_of_a_hundred_locks_is_small_and_fast(browser: Browser, page: str) -> None:
    browser.api.env.stub_vendor.devices = [
        VendorLock(f"door-{number}", f"Meeting room {number}", "lock", usable=True)
        for number in range(MANY)
    ]
    connection = browser.api.connect()
    own = f"/connections/{connection['id']}"
    locks = browser.api.get(f"/api{own}/locks")["items"]
    assert len(locks) == MANY
    for number, lock in enumerate(locks):
        rule = {"resource": f"room-{number}", "locks": [lock["id"]]}
        made = browser.api.call("POST", f"/api{own}/rules", json=rule)
        assert made.status_code == 201, made.text
    path = page.format(own=own)
    assert len(browser.client.get(path).data) < MOST_BYTES
    assert min(seconds_of(browser, path) for _ in range(5)) < MOST_SECONDS


def seconds_of(browser: Browser, path: str) -> float:
    """Return the processor's time for a page; that of others does not count."""
    begun = process_time()
    assert browser.client.get(path).status_code == 200
    return process_time() - begun
