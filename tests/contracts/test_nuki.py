"""Nuki from booking to door: the service, the fake, and whatever goes wrong between."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest
from freezegun import freeze_time

from service.clock import now
from tests.contracts.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
START, END = MORNING + 30 * HOUR, MORNING + 32 * HOUR


@pytest.fixture(scope="module")
def still() -> Iterator[Any]:
    with freeze_time(MORNING) as clock:
        yield clock


@pytest.fixture
def place(still: Any, sqlite_url: str) -> Iterator[Premises]:
    still.move_to(MORNING)
    place = Premises(still, sqlite_url, "nuki")
    yield place
    place.close()


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door behind `room`, its account linked."""
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    place.rule(door)
    return door


def patch(place: Premises, door: Any, **fields: Any) -> None:
    place.site.ask("PATCH", f"/doors/{door['id']}", **fields)


def one_working_code(place: Premises, door: Any, at: datetime) -> bool:
    """Tell whether the booking has one access, and the door one code that opens."""
    access = place.access()
    pin = place.pin(access)
    assert access.status == "created", access.reason
    assert place.at_the_door() == [pin]
    return place.site.opens(door, pin, at)


def test_code_is_in_progress_until_the_lock_has_it(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    access = place.access()
    shown = place.api("GET", f"/api/accesses/{access.id}")
    assert (shown["status"], shown["pin"]) == ("in progress", None)
    assert "on its way to the lock" in shown["reason"]
    assert place.at_the_door() == []
    assert place.letterbox.letters == {}
    place.pass_time(minutes=1)
    assert one_working_code(place, door, START)
    (letter,) = place.letterbox.letters.values()
    assert place.pin(place.access()) in letter.body


def test_code_opens_during_the_booking_alone(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    opens = [place.site.opens(door, pin, at) for at in (START, END - MINUTE)]
    shut = [place.site.opens(door, pin, at) for at in (START - MINUTE, END + MINUTE)]
    assert (opens, shut) == ([True, True], [False, False])


def test_cancelled_code_is_removed_once_the_lock_forgot_it(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    place.tell("cancelled", START, END)
    place.service.work()
    (access,) = place.accesses()
    assert (access.status, access.wanted) == ("created", False)
    place.pass_time(minutes=1)
    (access,) = place.accesses()
    assert access.status == "removed"
    assert not place.site.opens(door, pin, START)


@pytest.mark.usefixtures("door")
def test_booking_cancelled_while_its_code_is_on_the_way_leaves_none(
    place: Premises,
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []
    assert [each.status for each in place.accesses()] == ["removed"]
    assert place.letterbox.letters == {}


def test_moved_booking_keeps_its_one_code_for_the_new_time(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    place.tell("changed", START + 5 * HOUR, END + 5 * HOUR)
    place.pass_time(minutes=1)
    assert place.pin(place.access()) == pin
    assert one_working_code(place, door, START + 5 * HOUR)
    assert not place.site.opens(door, pin, START)
    assert len(place.letterbox.letters) == 2


@pytest.mark.usefixtures("door")
def test_booking_moved_to_another_room_has_a_code_there_alone(place: Premises) -> None:
    other = place.site.door("nuki", timezone="Europe/Berlin")
    place.api("POST", f"{place.path}/locks/refresh")
    found = place.api("GET", f"{place.path}/locks")["items"]
    place.locks = {lock["vendor_id"]: lock for lock in found}
    place.rule(other, resource="studio")
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    place.tell("changed", START, END, resource="studio")
    place.pass_time(minutes=1)
    assert one_working_code(place, other, START)


def test_lock_that_is_offline_for_a_day_gets_its_one_code_when_it_is_back(
    place: Premises, door: Any
) -> None:
    patch(place, door, online=False)
    place.tell("confirmed", START, END)
    place.pass_time(hours=24)
    assert place.access().status == "in progress"
    patch(place, door, online=True)
    place.pass_time(minutes=20)
    assert one_working_code(place, door, START)


@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_booking_cancelled_while_the_lock_is_offline_ends_with_no_code(
    place: Premises, door: Any, habit: str
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"offline": habit})
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    patch(place, door, online=False)
    place.tell("cancelled", START, END)
    place.pass_time(hours=4)
    assert [each.status for each in place.accesses()] == ["created"]
    patch(place, door, online=True)
    place.pass_time(minutes=20)
    assert place.at_the_door() == []
    place.pass_time(minutes=20)
    assert [each.status for each in place.accesses()] == ["removed"]


def test_code_that_the_lock_never_heard_of_is_not_called_created(
    place: Premises, door: Any
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"offline": "ghost"})
    patch(place, door, online=False)
    place.tell("confirmed", START, END)
    place.pass_time(hours=4)
    access = place.access()
    assert access.status == "in progress"
    assert "the lock has not said so" in (access.reason or "")


@pytest.mark.parametrize("status", [423, 429, 500, 503])
def test_cloud_that_is_down_for_an_hour_is_outlasted(
    place: Premises, door: Any, status: int
) -> None:
    effect = {"status": status, "body": {}}
    for method in ("GET", "PUT", "POST", "DELETE"):
        place.fault(method, "*", effect=effect, ttl="PT1H")
    place.tell("confirmed", START, END)
    place.pass_time(minutes=59)
    assert place.access().status == "in progress"
    place.pass_time(minutes=30)
    assert one_working_code(place, door, START)


@pytest.mark.parametrize("effect", [{"drop": True}, {"status": 500}])
@pytest.mark.parametrize("lost", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("shows", ["wish", "confirmed"])
def test_lost_answer_makes_no_second_code(
    place: Premises, door: Any, lost: str, effect: dict[str, Any], shows: str
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"copy-shows": shows})
    place.fault(lost, "*", phase="after", effect=effect, times=2)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=5)
    assert one_working_code(place, door, START)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=5)
    assert one_working_code(place, door, END + HOUR - MINUTE)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []


@pytest.mark.parametrize(
    "quirks",
    [
        {"copy-shows": "confirmed"},
        {"rapid-updates": "one-is-lost"},
        {"code-shape": "array"},
        {"failure-shows": "error", "offline": "drop"},
        {"limited-by": "from-date-and-weekdays"},
        {"limited-by": "any"},
        {"delivery-seconds": 90},
        {"delivery-loss": 0.5},
        {"delete-lingers-seconds": 3600},
    ],
    ids=str,
)
def test_whatever_the_vendor_does_there_is_one_code_and_then_none(
    place: Premises, door: Any, quirks: dict[str, Any]
) -> None:
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=30)
    assert one_working_code(place, door, START)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=30)
    assert one_working_code(place, door, END + HOUR - MINUTE)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=90)
    assert place.at_the_door() == []
    assert [each.status for each in place.accesses()] == ["removed"]


def test_pin_that_somebody_else_has_is_not_used(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.fault("PUT", "*", effect={"status": 409, "body": {}}, times=1)
    place.pass_time(minutes=1)
    assert one_working_code(place, door, START)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"keypad": False}, "no keypad is paired"),
        ({"bluetooth_only": True}, "Bluetooth only"),
        ({"online": False}, "it is offline"),
    ],
)
def test_lock_that_cannot_be_used_is_refused_when_the_rule_is_made(
    place: Premises, fields: dict[str, Any], reason: str
) -> None:
    door = place.site.door("nuki", **fields)
    place.connect()
    lock = place.locks[door["vendor_id"]]
    assert not lock["usable"]
    assert reason in lock["unusable_reason"]
    wish = {"resource": "room", "locks": [lock["id"]]}
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert reason in answer["detail"]


def register_hook(place: Premises) -> None:
    """Have Nuki tell the service, and the service know the secret."""
    key = place.connection["webhook_url"].rpartition("/")[2]
    given = place.site.world["credentials"]["nuki"]
    hook = place.site.http.put(
        f"{given['api_url']}/api/decentralWebhook",
        json={
            "webhookUrl": f"https://service/vendor-events/{key}",
            "webhookFeatures": ["DEVICE_AUTHS", "DEVICE_STATUS"],
        },
        headers={"Authorization": f"Bearer {given['api_token']}"},
    ).json()
    secret = {"webhook_secret": hook["secret"]}
    place.api("PATCH", place.path, credentials=secret)


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("signature", "minutes"), [("right", 61), ("wrong", 75), ("absent", 75)]
)
def test_lock_system_that_says_it_is_done_is_heard_at_once_if_it_is_the_one(
    place: Premises, signature: str, minutes: int
) -> None:
    register_hook(place)
    quirks = {"webhook-signature": signature, "delivery-seconds": 3601}
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=60)
    assert place.access().status == "in progress"
    place.pass_time(seconds=5)
    assert (place.access().status == "created") is (signature == "right")
    place.pass_time(minutes=minutes - 60)
    assert place.access().status == "created"


@pytest.mark.usefixtures("door")
def test_message_of_a_stranger_is_refused(place: Premises) -> None:
    key = place.connection["webhook_url"].rpartition("/")[2]
    assert place.client.post("/vendor-events/none", data=b"{}").status_code == 404
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 400
    assert "webhook_secret" in refused.json["detail"]
    register_hook(place)
    refused = place.client.post(f"/vendor-events/{key}", data=b"{}")
    assert refused.status_code == 401


@pytest.mark.usefixtures("door")
def test_no_pin_is_in_a_url_or_a_reason(place: Premises) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    rows = place.site.ask("GET", "/requests")
    assert not [row for row in rows if pin in row["path"] + str(row["query"])]
    assert now() < START
