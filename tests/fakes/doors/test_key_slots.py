"""A key has one place, and a slot holds one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.doors.key_slots import KeySlots, KeySlotsError


@pytest.fixture
def key_slots() -> KeySlots:
    key_slots = KeySlots(2)
    key_slots.add("a", 0, inside=True)
    return key_slots


def test_slot_is_kept_for_a_key_that_is_out(key_slots: KeySlots) -> None:
    key_slots.take("a", "guest")
    assert (key_slots.lying_in(0), key_slots.free()) == (None, [1])
    key_slots.put("a")
    assert key_slots.lying_in(0) is key_slots.keys["a"]
    assert key_slots.keys["a"].holder is None


def test_key_that_gave_up_its_slot_comes_back_to_a_free_one(
    key_slots: KeySlots,
) -> None:
    key_slots.take("a", "guest", give_up=True)
    key_slots.add("b", 0, inside=True)
    assert key_slots.door_of("a") == 1
    key_slots.put("a")
    assert (key_slots.keys["a"].home, key_slots.keys["a"].slot) == (1, 1)


def test_key_that_gave_up_its_slot_finds_none_when_all_are_taken(
    key_slots: KeySlots,
) -> None:
    key_slots.take("a", "guest", give_up=True)
    for slot, key in enumerate(("b", "c")):
        key_slots.add(key, slot, inside=True)
    assert key_slots.door_of("a") is None
    with pytest.raises(KeySlotsError, match="no slot is free for key a"):
        key_slots.put("a")


def test_key_is_moved_along_with_its_slot(key_slots: KeySlots) -> None:
    key_slots.rehome("a", 1)
    assert key_slots.keys["a"].slot == 1
    key_slots.take("a", "guest")
    key_slots.rehome("a", 0)
    assert (key_slots.keys["a"].home, key_slots.keys["a"].slot) == (0, None)


def test_rack_refuses_what_cannot_be(key_slots: KeySlots) -> None:
    with pytest.raises(KeySlotsError, match="in this cabinet already"):
        key_slots.add("a", 1, inside=True)
    with pytest.raises(KeySlotsError, match="slot 0 is not free"):
        key_slots.add("b", 0, inside=True)
    with pytest.raises(KeySlotsError, match="slot 2 is none of 0 to 1"):
        key_slots.add("b", 2, inside=True)
    with pytest.raises(KeySlotsError, match="is in already"):
        key_slots.put("a")
    key_slots.take("a", "guest")
    with pytest.raises(KeySlotsError, match="is out already"):
        key_slots.take("a", "guest")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40))
def test_keys_never_meet_in_a_slot(moves: list[tuple[str, bool]]) -> None:
    key_slots = KeySlots(3)
    for slot, key in enumerate("abc"):
        key_slots.add(key, slot, inside=True)
    for key, give_up in moves:
        if key_slots.keys[key].is_in:
            key_slots.take(key, "guest", give_up=give_up)
        else:
            key_slots.put(key)
        lying = [each.slot for each in key_slots.keys.values() if each.is_in]
        assert len(lying) == len(set(lying))
