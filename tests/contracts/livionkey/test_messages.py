"""What guests are told of giving the key back: by grace, else by their slot's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import MailBusy
from service.store import connections
from tests.contracts.livionkey.lobby import END, START, Lobby, go_to

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def test_each_message_brings_the_static_code_of_its_own_slot(lobby: Lobby) -> None:
    lobby.book("B-1", START, END, "flat-1")
    lobby.book("B-2", START, END, "flat-2")
    first, second = (each.body for each in lobby.messages())
    assert "type *7001 to give the key back" in first
    assert "type *7002 to give the key back" in second
    assert "*7002" not in first
    assert "*7001" not in second


def test_where_there_is_grace_no_static_code_is_told(place: Premises) -> None:
    lobby = Lobby.of(place, return_grace_minutes=720)
    lobby.book("B-1", START, END)
    (message,) = lobby.messages()
    assert "with the same code until 2026-12-03 at 02:00" in message.body
    assert "*" not in message.body


def test_own_text_says_it_all_the_same(lobby: Lobby) -> None:
    body = "Your code is {codes}."
    path = f"{lobby.place.path}/templates/email/en"
    lobby.place.api("PUT", path, subject="Code", body=body)
    lobby.book("B-1", START, END)
    (message,) = lobby.messages()
    assert message.body.startswith("Your code is ")
    assert "*7001" in message.body


def test_notice_goes_to_the_owner_where_nobody_else_is_named(place: Premises) -> None:
    lobby = Lobby.of(place)
    store, found = place.service.deps.store, place.connection["id"]
    owner = {"manager_email": None, "owner_email": "owner@example.org"}
    store.write(lambda tx: connections.change(tx, found, **owner))
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    go_to(lobby, END)
    told = [each.to for each in place.outbox.mails.values()]
    assert told == ["ada@example.org", "owner@example.org"]


def test_notice_that_came_too_late_is_withheld(lobby: Lobby) -> None:
    pin = lobby.book("B-1", START, END)
    go_to(lobby, START)
    lobby.type(pin, "take")
    lobby.place.outbox.before.extend([MailBusy("down")] * 3)
    go_to(lobby, END)
    lobby.type("*7001")
    lobby.place.outbox.before.clear()
    lobby.place.pass_time(hours=1)
    assert lobby.told("Key") == []
    shown = lobby.place.api("GET", "/api/messages?booking=B-1")["items"]
    (late,) = (each for each in shown if each["kind"] == "overdue")
    assert (late["status"], late["reader"]) == ("withheld", "manager")
