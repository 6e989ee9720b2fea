"""One guest's life at the cabinet: code, key, checkout, and what is told when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.store import accesses
from tests.contracts.livionkey.livionkey_env import (
    END,
    HOUR,
    MANAGER,
    MINUTE,
    SECOND,
    START,
    LivionKeyEnv,
    advance_to,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

NOT_RETURNED, RETURNED = "Key not returned", "Key returned"


def test_code_is_good_from_the_start_to_the_last_second_before_the_end(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    good = [livionkey_env.opens(pin, at) for at in (START, END - SECOND)]
    dead = [livionkey_env.opens(pin, at) for at in (START - SECOND, END)]
    assert (good, dead) == ([True, True], [False, False])


def test_key_that_was_taken_is_out_with_its_booking(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    assert livionkey_env.state() == ("in slot", None)
    advance_to(livionkey_env, START + HOUR)
    assert livionkey_env.type(pin)["key"] == "flat-1"
    assert livionkey_env.state() == ("out", "B-1")
    assert livionkey_env.key()["since"] == (START + HOUR).isoformat().replace(
        "+00:00", "Z"
    )
    assert livionkey_env.state("flat-2") == ("in slot", None)


@pytest.mark.parametrize("minutes", [0, 60])
def test_key_that_is_not_returned_is_told_of_at_once_or_after_the_delay(
    env: IntegrationEnv, minutes: int
) -> None:
    livionkey_env = LivionKeyEnv.of(env, overdue_after_minutes=minutes)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END + minutes * MINUTE - SECOND)
    assert (livionkey_env.state(), livionkey_env.manager_mails(NOT_RETURNED)) == (
        ("out", "B-1"),
        [],
    )
    env.advance(seconds=2)
    assert livionkey_env.state() == ("overdue", "B-1")
    (mail,) = livionkey_env.manager_mails(NOT_RETURNED)
    assert mail.to == MANAGER
    for word in ("Flat 1", "slot 0", "B-1", "2026-12-02 at 14:00"):
        assert word in mail.body
    assert pin not in mail.body
    env.advance(hours=30)
    assert len(livionkey_env.manager_mails(NOT_RETURNED)) == 1


@pytest.mark.parametrize("returned", [False, True])
def test_late_key_of_a_code_made_by_hand_is_told_of_once_while_it_is_out(
    env: IntegrationEnv, *, returned: bool
) -> None:
    livionkey_env = LivionKeyEnv.of(env, overdue_after_minutes=60, report_returns=True)
    pin = livionkey_env.create_manual_code("Plumber", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END - SECOND)
    if returned:
        livionkey_env.type(pin, "return")
    env.advance(seconds=2)
    mails = livionkey_env.manager_mails(NOT_RETURNED)
    assert len(mails) == (0 if returned else 1)
    for word in ("Flat 1", "slot 0", "2026-12-02 at 14:00", "by hand"):
        assert all(word in mail.body for mail in mails)
    assert all(pin not in mail.body for mail in mails)
    env.advance(hours=30)
    assert livionkey_env.manager_mails(NOT_RETURNED) == mails
    listed = env.api("GET", "/api/messages")["items"]
    assert [(each["booking"], each["kind"]) for each in listed] == [
        (None, "overdue") for _ in mails
    ]


def test_what_was_told_of_a_code_made_by_hand_goes_with_it(env: IntegrationEnv) -> None:
    livionkey_env = LivionKeyEnv.of(env)
    pin = livionkey_env.create_manual_code("Plumber", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END + HOUR)
    (access,) = env.api("GET", "/api/accesses")["items"]
    assert len(env.api("GET", "/api/messages")["items"]) == 1
    removed = accesses.GATEWAY.remove
    env.service.deps.store.write(lambda tx: removed(tx, id=access["id"]))
    assert env.api("GET", "/api/messages")["items"] == []


def test_key_that_is_returned_in_time_is_told_of_where_that_is_wished(
    env: IntegrationEnv,
) -> None:
    livionkey_env = LivionKeyEnv.of(env, report_returns=True)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END - HOUR)
    assert not livionkey_env.key()["free_for_cleaning"]
    livionkey_env.type(pin, "return")
    assert livionkey_env.state() == ("in slot", None)
    assert livionkey_env.key()["free_for_cleaning"]
    assert livionkey_env.key()["last_return"]["booking"] == "B-1"
    (mail,) = livionkey_env.manager_mails(RETURNED)
    assert "Checkout of booking B-1 is confirmed" in mail.body
    env.advance(hours=3)
    assert len(livionkey_env.manager_mails("Key")) == 1


def test_return_sends_no_notice_unless_the_rule_asks_for_it(
    livionkey_env: LivionKeyEnv,
) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    livionkey_env.type(pin, "return")
    assert livionkey_env.key()["last_return"]["booking"] == "B-1"
    assert livionkey_env.manager_mails("Key") == []


@pytest.mark.parametrize(
    ("after", "takes"),
    [(30 * MINUTE, True), (HOUR - SECOND, True), (HOUR, False), (3 * HOUR, False)],
    ids=["inside", "last second", "over", "long over"],
)
def test_late_key_comes_back_by_its_own_code_within_grace_alone(
    env: IntegrationEnv, after: object, *, takes: bool
) -> None:
    livionkey_env = LivionKeyEnv.of(env, return_grace_minutes=60, report_returns=True)
    livionkey_env.settings(return_grace_minutes=60)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END + after)  # type: ignore[operator]
    assert livionkey_env.state() == ("overdue", "B-1")
    assert livionkey_env.type(pin)["opened"] is takes
    assert livionkey_env.state() == (("in slot", None) if takes else ("overdue", "B-1"))
    assert len(livionkey_env.manager_mails(RETURNED)) == takes


def test_late_key_comes_back_by_the_static_code_of_its_slot(
    env: IntegrationEnv,
) -> None:
    livionkey_env = LivionKeyEnv.of(env, report_returns=True)
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END + 5 * HOUR)
    assert not livionkey_env.type(pin)["opened"]
    assert not livionkey_env.type("*7002")["opened"]
    assert livionkey_env.type("*7001")["key"] == "flat-1"
    assert livionkey_env.state() == ("in slot", None)
    (mail,) = livionkey_env.manager_mails(RETURNED)
    assert "B-1" in mail.body
    assert not livionkey_env.type("*7001")["opened"]


def test_next_guest_who_finds_the_slot_empty_has_not_got_the_key(
    livionkey_env: LivionKeyEnv,
) -> None:
    first = livionkey_env.book("B-1", START, END)
    second = livionkey_env.book("B-2", END, END + 20 * HOUR)
    advance_to(livionkey_env, START)
    livionkey_env.type(first, "take")
    advance_to(livionkey_env, END + HOUR)
    entry = livionkey_env.type(second)
    assert (entry["opened"], entry["key"], entry["reason"]) == (True, None, "empty")
    assert livionkey_env.state() == ("overdue", "B-1")
    livionkey_env.type("*7001")
    assert livionkey_env.key()["last_return"]["booking"] == "B-1"
    assert livionkey_env.type(second)["key"] == "flat-1"
    assert livionkey_env.state() == ("out", "B-2")


def test_contract_beats_the_default_checkout(livionkey_env: LivionKeyEnv) -> None:
    livionkey_env.settings(default_checkout_time="11:00")
    pin = livionkey_env.book("B-1", START, END)  # until 14:00 in Helsinki
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END - MINUTE)  # 13:59
    assert livionkey_env.opens(pin, END - MINUTE)
    assert (livionkey_env.state(), livionkey_env.manager_mails("Key")) == (
        ("out", "B-1"),
        [],
    )
    env = livionkey_env.env
    env.advance(minutes=1, seconds=1)
    assert livionkey_env.state() == ("overdue", "B-1")
    (mail,) = livionkey_env.manager_mails(NOT_RETURNED)
    assert "2026-12-02 at 14:00" in mail.body
    assert not livionkey_env.opens(pin, END)
