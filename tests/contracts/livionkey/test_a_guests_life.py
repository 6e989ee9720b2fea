"""One guest's life at the cabinet: code, key, checkout, and what is told when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.store import accesses
from tests.contracts.livionkey.lobby import (
    END,
    HOUR,
    MANAGER,
    MINUTE,
    SECOND,
    START,
    Lobby,
    go_to,
)

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

NOT_RETURNED, RETURNED = "Key not returned", "Key returned"


def test_code_is_good_from_the_start_to_the_last_second_before_the_end(
    lobby: Lobby,
) -> None:
    pin = lobby.book("B-1", START, END)
    good = [lobby.opens(pin, at) for at in (START, END - SECOND)]
    dead = [lobby.opens(pin, at) for at in (START - SECOND, END)]
    assert (good, dead) == ([True, True], [False, False])


def test_key_that_was_taken_is_out_with_its_booking(lobby: Lobby) -> None:
    pin = lobby.book("B-1", START, END)
    assert lobby.state() == ("in slot", None)
    go_to(lobby, START + HOUR)
    assert lobby.type(pin)["key"] == "flat-1"
    assert lobby.state() == ("out", "B-1")
    assert lobby.key()["since"] == (START + HOUR).isoformat().replace("+00:00", "Z")
    assert lobby.state("flat-2") == ("in slot", None)


@pytest.mark.parametrize("minutes", [0, 60])
def test_key_that_is_not_returned_is_told_of_at_once_or_after_the_delay(
    place: Premises, minutes: int
) -> None:
    lobby = Lobby.of(place, overdue_after_minutes=minutes)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END + minutes * MINUTE - SECOND)
    assert (lobby.state(), lobby.told(NOT_RETURNED)) == (("out", "B-1"), [])
    place.pass_time(seconds=2)
    assert lobby.state() == ("overdue", "B-1")
    (letter,) = lobby.told(NOT_RETURNED)
    assert letter.to == MANAGER
    for word in ("Flat 1", "slot 0", "B-1", "2026-12-02 at 14:00"):
        assert word in letter.body
    assert pin not in letter.body
    place.pass_time(hours=30)
    assert len(lobby.told(NOT_RETURNED)) == 1


@pytest.mark.parametrize("returned", [False, True])
def test_late_key_of_a_code_made_by_hand_is_told_of_once_while_it_is_out(
    place: Premises, *, returned: bool
) -> None:
    lobby = Lobby.of(place, overdue_after_minutes=60, report_returns=True)
    pin = lobby.by_hand("Plumber", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END - SECOND)
    if returned:
        lobby.type(pin, "return")
    place.pass_time(seconds=2)
    letters = lobby.told(NOT_RETURNED)
    assert len(letters) == (0 if returned else 1)
    for word in ("Flat 1", "slot 0", "2026-12-02 at 14:00", "by hand"):
        assert all(word in letter.body for letter in letters)
    assert all(pin not in letter.body for letter in letters)
    place.pass_time(hours=30)
    assert lobby.told(NOT_RETURNED) == letters
    listed = place.api("GET", "/api/messages")["items"]
    assert [(each["booking"], each["kind"]) for each in listed] == [
        (None, "overdue") for _ in letters
    ]


def test_what_was_told_of_a_code_made_by_hand_goes_with_it(place: Premises) -> None:
    lobby = Lobby.of(place)
    pin = lobby.by_hand("Plumber", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END + HOUR)
    (access,) = place.api("GET", "/api/accesses")["items"]
    assert len(place.api("GET", "/api/messages")["items"]) == 1
    removed = accesses.GATEWAY.remove
    place.service.deps.store.write(lambda tx: removed(tx, id=access["id"]))
    assert place.api("GET", "/api/messages")["items"] == []


def test_key_that_is_returned_in_time_is_told_of_where_that_is_wished(
    place: Premises,
) -> None:
    lobby = Lobby.of(place, report_returns=True)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END - HOUR)
    assert not lobby.key()["free_for_cleaning"]
    lobby.type(pin, "return")
    assert lobby.state() == ("in slot", None)
    assert lobby.key()["free_for_cleaning"]
    assert lobby.key()["last_return"]["booking"] == "B-1"
    (letter,) = lobby.told(RETURNED)
    assert "Checkout of booking B-1 is confirmed" in letter.body
    place.pass_time(hours=3)
    assert len(lobby.told("Key")) == 1


def test_nobody_is_told_of_a_return_where_that_is_not_wished(lobby: Lobby) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    lobby.type(pin, "return")
    assert lobby.key()["last_return"]["booking"] == "B-1"
    assert lobby.told("Key") == []


@pytest.mark.parametrize(
    ("after", "takes"),
    [(30 * MINUTE, True), (HOUR - SECOND, True), (HOUR, False), (3 * HOUR, False)],
    ids=["inside", "last second", "over", "long over"],
)
def test_late_key_comes_back_by_its_own_code_within_grace_alone(
    place: Premises, after: object, *, takes: bool
) -> None:
    lobby = Lobby.of(place, return_grace_minutes=60, report_returns=True)
    lobby.settings(return_grace_minutes=60)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END + after)  # type: ignore[operator]
    assert lobby.state() == ("overdue", "B-1")
    assert lobby.type(pin)["opened"] is takes
    assert lobby.state() == (("in slot", None) if takes else ("overdue", "B-1"))
    assert len(lobby.told(RETURNED)) == takes


def test_late_key_comes_back_by_the_static_code_of_its_slot(place: Premises) -> None:
    lobby = Lobby.of(place, report_returns=True)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END + 5 * HOUR)
    assert not lobby.type(pin)["opened"]
    assert not lobby.type("*7002")["opened"]
    assert lobby.type("*7001")["key"] == "flat-1"
    assert lobby.state() == ("in slot", None)
    (letter,) = lobby.told(RETURNED)
    assert "B-1" in letter.body
    assert not lobby.type("*7001")["opened"]


def test_next_guest_who_finds_the_slot_empty_has_not_got_the_key(lobby: Lobby) -> None:
    first = lobby.book("B-1", START, END)
    second = lobby.book("B-2", END, END + 20 * HOUR)
    go_to(lobby, START)
    lobby.type(first, "take")
    go_to(lobby, END + HOUR)
    entry = lobby.type(second)
    assert (entry["opened"], entry["key"], entry["reason"]) == (True, None, "empty")
    assert lobby.state() == ("overdue", "B-1")
    lobby.type("*7001")
    assert lobby.key()["last_return"]["booking"] == "B-1"
    assert lobby.type(second)["key"] == "flat-1"
    assert lobby.state() == ("out", "B-2")


def test_contract_beats_the_default_checkout(lobby: Lobby) -> None:
    lobby.settings(default_checkout_time="11:00")
    pin = lobby.book("B-1", START, END)  # until 14:00 in Helsinki
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END - MINUTE)  # 13:59
    assert lobby.opens(pin, END - MINUTE)
    assert (lobby.state(), lobby.told("Key")) == (("out", "B-1"), [])
    place = lobby.place
    place.pass_time(minutes=1, seconds=1)
    assert lobby.state() == ("overdue", "B-1")
    (letter,) = lobby.told(NOT_RETURNED)
    assert "2026-12-02 at 14:00" in letter.body
    assert not lobby.opens(pin, END)
