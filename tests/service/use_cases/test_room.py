"""Room leaves a place for whoever comes next, however much one lane wants."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.use_cases.room import Room


def filled(room: Room, lane: str) -> int:
    number = 0
    while room.take(lane):
        number += 1
    return number


def test_one_lane_gets_its_most_and_no_more() -> None:
    assert filled(Room(places=32, most=8), "a") == 8


def test_lanes_that_take_all_they_can_leave_places_for_others() -> None:
    room = Room(places=32, most=8)
    assert [filled(room, lane) for lane in "abcdef"] == [8, 8, 8, 4, 2, 1]
    assert room.free == 1
    assert room.take("g")


def test_a_place_given_back_can_be_taken_again() -> None:
    room = Room(places=2, most=1)
    assert room.take("a")
    assert not room.take("a")
    assert room.full == ["a"]
    room.give_back("a")
    assert room.full == []
    assert room.take("a")


def test_a_single_place_serves_one_lane_at_a_time() -> None:
    room = Room(places=1, most=1)
    assert room.take("a")
    assert not room.take("b")


def test_a_copy_is_tried_without_touching_the_room() -> None:
    room = Room(places=4, most=2)
    assert filled(room.copy(), "a") == 2
    assert room.free == 4


def test_room_for_one_lane_is_for_no_other() -> None:
    room = Room(places=2, most=2, only="a")
    assert not room.copy().take("b")
    assert room.take("a")


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_the_last_place_goes_to_a_lane_that_holds_none(lanes: list[str]) -> None:
    room = Room(places=16, most=8)
    for lane in lanes:
        room.take(lane)
    assert room.free >= 1
    assert room.take("newcomer")
