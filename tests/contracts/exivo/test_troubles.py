"""Whatever goes wrong at Exivo or on the way there: one visit, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.exivo.helpers import (
    END,
    HOUR,
    START,
    links_and_pins,
    one_visit,
    opens,
    visits,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

FAULTS = [
    pytest.param(phase, effect, id=f"{phase}-{'-'.join(map(str, effect.values()))}")
    for phase in ("before", "after")
    for effect in ({"drop": True}, {"status": 500}, {"status": 503}, {"status": 429})
    if phase == "before" or effect != {"status": 429}  # it does nothing then
]


@pytest.mark.parametrize(("phase", "effect"), FAULTS)
def test_faults_at_every_call_end_with_exactly_one_visit_and_then_none(
    env: IntegrationEnv, door: Any, phase: str, effect: dict[str, Any]
) -> None:
    for method in ("GET", "POST"):
        env.add_fault(method, "*", phase=phase, effect=effect, times=3)
    env.send_event("confirmed", START, END)
    env.advance(minutes=10)
    env.world.call("DELETE", "/faults")  # not every fault makes us look
    assert one_visit(env, door, START)
    env.add_fault("POST", "*", phase=phase, effect=effect, times=2)
    env.send_event("changed", START + HOUR, END + HOUR)
    env.advance(minutes=10)
    assert one_visit(env, door, START + HOUR)
    assert not opens(env, door, links_and_pins(env)[0], START + HOUR)
    env.add_fault("POST", "*", phase=phase, effect=effect, times=2)
    env.send_event("cancelled", START + HOUR, END + HOUR)
    env.advance(minutes=10)
    assert visits(env) == []
    assert {each.status for each in env.accesses()} == {"removed"}


def test_lost_answer_of_a_booking_that_is_cancelled_leaves_no_visit(
    env: IntegrationEnv, door: Any
) -> None:
    del door
    env.add_fault("POST", "*/visit", phase="after", effect={"drop": True}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    assert len(visits(env)) == 1
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert visits(env) == []
    assert env.outbox.mails == {}


@pytest.mark.parametrize("kind", ["changed", "cancelled"])
def test_nonsense_in_answer_to_a_revocation_is_no_yes(
    env: IntegrationEnv, door: Any, kind: str
) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    first = links_and_pins(env)[0]
    assert opens(env, door, first, START)
    nonsense = {"status": 200, "body": "<html>Welcome</html>"}
    env.add_fault("POST", "*/revoke", phase="before", effect=nonsense, times=1)
    env.send_event(kind, START + HOUR, END + HOUR)
    env.advance(minutes=10)
    assert not opens(env, door, first, START)


def test_booking_that_moved_after_a_lost_answer_has_one_visit_for_the_new_time(
    env: IntegrationEnv, door: Any
) -> None:
    env.add_fault("POST", "*/visit", phase="after", effect={"drop": True}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    env.send_event("changed", START + HOUR, END + HOUR)
    env.advance(minutes=5)
    assert one_visit(env, door, END)
    assert len(links_and_pins(env)) == 1


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
    env: IntegrationEnv, door: Any, quirks: dict[str, Any]
) -> None:
    env.world.call("PATCH", "/quirks", exivo=quirks)
    for number in range(4):
        env.send_event(
            "confirmed", START + 9 * HOUR, END + 9 * HOUR, ref=f"B-{number}0"
        )
    env.service.work()
    env.add_fault("POST", "*", phase="after", effect={"drop": True}, times=1)
    env.send_event("confirmed", START, END)
    env.advance(minutes=5)
    assert len(visits(env)) == 5
    env.add_fault("POST", "*", phase="after", effect={"drop": True}, times=1)
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert len(visits(env)) == 4
    assert not opens(env, door, links_and_pins(env)[-1], START)


def test_visit_revoked_at_the_vendor_counts_as_taken_back(
    env: IntegrationEnv, door: Any
) -> None:
    del door
    env.send_event("confirmed", START, END)
    env.service.work()
    (visit,) = visits(env)
    given = env.world.data["credentials"]["exivo"]
    url = f"{given['api_url']}/{given['site_id']}/visit/{visit['id']}/revoke"
    basic = (given["api_key"], given["api_secret"])
    assert env.world.http.post(url, auth=basic).status_code == 204
    env.send_event("cancelled", START, END)
    env.service.work()
    assert [each.status for each in env.accesses()] == ["removed"]


def test_no_pin_and_no_secret_is_in_a_url_or_a_reason(
    env: IntegrationEnv, door: Any
) -> None:
    del door
    env.add_fault("POST", "*/visit", effect={"status": 500, "body": {}}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    reason = env.access().reason or ""
    env.advance(minutes=1)
    pin, secret = (
        env.pin(env.access()),
        env.world.data["credentials"]["exivo"]["api_secret"],
    )
    rows = env.world.call("GET", "/requests")
    asked = [row["path"] + str(row["query"]) for row in rows]
    for word in (pin, secret):
        assert not [each for each in [*asked, reason] if word in each]


def test_one_of_two_doors_that_is_gone_takes_no_code_from_the_other(
    env: IntegrationEnv,
) -> None:
    here, gone = (
        env.world.add_door("exivo", timezone="Europe/Zurich") for _ in range(2)
    )
    env.connect()
    env.rule(here, gone)
    env.send_event("confirmed", START, END, ref="B-0")
    env.advance(minutes=5)
    env.world.call("DELETE", f"/doors/{gone['id']}")
    env.send_event("confirmed", START, END)
    env.advance(hours=2)
    made = {each.status: each for each in env.accesses()}
    assert set(made) == {"created", "failed"}
    assert made["created"].lock_id == env.locks[here["vendor_id"]]["id"]
    told = links_and_pins(env)
    assert opens(env, here, told[-1], START)
    assert opens(env, here, told[0], START)
    assert len(told) == len(visits(env)) == 2
