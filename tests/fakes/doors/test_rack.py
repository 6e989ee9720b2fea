"""A key has one place, and a slot holds one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.doors.rack import Rack, RackError


@pytest.fixture
def rack() -> Rack:
    rack = Rack(2)
    rack.add("a", 0, inside=True)
    return rack


def test_slot_is_kept_for_a_key_that_is_out(rack: Rack) -> None:
    rack.take("a", "guest")
    assert (rack.lying_in(0), rack.free()) == (None, [1])
    rack.put("a")
    assert rack.lying_in(0) is rack.keys["a"]
    assert rack.keys["a"].holder is None


def test_key_that_gave_up_its_slot_comes_back_to_a_free_one(rack: Rack) -> None:
    rack.take("a", "guest", give_up=True)
    rack.add("b", 0, inside=True)
    assert rack.door_of("a") == 1
    rack.put("a")
    assert (rack.keys["a"].home, rack.keys["a"].slot) == (1, 1)


def test_key_that_gave_up_its_slot_finds_none_when_all_are_taken(rack: Rack) -> None:
    rack.take("a", "guest", give_up=True)
    for slot, key in enumerate(("b", "c")):
        rack.add(key, slot, inside=True)
    assert rack.door_of("a") is None
    with pytest.raises(RackError, match="no slot is free for key a"):
        rack.put("a")


def test_key_is_moved_along_with_its_slot(rack: Rack) -> None:
    rack.rehome("a", 1)
    assert rack.keys["a"].slot == 1
    rack.take("a", "guest")
    rack.rehome("a", 0)
    assert (rack.keys["a"].home, rack.keys["a"].slot) == (0, None)


def test_rack_refuses_what_cannot_be(rack: Rack) -> None:
    with pytest.raises(RackError, match="in this cabinet already"):
        rack.add("a", 1, inside=True)
    with pytest.raises(RackError, match="slot 0 is not free"):
        rack.add("b", 0, inside=True)
    with pytest.raises(RackError, match="slot 2 is none of 0 to 1"):
        rack.add("b", 2, inside=True)
    with pytest.raises(RackError, match="is in already"):
        rack.put("a")
    rack.take("a", "guest")
    with pytest.raises(RackError, match="is out already"):
        rack.take("a", "guest")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40))
def test_keys_never_meet_in_a_slot(moves: list[tuple[str, bool]]) -> None:
    rack = Rack(3)
    for slot, key in enumerate("abc"):
        rack.add(key, slot, inside=True)
    for key, give_up in moves:
        if rack.keys[key].is_in:
            rack.take(key, "guest", give_up=give_up)
        else:
            rack.put(key)
        lying = [each.slot for each in rack.keys.values() if each.is_in]
        assert len(lying) == len(set(lying))
