"""A message as its reader sees it, and what became of its code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from fakes.kit.app import Options, create_app
from strikeplate.fakes_client import Fakes
from strikeplate.http import WsgiCaller
from strikeplate.pages.inbox import Inbox
from strikeplate.smtp_sink import Mail

if TYPE_CHECKING:
    from flask import Flask

    from strikeplate.fakes_client import World
    from strikeplate.pages.inbox import Fate

TOKEN = "control"
NOW = datetime(2026, 12, 1, 9, 12, tzinfo=UTC)
PIN = "734918"


@pytest.fixture
def app() -> Flask:
    return create_app(Options(control_token=TOKEN, now=NOW))


@pytest.fixture
def world(app: Flask) -> World:
    return Fakes(WsgiCaller(app), TOKEN).world("demo")


@pytest.fixture
def inbox(world: World) -> Inbox:
    return Inbox(world)


@pytest.fixture
def lock(app: Flask, world: World) -> str:
    """Give the lock of the rehearsal room a code from 15:00 to 18:00 in Berlin."""
    door = next(each for each in world.doors() if each.name == "Rehearsal room")
    body = {
        "name": "Ada",
        "type": 13,
        "code": int(PIN),
        "allowedFromDate": "2026-12-01T14:00:00.000Z",
        "allowedUntilDate": "2026-12-01T17:00:00.000Z",
        "smartlockIds": [int(door.vendor_id)],
    }
    token = world.credentials["nuki"]["api_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client(app).put("/nuki/smartlock/auth", json=body, headers=headers)
    assert answer.status_code == 204
    world.move(NOW + timedelta(seconds=10))
    return door.vendor_id


def mail(
    text: str, *, html: str = "", to: str = "ada@example.org", subject: str = "Code"
) -> Mail:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "doors@example.org"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return Mail(to, message.as_bytes())


def fate(inbox: Inbox) -> Fate:
    (found,) = inbox.fates(inbox.newest_first()[0])
    return found


@pytest.mark.usefixtures("lock")
def test_code_opens_from_its_time_then_now_then_no_longer(
    world: World, inbox: Inbox
) -> None:
    inbox.put(mail(f"Hello Ada, your code is {PIN}."))
    early = fate(inbox)
    assert (early.tone, early.words) == ("busy", "opens from")
    assert early.at == datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert early.door.name == "Rehearsal room"
    world.move(datetime(2026, 12, 1, 15, tzinfo=UTC))
    assert fate(inbox).words == "opens now"
    world.move(datetime(2026, 12, 1, 18, tzinfo=UTC))
    assert fate(inbox)[2:4] == ("off", "opens no longer: its time is over")


@pytest.mark.usefixtures("lock")
def test_code_in_groups_of_digits_is_found(inbox: Inbox) -> None:
    inbox.put(mail("Type 734 918 at the door."))
    assert fate(inbox).code == PIN


@pytest.mark.usefixtures("lock")
@pytest.mark.parametrize("text", [f"Booking X{PIN}", f"{PIN}0", "Call 7349"])
def test_other_digits_are_no_code(inbox: Inbox, text: str) -> None:
    inbox.put(mail(text))
    assert inbox.newest_first()[0].codes == ()


@pytest.mark.usefixtures("lock")
def test_code_that_was_taken_away_is_known_by_its_door(
    app: Flask, world: World, inbox: Inbox, lock: str
) -> None:
    inbox.put(mail(f"Your code is {PIN}."))
    token = world.credentials["nuki"]["api_token"]
    headers = {"Authorization": f"Bearer {token}"}
    rows = Client(app).get(f"/nuki/smartlock/{lock}/auth", headers=headers).json or []
    row = next(each for each in rows if each["name"] == "Ada")
    Client(app).delete(f"/nuki/smartlock/{lock}/auth/{row['id']}", headers=headers)
    world.move(datetime(2026, 12, 1, 15, tzinfo=UTC))
    assert fate(inbox).words == "opens no longer: the door does not know it"


def test_html_mail_is_kept_with_what_is_read_of_it(inbox: Inbox) -> None:
    inbox.put(mail("Plain words", html="<p>Rich <b>words</b></p>"))
    message = inbox.newest_first()[0]
    assert message.text.strip() == "Plain words"
    assert "<b>words</b>" in message.html


def test_frame_of_a_mail_is_as_high_as_its_text(inbox: Inbox) -> None:
    inbox.put(mail("word " * 90, html="<p>Hi</p>"))
    inbox.put(mail("Hi", html="<p>Hi</p>"))
    inbox.put(mail("Hi\n" * 900, html="<p>Hi</p>"))
    assert [each.height for each in inbox.newest_first()] == [640, 160, 272]


def test_sms_is_known_by_its_gateway(inbox: Inbox) -> None:
    inbox.put(mail("Code 1", to="+46701741005@sms.example.org"))
    message = inbox.newest_first()[0]
    assert message.is_sms
    assert message.address == "+46701741005"


def test_newest_message_comes_first(world: World, inbox: Inbox) -> None:
    inbox.put(mail("one", subject="one"))
    inbox.put(mail("two", subject="two"))
    world.move(NOW + timedelta(hours=1))
    inbox.put(mail("three", subject="three"))
    found = [each.subject for each in inbox.newest_first()]
    assert found == ["three", "two", "one"]
    assert inbox.find(1) is inbox.newest_first()[-1]
    assert inbox.find(4) is None


@pytest.mark.usefixtures("lock")
def test_message_hides_what_it_says(inbox: Inbox) -> None:
    inbox.put(mail(f"Your code is {PIN}."))
    assert PIN not in repr(inbox.newest_first()[0])
    assert PIN not in repr(inbox.newest_first()[0].codes)
