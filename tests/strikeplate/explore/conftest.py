"""Subjects that histories are played on: the reference, and known-bad ones by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.strikeplate.explore.test_play import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.environment import TargetContext


@pytest.fixture(scope="module")
def reference() -> Iterator[TargetContext]:
    yield from shared("inprocess:service")


@pytest.fixture
def mutant(request: pytest.FixtureRequest) -> Iterator[TargetContext]:
    yield from shared(f"mutant:{request.param}")
