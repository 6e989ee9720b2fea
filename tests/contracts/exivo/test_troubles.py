"""Whatever goes wrong at Exivo or on the way there: one visit, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.exivo.house import (
    END,
    HOUR,
    START,
    letters,
    one_visit,
    opens,
    visits,
)

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

FAULTS = [
    pytest.param(phase, effect, id=f"{phase}-{'-'.join(map(str, effect.values()))}")
    for phase in ("before", "after")
    for effect in ({"drop": True}, {"status": 500}, {"status": 503}, {"status": 429})
    if phase == "before" or effect != {"status": 429}  # it does nothing then
]


@pytest.mark.parametrize(("phase", "effect"), FAULTS)
def test_faults_at_every_call_end_with_exactly_one_visit_and_then_none(
    place: Premises, door: Any, phase: str, effect: dict[str, Any]
) -> None:
    for method in ("GET", "POST"):
        place.fault(method, "*", phase=phase, effect=effect, times=3)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=10)
    place.site.ask("DELETE", "/faults")  # not every fault makes us look
    assert one_visit(place, door, START)
    place.fault("POST", "*", phase=phase, effect=effect, times=2)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=10)
    assert one_visit(place, door, START + HOUR)
    assert not opens(place, door, letters(place)[0], START + HOUR)
    place.fault("POST", "*", phase=phase, effect=effect, times=2)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=10)
    assert visits(place) == []
    assert {each.status for each in place.accesses()} == {"removed"}


def test_lost_answer_of_a_booking_that_is_cancelled_leaves_no_visit(
    place: Premises, door: Any
) -> None:
    del door
    place.fault("POST", "*/visit", phase="after", effect={"drop": True}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    assert len(visits(place)) == 1
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert visits(place) == []
    assert place.outbox.mails == {}


def test_booking_that_moved_after_a_lost_answer_has_one_visit_for_the_new_time(
    place: Premises, door: Any
) -> None:
    place.fault("POST", "*/visit", phase="after", effect={"drop": True}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=5)
    assert one_visit(place, door, END)
    assert len(letters(place)) == 1


@pytest.mark.parametrize(
    "quirks",
    [
        {"most-rows": 3},
        {"revoke-twice-status": 204},
        {"unknown-visit-status": 400},
        {"foreign-offset": "refused"},
        {"extra-fields": "refused"},
        {"component-mode": False},
    ],
    ids=str,
)
def test_whatever_the_vendor_does_there_is_one_visit_and_then_none(
    place: Premises, door: Any, quirks: dict[str, Any]
) -> None:
    place.site.ask("PATCH", "/quirks", exivo=quirks)
    for number in range(4):
        place.tell("confirmed", START + 9 * HOUR, END + 9 * HOUR, ref=f"B-{number}0")
    place.service.work()
    place.fault("POST", "*", phase="after", effect={"drop": True}, times=1)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=5)
    assert len(visits(place)) == 5
    place.fault("POST", "*", phase="after", effect={"drop": True}, times=1)
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert len(visits(place)) == 4
    assert not opens(place, door, letters(place)[-1], START)


def test_visit_revoked_at_the_vendor_counts_as_taken_back(
    place: Premises, door: Any
) -> None:
    del door
    place.tell("confirmed", START, END)
    place.service.work()
    (visit,) = visits(place)
    given = place.site.world["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}/visit/{visit['id']}/revoke"
    basic = (given["api_key"], given["api_secret"])
    assert place.site.http.post(url, auth=basic).status_code == 204
    place.tell("cancelled", START, END)
    place.service.work()
    assert [each.status for each in place.accesses()] == ["removed"]


def test_no_pin_and_no_secret_is_in_a_url_or_a_reason(
    place: Premises, door: Any
) -> None:
    del door
    place.fault("POST", "*/visit", effect={"status": 500, "body": {}}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    reason = place.access().reason or ""
    place.pass_time(minutes=1)
    pin, secret = (
        place.pin(place.access()),
        place.site.world["credentials"]["exivo"]["api_secret"],
    )
    rows = place.site.ask("GET", "/requests")
    asked = [row["path"] + str(row["query"]) for row in rows]
    for word in (pin, secret):
        assert not [each for each in [*asked, reason] if word in each]
