"""What the fakes refuse, our client tells in words: the value, and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.client import Strikeplate
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.client import World


@pytest.fixture
def world(base: str) -> Iterator[World]:
    made = Strikeplate(base, "control").world(now="2026-12-01T09:00:00Z")
    yield made
    made.drop()


def test_wrong_zone_is_told_with_its_value_and_the_fix(world: World) -> None:
    with pytest.raises(HarnessFault) as refused:
        world.door("nuki", "Flat 12", zone="Europe/Berlyn")
    told = str(refused.value)
    assert "422" in told
    assert "give a tz database name such as Europe/Stockholm" in told
    assert "timezone was 'Europe/Berlyn'" in told
    assert "about:blank" not in told


def test_unknown_field_of_a_door_is_told_with_the_nearest(world: World) -> None:
    with pytest.raises(HarnessFault, match="keypd: no such field; did you mean"):
        world.door("nuki", "Flat 12", keypd=True)


def test_code_that_is_a_number_is_refused_and_not_repeated(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    number: str = 251463  # type: ignore[assignment]  # what a caller may well write
    with pytest.raises(HarnessFault) as refused:
        door.opens(number)
    assert "code: write a text, in quotes" in str(refused.value)
    assert "251463" not in str(refused.value)
