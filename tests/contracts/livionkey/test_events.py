"""Livion's events hurry the service; what is true is what it reads."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from tests.contracts.livionkey.livionkey_env import (
    AGREED,
    END,
    HOUR,
    MINUTE,
    START,
    LivionKeyEnv,
    advance_to,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv


def deliveries(livionkey_env: LivionKeyEnv) -> list[dict[str, Any]]:
    """Return what Livion sent about keys, the oldest first."""
    rows = livionkey_env.env.world.call("GET", "/deliveries")
    return [row for row in rows if row["body"]["type"] == "key-status"]


def replay(livionkey_env: LivionKeyEnv, row: dict[str, Any]) -> None:
    livionkey_env.env.world.call("POST", f"/deliveries/{row['id']}/replay")
    livionkey_env.env.service.work()


def truth(livionkey_env: LivionKeyEnv, key: int = 0) -> str:
    """Return where the key is, as somebody sees who stands before the cabinet."""
    (door,) = livionkey_env.env.world.call("GET", "/doors")
    return "in slot" if door["slots"][key]["in"] else "out"


def test_key_without_events_is_seen_within_the_hour_and_at_its_end(
    env: IntegrationEnv,
) -> None:
    livionkey_env = LivionKeyEnv.of(env, events=False)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.type(pin, "take")
    assert livionkey_env.state() == ("in slot", None)
    env.advance(hours=1)
    assert livionkey_env.state() == ("out", "B-1")
    env.advance_to(END)
    assert livionkey_env.state() == ("overdue", "B-1")
    assert len(livionkey_env.manager_mails("Key not returned")) == 1


def test_newer_events_are_heard_by_their_signature(env: IntegrationEnv) -> None:
    livionkey_env = LivionKeyEnv.of(env, events=False)
    livionkey_env.register_webhook()
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.type(pin, "take")
    assert livionkey_env.state() == ("out", "B-1")


def test_webhook_of_an_unknown_sender_is_refused(livionkey_env: LivionKeyEnv) -> None:
    url = f"/vendor-events/{livionkey_env.webhook_key}"
    event = {"type": "key-status", "deviceId": livionkey_env.door["vendor_id"]}
    wrong = {"x-api-key": f"{AGREED}!"}
    post = livionkey_env.env.client.post
    assert post(url, json=event, headers=wrong).status_code == 401
    assert post(url, json=event).status_code == 401
    right = {"x-api-key": AGREED}
    assert post(url, json=event, headers=right).status_code == 204


def test_event_that_lies_changes_nothing(livionkey_env: LivionKeyEnv) -> None:
    livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    event = {
        "type": "key-status",
        "state": "key-fetched",
        "deviceId": livionkey_env.door["vendor_id"],
        "keyId": "flat-1",
        "contractId": "B-1",
    }
    url, right = f"/vendor-events/{livionkey_env.webhook_key}", {"x-api-key": AGREED}
    answer = livionkey_env.env.client.post(url, json=event, headers=right)
    assert answer.status_code == 204
    livionkey_env.env.service.work()
    assert livionkey_env.state() == ("in slot", None)


def test_key_that_came_back_while_nobody_listened_was_returned_all_the_same(
    env: IntegrationEnv,
) -> None:
    livionkey_env = LivionKeyEnv.of(env, report_returns=True, events=False)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.type(pin, "take")
    livionkey_env.type(pin, "return")
    env.advance(hours=1)
    assert livionkey_env.state() == ("in slot", None)
    (mail,) = livionkey_env.manager_mails("Key returned")
    assert "B-1" in mail.body


@pytest.mark.parametrize("seed", range(4))
def test_events_twice_late_and_out_of_order_leave_the_true_state(
    env: IntegrationEnv, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311
    livionkey_env = LivionKeyEnv.of(env, report_returns=True)
    guests = [f"B-{n}" for n in range(1, 4)]
    pins = [
        livionkey_env.book(ref, START + 4 * n * HOUR, START + (4 * n + 3) * HOUR)
        for n, ref in enumerate(guests)
    ]
    advance_to(livionkey_env, START)
    held = []
    for n, pin in enumerate(pins):
        livionkey_env.env.advance_to(max(START + 4 * n * HOUR, now() + MINUTE))
        env.receives_webhooks = chance.random() < 0.5
        for _ in range(chance.randint(1, 4)):
            livionkey_env.type(pin)
            env.advance(minutes=chance.randint(1, 40))
        held = deliveries(livionkey_env)
        for row in chance.sample(held, k=len(held)) + chance.choices(held, k=3):
            env.receives_webhooks = True
            replay(livionkey_env, row)
            if chance.random() < 0.3:
                env.advance(minutes=1)
        livionkey_env.env.advance_to(START + (4 * n + 3) * HOUR + MINUTE)
        away = truth(livionkey_env) == "out"
        assert livionkey_env.state() == (
            ("overdue", guests[n]) if away else ("in slot", None)
        )
        livionkey_env.type("*7001")
        assert livionkey_env.state() == ("in slot", None)
        assert livionkey_env.key()["last_return"]["booking"] == guests[n]
    for row in chance.sample(held, k=len(held)):
        replay(livionkey_env, row)
    assert livionkey_env.state() == ("in slot", None)
    manager_mails = [
        (each.subject, each.body) for each in livionkey_env.manager_mails("Key")
    ]
    assert len(manager_mails) == len(set(manager_mails))


def test_cabinet_that_is_offline_is_warned_of_and_asked_again_when_it_is_back(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.patch(online=False)
    livionkey_env.type(pin, "take")
    livionkey_env.env.advance(hours=1)
    found = livionkey_env.key()
    assert (found["state"], "offline" in found["warning"]) == ("in slot", True)
    livionkey_env.patch(online=True)
    livionkey_env.env.advance(seconds=5)
    assert livionkey_env.state() == ("out", "B-1")
    assert livionkey_env.key()["warning"] is None


def test_looking_again_by_hand_finds_what_no_event_told(env: IntegrationEnv) -> None:
    livionkey_env = LivionKeyEnv.of(env, events=False)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.type(pin, "take")
    env.api("POST", f"{env.path}/keys/look")
    env.service.work()
    (first, _) = env.api("GET", f"{env.path}/keys")["items"]
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
    livionkey_env: LivionKeyEnv, effect: dict[str, Any], state: str, reason: str
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START + MINUTE)
    livionkey_env.type(pin, "take")
    livionkey_env.env.add_fault("GET", "/devices/*", effect=effect)
    look = f"{livionkey_env.env.path}/keys/look"
    livionkey_env.env.api("POST", look)
    livionkey_env.env.service.work()
    found = livionkey_env.key()
    assert found["state"] == state
    assert reason in found["reason"]
    livionkey_env.env.world.call("DELETE", "/faults")
    livionkey_env.env.api("POST", look)
    livionkey_env.env.service.work()
    assert livionkey_env.key()["state"] == "out"
    assert livionkey_env.key()["reason"] is None
