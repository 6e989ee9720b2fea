"""An Exivo visit from booking to door: made, told, replaced, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contracts.exivo.house import (
    END,
    HOUR,
    MINUTE,
    SECOND,
    START,
    letters,
    one_visit,
    opens,
    visits,
)

if TYPE_CHECKING:
    import pytest

    from tests.contracts.premises import Premises


def test_message_carries_a_link_and_a_pin_that_open_during_the_booking_alone(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    assert one_visit(place, door, START)
    (letter,) = letters(place)
    assert opens(place, door, letter, END - SECOND)
    assert not opens(place, door, letter, START - SECOND)
    assert not opens(place, door, letter, END)


def test_lead_and_lag_are_kept_to_the_minute(place: Premises) -> None:
    door = place.site.door("exivo")
    place.connect()
    place.rule(door, margin_before_minutes=15, margin_after_minutes=5)
    place.tell("confirmed", START, END)
    place.service.work()
    assert one_visit(place, door, START - 15 * MINUTE)
    (letter,) = letters(place)
    assert opens(place, door, letter, END + 5 * MINUTE - SECOND)
    assert not opens(place, door, letter, START - 15 * MINUTE - SECOND)
    assert not opens(place, door, letter, END + 5 * MINUTE)


def test_pin_with_leading_zeros_survives_everywhere(
    place: Premises, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([0, 0, 4, 2, 7, 0])
    monkeypatch.setattr("service.use_cases.issue_code.draw", lambda _: next(numbers))
    place.tell("confirmed", START, END)
    place.service.work()
    shown = place.api("GET", f"/api/accesses/{place.access().id}")
    (_, pin), (visit,) = letters(place)[0], visits(place)
    assert shown["pin"] == pin == visit["code"] == "004270"
    assert one_visit(place, door, START)


def test_access_shows_all_that_its_page_needs(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    shown = place.api("GET", f"/api/accesses/{place.access().id}")
    (visit,) = visits(place)
    assert shown["status"] == "created"
    assert (shown["valid_from"], shown["valid_until"]) == (
        "2026-12-02T14:00:00Z",
        "2026-12-02T16:00:00Z",
    )
    assert shown["lock"]["name"] == door["name"]
    assert shown["created_at"] == "2026-12-01T08:00:00Z"
    assert (shown["pin"], shown["link"]) == (visit["code"], visit["link"])
    assert visit["id"] in shown["vendor_place"]


def test_cancelled_booking_opens_nothing_though_the_link_still_exists(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    (letter,) = letters(place)
    place.tell("cancelled", START, END)
    place.service.work()
    assert not opens(place, door, letter, START)
    assert visits(place) == []
    assert [each.status for each in place.accesses()] == ["removed"]


def test_moved_booking_is_a_new_visit_and_message_and_then_the_old_one_dies(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("changed", START, END + HOUR)
    place.service.work()
    old, new = letters(place)
    assert one_visit(place, door, END + HOUR - SECOND)
    assert old != new
    assert not opens(place, door, old, START)
    assert [each.status for each in place.accesses()] == ["removed", "created"]


def test_guest_is_never_without_a_way_in_while_a_booking_moves(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    (old,) = letters(place)
    place.outbox.before.extend([OSError("no mail today")] * 3)
    place.tell("changed", START, END + HOUR)
    place.service.work()
    assert len(visits(place)) == 2  # the new one is there, and nobody knows it yet
    assert opens(place, door, old, START)
    (kept, wanted) = place.accesses()
    assert (kept.status, wanted.status) == ("created", "created")
    assert "taken back as soon as" in (kept.notice or "")
    place.pass_time(minutes=5)
    assert one_visit(place, door, END)
    assert not opens(place, door, old, START)


def test_booking_moved_while_exivo_is_down_keeps_its_old_visit_till_the_new_one(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    (old,) = letters(place)
    place.fault("POST", "*", effect={"status": 503}, ttl="PT1H")
    place.tell("changed", START, END + HOUR)
    place.pass_time(minutes=50)
    assert opens(place, door, old, START)
    place.pass_time(minutes=40)
    assert one_visit(place, door, END)
    assert not opens(place, door, old, START)


def test_booking_cancelled_while_it_moves_leaves_no_visit(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.fault("POST", "*", effect={"status": 503}, ttl="PT1H")
    place.tell("changed", START, END + HOUR)
    place.pass_time(minutes=10)
    place.tell("cancelled", START, END + HOUR)
    place.pass_time(hours=2)
    assert visits(place) == []
    assert {each.status for each in place.accesses()} == {"removed"}
    assert not opens(place, door, letters(place)[0], START)


def test_one_link_shows_exactly_the_doors_of_what_was_booked(place: Premises) -> None:
    front, studio, other = (place.site.door("exivo") for _ in range(3))
    place.connect()
    place.rule(front, studio)
    place.rule(other, resource="attic")
    place.tell("confirmed", START, END)
    place.service.work()
    (visit,), (letter,) = visits(place), letters(place)
    assert set(visit["components"]) == {front["vendor_id"], studio["vendor_id"]}
    assert [opens(place, each, letter, START) for each in (front, studio, other)] == [
        True,
        True,
        False,
    ]
    shown = place.api("GET", f"/api/accesses/{place.access().id}")
    (extra,) = shown["extra_locks"]
    assert {shown["lock"]["id"], extra["id"]} == {
        place.locks[each["vendor_id"]]["id"] for each in (front, studio)
    }
    for lock in (shown["lock"]["id"], extra["id"]):
        page = place.api("GET", f"/api/locks/{lock}")
        assert [each["id"] for each in page["accesses"]] == [shown["id"]]
        found = place.api("GET", f"/api/accesses?lock={lock}")["items"]
        assert [each["id"] for each in found] == [shown["id"]]


def test_booking_moved_to_a_room_that_shares_a_door_has_one_visit_there(
    place: Premises,
) -> None:
    front, studio, attic = (place.site.door("exivo") for _ in range(3))
    place.connect()
    place.rule(front, studio)
    place.rule(front, attic, resource="attic")
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("changed", START, END, resource="attic")
    place.service.work()
    (visit,), (old, new) = visits(place), letters(place)
    assert set(visit["components"]) == {front["vendor_id"], attic["vendor_id"]}
    assert opens(place, attic, new, START)
    assert opens(place, front, new, START)
    assert not opens(place, front, old, START)
    assert not opens(place, studio, new, START)


def test_gateway_is_listed_and_refused_with_the_reason(place: Premises) -> None:
    gateway = place.site.door("exivo", kind="gateway")
    place.connect()
    lock = place.locks[gateway["vendor_id"]]
    assert not lock["usable"]
    wish = {"resource": "room", "locks": [lock["id"]]}
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert "opens none; choose a door" in answer["detail"]


def test_door_that_is_offline_is_not_reported_as_opened(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    ((link, pin),) = letters(place)
    place.go_to(START)
    assert place.site.enter(door, pin, link=link)
    place.site.ask("PATCH", f"/doors/{door['id']}", online=False)
    assert not place.site.enter(door, pin, link=link)
    given = place.site.world["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}/component/{door['vendor_id']}/unlock"
    basic = (given["api_key"], given["api_secret"])
    assert place.site.http.post(url, auth=basic).status_code == 204
    (lock,) = place.api("POST", f"{place.path}/locks/refresh")["items"]
    assert "a message that no door hears" in lock["warning"]
    log = place.site.ask("GET", f"/doors/{door['id']}/log")
    assert len(log) == 1, log


def test_visit_by_hand_opens_for_the_time_asked_for_and_is_taken_away(
    place: Premises, door: Any
) -> None:
    lock = place.locks[door["vendor_id"]]["id"]
    wish = {"lock": lock, "kind": "visit", "name": "Plumber"}
    times = {"start": START.isoformat(), "end": END.isoformat()}
    made = place.api("POST", "/api/accesses", **wish, **times)
    place.service.work()
    shown = place.api("GET", f"/api/accesses/{made['id']}")
    assert shown["status"] == "created"
    assert place.site.opens(door, shown["pin"], START, shown["link"])
    assert not place.site.opens(door, shown["pin"], END, shown["link"])
    place.api("DELETE", f"/api/accesses/{made['id']}")
    place.service.work()
    assert not place.site.opens(door, shown["pin"], START, shown["link"])
