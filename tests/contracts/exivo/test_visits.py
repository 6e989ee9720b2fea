"""An Exivo visit from booking to door: made, told, replaced, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contracts.exivo.helpers import (
    END,
    HOUR,
    MINUTE,
    SECOND,
    START,
    links_and_pins,
    one_visit,
    opens,
    visits,
)

if TYPE_CHECKING:
    import pytest

    from tests.contracts.integration import IntegrationEnv


def test_message_carries_a_link_and_a_pin_that_open_during_the_booking_alone(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    assert one_visit(env, door, START)
    (link_and_pin,) = links_and_pins(env)
    assert opens(env, door, link_and_pin, END - SECOND)
    assert not opens(env, door, link_and_pin, START - SECOND)
    assert not opens(env, door, link_and_pin, END)


def test_lead_and_lag_are_kept_to_the_minute(env: IntegrationEnv) -> None:
    door = env.world.add_door("exivo")
    env.connect()
    env.rule(door, margin_before_minutes=15, margin_after_minutes=5)
    env.send_event("confirmed", START, END)
    env.service.work()
    assert one_visit(env, door, START - 15 * MINUTE)
    (link_and_pin,) = links_and_pins(env)
    assert opens(env, door, link_and_pin, END + 5 * MINUTE - SECOND)
    assert not opens(env, door, link_and_pin, START - 15 * MINUTE - SECOND)
    assert not opens(env, door, link_and_pin, END + 5 * MINUTE)


def test_pin_with_leading_zeros_survives_everywhere(
    env: IntegrationEnv, door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([0, 0, 4, 2, 7, 0])
    monkeypatch.setattr("service.use_cases.compose_order.draw", lambda _: next(numbers))
    env.send_event("confirmed", START, END)
    env.service.work()
    shown = env.api("GET", f"/api/accesses/{env.access().id}")
    (_, pin), (visit,) = links_and_pins(env)[0], visits(env)
    assert shown["pin"] == pin == visit["code"] == "004270"
    assert one_visit(env, door, START)


def test_access_shows_all_that_its_page_needs(env: IntegrationEnv, door: Any) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    shown = env.api("GET", f"/api/accesses/{env.access().id}")
    (visit,) = visits(env)
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
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    (link_and_pin,) = links_and_pins(env)
    env.send_event("cancelled", START, END)
    env.service.work()
    assert not opens(env, door, link_and_pin, START)
    assert visits(env) == []
    assert [each.status for each in env.accesses()] == ["removed"]


def test_moved_booking_is_a_new_visit_and_message_and_then_the_old_one_dies(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    env.send_event("changed", START, END + HOUR)
    env.service.work()
    old, new = links_and_pins(env)
    assert one_visit(env, door, END + HOUR - SECOND)
    assert old != new
    assert not opens(env, door, old, START)
    assert [each.status for each in env.accesses()] == ["removed", "created"]


def test_old_visit_ends_at_its_change_though_no_mail_goes_out(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    (old,) = links_and_pins(env)
    env.outbox.before.extend([OSError("no mail today")] * 3)
    env.send_event("changed", START, END + HOUR)
    env.service.work()
    assert len(visits(env)) == 1
    assert not opens(env, door, old, START)
    env.advance(minutes=5)
    assert one_visit(env, door, END)
    assert not opens(env, door, old, START)


def test_booking_moved_while_exivo_is_down_keeps_its_old_visit_till_the_new_one(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    (old,) = links_and_pins(env)
    env.add_fault("POST", "*", effect={"status": 503}, ttl="PT1H")
    env.send_event("changed", START, END + HOUR)
    env.advance(minutes=50)
    assert opens(env, door, old, START)
    env.advance(minutes=40)
    assert one_visit(env, door, END)
    assert not opens(env, door, old, START)


def test_booking_cancelled_while_it_moves_leaves_no_visit(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    env.add_fault("POST", "*", effect={"status": 503}, ttl="PT1H")
    env.send_event("changed", START, END + HOUR)
    env.advance(minutes=10)
    env.send_event("cancelled", START, END + HOUR)
    env.advance(hours=2)
    assert visits(env) == []
    assert {each.status for each in env.accesses()} == {"removed"}
    assert not opens(env, door, links_and_pins(env)[0], START)


def test_one_link_shows_exactly_the_doors_of_what_was_booked(
    env: IntegrationEnv,
) -> None:
    front, studio, other = (env.world.add_door("exivo") for _ in range(3))
    env.connect()
    env.rule(front, studio)
    env.rule(other, resource="attic")
    env.send_event("confirmed", START, END)
    env.service.work()
    (visit,), (link_and_pin,) = visits(env), links_and_pins(env)
    assert set(visit["components"]) == {front["vendor_id"], studio["vendor_id"]}
    assert [
        opens(env, each, link_and_pin, START) for each in (front, studio, other)
    ] == [
        True,
        True,
        False,
    ]
    shown = env.api("GET", f"/api/accesses/{env.access().id}")
    (extra,) = shown["extra_locks"]
    assert {shown["lock"]["id"], extra["id"]} == {
        env.locks[each["vendor_id"]]["id"] for each in (front, studio)
    }
    for lock in (shown["lock"]["id"], extra["id"]):
        page = env.api("GET", f"/api/locks/{lock}")
        assert [each["id"] for each in page["accesses"]] == [shown["id"]]
        found = env.api("GET", f"/api/accesses?lock={lock}")["items"]
        assert [each["id"] for each in found] == [shown["id"]]


def test_booking_moved_to_a_room_that_shares_a_door_has_one_visit_there(
    env: IntegrationEnv,
) -> None:
    front, studio, attic = (env.world.add_door("exivo") for _ in range(3))
    env.connect()
    env.rule(front, studio)
    env.rule(front, attic, resource="attic")
    env.send_event("confirmed", START, END)
    env.service.work()
    env.send_event("changed", START, END, resource="attic")
    env.service.work()
    (visit,), (old, new) = visits(env), links_and_pins(env)
    assert set(visit["components"]) == {front["vendor_id"], attic["vendor_id"]}
    assert opens(env, attic, new, START)
    assert opens(env, front, new, START)
    assert not opens(env, front, old, START)
    assert not opens(env, studio, new, START)


def test_gateway_is_listed_and_refused_with_the_reason(env: IntegrationEnv) -> None:
    gateway = env.world.add_door("exivo", kind="gateway")
    env.connect()
    lock = env.locks[gateway["vendor_id"]]
    assert not lock["usable"]
    body = {"resource": "room", "locks": [lock["id"]]}
    answer = env.api("POST", f"{env.path}/rules", status=422, **body)
    assert "opens none; choose a door" in answer["detail"]


def test_door_that_is_offline_is_not_reported_as_opened(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    ((link, pin),) = links_and_pins(env)
    env.advance_to(START)
    assert env.world.enter(door, pin, link=link)
    env.world.call("PATCH", f"/doors/{door['id']}", online=False)
    assert not env.world.enter(door, pin, link=link)
    given = env.world.data["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}/component/{door['vendor_id']}/unlock"
    basic = (given["api_key"], given["api_secret"])
    assert env.world.http.post(url, auth=basic).status_code == 204
    (lock,) = env.api("POST", f"{env.path}/locks/refresh")["items"]
    assert "a message that no door hears" in lock["warning"]
    log = env.world.call("GET", f"/doors/{door['id']}/log")
    assert len(log) == 1, log


def test_visit_by_hand_opens_for_the_time_asked_for_and_is_taken_away(
    env: IntegrationEnv, door: Any
) -> None:
    lock = env.locks[door["vendor_id"]]["id"]
    body = {"lock": lock, "kind": "visit", "name": "Plumber"}
    times = {"start": START.isoformat(), "end": END.isoformat()}
    made = env.api("POST", "/api/accesses", **body, **times)
    env.service.work()
    shown = env.api("GET", f"/api/accesses/{made['id']}")
    assert shown["status"] == "created"
    assert env.world.opens(door, shown["pin"], START, shown["link"])
    assert not env.world.opens(door, shown["pin"], END, shown["link"])
    env.api("DELETE", f"/api/accesses/{made['id']}")
    env.service.work()
    assert not env.world.opens(door, shown["pin"], START, shown["link"])
