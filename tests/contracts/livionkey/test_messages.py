"""What guests are told of giving the key back: by grace, else by their slot's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import MailBusy
from service.store import connections
from tests.contracts.livionkey.livionkey_env import END, START, LivionKeyEnv, advance_to

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv


def test_each_message_brings_the_static_code_of_its_own_slot(
    livionkey_env: LivionKeyEnv,
) -> None:
    livionkey_env.book("B-1", START, END, "flat-1")
    livionkey_env.book("B-2", START, END, "flat-2")
    first, second = (each.body for each in livionkey_env.messages())
    assert "type *7001 to give the key back" in first
    assert "type *7002 to give the key back" in second
    assert "*7002" not in first
    assert "*7001" not in second


def test_where_there_is_grace_no_static_code_is_told(env: IntegrationEnv) -> None:
    livionkey_env = LivionKeyEnv.of(env, return_grace_minutes=720)
    livionkey_env.book("B-1", START, END)
    (message,) = livionkey_env.messages()
    assert "with the same code until 2026-12-03 at 02:00" in message.body
    assert "*" not in message.body


def test_own_text_says_it_all_the_same(livionkey_env: LivionKeyEnv) -> None:
    body = "Your code is {codes}."
    path = f"{livionkey_env.env.path}/templates/email/en"
    livionkey_env.env.api("PUT", path, subject="Code", body=body)
    livionkey_env.book("B-1", START, END)
    (message,) = livionkey_env.messages()
    assert message.body.startswith("Your code is ")
    assert "*7001" in message.body


def test_notice_goes_to_the_owner_where_nobody_else_is_named(
    env: IntegrationEnv,
) -> None:
    livionkey_env = LivionKeyEnv.of(env)
    store, found = env.service.deps.store, env.connection["id"]
    owner = {"manager_email": None, "owner_email": "owner@example.org"}
    store.write(lambda tx: connections.change(tx, found, **owner))
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    advance_to(livionkey_env, END)
    manager_mails = [each.to for each in env.outbox.mails.values()]
    assert manager_mails == ["ada@example.org", "owner@example.org"]


def test_notice_that_came_too_late_is_withheld(livionkey_env: LivionKeyEnv) -> None:
    pin = livionkey_env.book("B-1", START, END)
    advance_to(livionkey_env, START)
    livionkey_env.type(pin, "take")
    livionkey_env.env.outbox.before.extend([MailBusy("down")] * 3)
    advance_to(livionkey_env, END)
    livionkey_env.type("*7001")
    livionkey_env.env.outbox.before.clear()
    livionkey_env.env.advance(hours=1)
    assert livionkey_env.manager_mails("Key") == []
    shown = livionkey_env.env.api("GET", "/api/messages?booking=B-1")["items"]
    (late,) = (each for each in shown if each["kind"] == "overdue")
    assert (late["status"], late["reader"]) == ("withheld", "manager")
