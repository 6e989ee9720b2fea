"""A booking runs through few modules of the service: one can read them all."""

from __future__ import annotations

import pytest

from tests.contracts.booking_path import path_of_a_booking, report

MOST = 42
"""Of these, two came with limits on guessed keys and with wider windows."""


@pytest.mark.parametrize(
    ("vendor", "further"),
    [
        ("igloohome", 0),
        ("exivo", 1),
        ("nuki", 3),  # a lock confirms its code: what is on its way is polled
        ("livionkey", 4),  # so is a key, whose place is stored
    ],
)
def test_booking_runs_through_few_modules(
    vendor: str, further: int, sqlite_url: str
) -> None:
    called = path_of_a_booking(vendor, sqlite_url)
    assert len(called) <= MOST + further, report(called)
