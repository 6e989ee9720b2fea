"""Arrivals follow the shape and the seed, and nobody's answers."""

from __future__ import annotations

from random import Random

import pytest

from loadtests.workload import SHAPES, arrivals, delivery_time


def arrive(name: str, seed: int = 7) -> list[float]:
    return arrivals(SHAPES[name], 2000, 100, Random(seed))  # noqa: S311 - test data


@pytest.mark.parametrize("name", SHAPES)
def test_every_booking_arrives_once_in_order_within_the_run(name: str) -> None:
    found = arrive(name)
    assert len(found) == 2000
    assert found == sorted(found)
    assert found[0] >= 0
    assert found[-1] <= 100


@pytest.mark.parametrize("name", SHAPES)
def test_seed_decides_the_arrivals(name: str) -> None:
    assert arrive(name) == arrive(name)
    assert arrive(name) != arrive(name, seed=8)


def test_steady_is_even() -> None:
    tenths = [
        sum(t <= at < t + 10 for at in arrive("steady")) for t in range(0, 100, 10)
    ]
    assert min(tenths) > 150
    assert max(tenths) < 250


def test_rush_is_at_noon() -> None:
    noon = sum(45 <= at < 55 for at in arrive("rush"))
    assert noon > 800


def test_season_opens_with_a_wave() -> None:
    found = arrive("season")
    assert sum(at < 10 for at in found) > 5 * sum(at >= 90 for at in found)


@pytest.mark.parametrize(
    ("at", "sent"), [(39.9, 39.9), (40, 60), (59.9, 60), (60, 60), (61, 61)]
)
def test_event_due_in_an_outage_is_sent_after_it(at: float, sent: float) -> None:
    assert delivery_time(SHAPES["storm"], at, 100) == sent


def test_other_shapes_have_no_outage() -> None:
    assert delivery_time(SHAPES["rush"], 50, 100) == 50
