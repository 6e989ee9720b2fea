"""Livion's events hurry the service; what is true is what it reads."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from tests.contracts.livionkey.lobby import (
    AGREED,
    END,
    HOUR,
    MINUTE,
    START,
    Lobby,
    go_to,
)

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def deliveries(lobby: Lobby) -> list[dict[str, Any]]:
    """Return what Livion sent about keys, the oldest first."""
    rows = lobby.place.site.ask("GET", "/deliveries")
    return [row for row in rows if row["body"]["type"] == "key-status"]


def replay(lobby: Lobby, row: dict[str, Any]) -> None:
    lobby.place.site.ask("POST", f"/deliveries/{row['id']}/replay")
    lobby.place.service.work()


def truth(lobby: Lobby, key: int = 0) -> str:
    """Return where the key is, as somebody sees who stands before the cabinet."""
    (door,) = lobby.place.site.ask("GET", "/doors")
    return "in slot" if door["slots"][key]["in"] else "out"


def test_key_without_events_is_seen_within_the_hour_and_at_its_end(
    place: Premises,
) -> None:
    lobby = Lobby.of(place, events=False)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.type(pin, "take")
    assert lobby.state() == ("in slot", None)
    place.pass_time(hours=1)
    assert lobby.state() == ("out", "B-1")
    place.go_to(END)
    assert lobby.state() == ("overdue", "B-1")
    assert len(lobby.told("Key not returned")) == 1


def test_newer_events_are_heard_by_their_signature(place: Premises) -> None:
    lobby = Lobby.of(place, events=False)
    lobby.register_webhook()
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.type(pin, "take")
    assert lobby.state() == ("out", "B-1")


def test_stranger_is_not_heard(lobby: Lobby) -> None:
    url = f"/vendor-events/{lobby.webhook_key}"
    event = {"type": "key-status", "deviceId": lobby.door["vendor_id"]}
    wrong = {"x-api-key": f"{AGREED}!"}
    post = lobby.place.client.post
    assert post(url, json=event, headers=wrong).status_code == 401
    assert post(url, json=event).status_code == 401
    right = {"x-api-key": AGREED}
    assert post(url, json=event, headers=right).status_code == 204


def test_event_that_lies_changes_nothing(lobby: Lobby) -> None:
    lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    event = {
        "type": "key-status",
        "state": "key-fetched",
        "deviceId": lobby.door["vendor_id"],
        "keyId": "flat-1",
        "contractId": "B-1",
    }
    url, right = f"/vendor-events/{lobby.webhook_key}", {"x-api-key": AGREED}
    answer = lobby.place.client.post(url, json=event, headers=right)
    assert answer.status_code == 204
    lobby.place.service.work()
    assert lobby.state() == ("in slot", None)


def test_key_that_came_back_while_nobody_listened_was_returned_all_the_same(
    place: Premises,
) -> None:
    lobby = Lobby.of(place, report_returns=True, events=False)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.type(pin, "take")
    lobby.type(pin, "return")
    place.pass_time(hours=1)
    assert lobby.state() == ("in slot", None)
    (letter,) = lobby.told("Key returned")
    assert "B-1" in letter.body


@pytest.mark.parametrize("seed", range(4))
def test_events_twice_late_and_out_of_order_leave_the_true_state(
    place: Premises, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311
    lobby = Lobby.of(place, report_returns=True)
    guests = [f"B-{n}" for n in range(1, 4)]
    pins = [
        lobby.book(ref, START + 4 * n * HOUR, START + (4 * n + 3) * HOUR)
        for n, ref in enumerate(guests)
    ]
    go_to(lobby, START)
    held = []
    for n, pin in enumerate(pins):
        lobby.place.go_to(max(START + 4 * n * HOUR, now() + MINUTE))
        place.hears = chance.random() < 0.5
        for _ in range(chance.randint(1, 4)):
            lobby.type(pin)
            place.pass_time(minutes=chance.randint(1, 40))
        held = deliveries(lobby)
        for row in chance.sample(held, k=len(held)) + chance.choices(held, k=3):
            place.hears = True
            replay(lobby, row)
            if chance.random() < 0.3:
                place.pass_time(minutes=1)
        lobby.place.go_to(START + (4 * n + 3) * HOUR + MINUTE)
        away = truth(lobby) == "out"
        assert lobby.state() == (("overdue", guests[n]) if away else ("in slot", None))
        lobby.type("*7001")
        assert lobby.state() == ("in slot", None)
        assert lobby.key()["last_return"]["booking"] == guests[n]
    for row in chance.sample(held, k=len(held)):
        replay(lobby, row)
    assert lobby.state() == ("in slot", None)
    told = [(each.subject, each.body) for each in lobby.told("Key")]
    assert len(told) == len(set(told))


def test_cabinet_that_is_offline_is_warned_of_and_asked_again_when_it_is_back(
    lobby: Lobby,
) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.patch(online=False)
    lobby.type(pin, "take")
    lobby.place.pass_time(hours=1)
    found = lobby.key()
    assert (found["state"], "offline" in found["warning"]) == ("in slot", True)
    lobby.patch(online=True)
    lobby.place.pass_time(seconds=5)
    assert lobby.state() == ("out", "B-1")
    assert lobby.key()["warning"] is None


def test_looking_again_by_hand_finds_what_no_event_told(place: Premises) -> None:
    lobby = Lobby.of(place, events=False)
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.type(pin, "take")
    place.api("POST", f"{place.path}/keys/look")
    place.service.work()
    (first, _) = place.api("GET", f"{place.path}/keys")["items"]
    assert (first["state"], first["booking"]) == ("out", "B-1")


@pytest.mark.parametrize(
    ("effect", "state", "reason"),
    [
        ({"status": 503, "body": "busy"}, "out", "a problem of its own"),
        ({"status": 400, "body": "Device not found"}, "unknown", "no such device"),
    ],
    ids=["down", "gone"],
)
def test_look_that_fails_says_why_and_what_is_known_then(
    lobby: Lobby, effect: dict[str, Any], state: str, reason: str
) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START + MINUTE)
    lobby.type(pin, "take")
    lobby.place.fault("GET", "/devices/*", effect=effect)
    look = f"{lobby.place.path}/keys/look"
    lobby.place.api("POST", look)
    lobby.place.service.work()
    found = lobby.key()
    assert found["state"] == state
    assert reason in found["reason"]
    lobby.place.site.ask("DELETE", "/faults")
    lobby.place.api("POST", look)
    lobby.place.service.work()
    assert lobby.key()["state"] == "out"
    assert lobby.key()["reason"] is None
