"""A customer is told every code once, and nothing that is no longer true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.events import Customer
from service.ports import MailBusy, MailRefused, VendorBusy, VendorRefused
from service.store import templates
from service.store.templates import StoredTemplate
from service.use_cases.connect import give_credentials
from tests.service.paper import Killed
from tests.service.shop import THREE

if TYPE_CHECKING:
    from tests.service.shop import Shop
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)


def book(shop: Shop, **about: object) -> None:
    shop.tell("confirmed", **about)
    shop.work()


def test_two_doors_make_one_message_with_both_codes(shop: Shop) -> None:
    shop.rule("front", "back")
    book(shop)
    (mail,) = shop.letterbox.taken
    held = shop.accesses()
    assert len(held) == 2
    assert all(shop.pin(access) in mail.body for access in held)
    assert "Front door" in mail.body
    assert "Back door" in mail.body


def test_the_message_waits_for_the_last_of_its_codes(shop: Shop, clock: Clock) -> None:
    shop.rule("front", "back")
    shop.paper.before.extend([None, VendorBusy("out")])
    book(shop)
    assert shop.letterbox.taken == []
    clock.move_to(now() + HOUR)
    shop.work()
    assert len(shop.letterbox.taken) == 1


def test_a_door_that_failed_does_not_keep_the_others_code_from_the_customer(
    shop: Shop,
) -> None:
    shop.rule("front", "back")
    shop.paper.before.extend([None, VendorRefused("no")])
    book(shop)
    (mail,) = shop.letterbox.taken
    made = [access for access in shop.accesses() if access.status == "created"]
    assert len(made) == 1
    assert shop.pin(made[0]) in mail.body


def test_the_message_goes_out_hours_before_the_start(shop: Shop, clock: Clock) -> None:
    shop.rule(send_hours_before=2)
    book(shop)
    assert shop.figures().next_at == THREE - 2 * HOUR
    clock.move_to(THREE - 2 * HOUR - timedelta(seconds=1))
    shop.work()
    assert shop.letterbox.taken == []
    clock.move_to(THREE - 2 * HOUR)
    shop.work()
    assert len(shop.letterbox.taken) == 1


def test_a_cancelled_booking_withholds_its_message(shop: Shop, clock: Clock) -> None:
    shop.rule(send_hours_before=2)
    book(shop)
    shop.tell("cancelled")
    clock.move_to(THREE)
    shop.work()
    (message,) = shop.messages()
    assert (message.status, message.sent_at) == ("withheld", None)
    assert "cancelled" in str(message.reason)
    assert shop.letterbox.taken == []


def test_news_hold_a_message_back_even_before_they_are_worked_on(
    shop: Shop, clock: Clock
) -> None:
    shop.rule(send_hours_before=2)
    book(shop)
    clock.move_to(THREE - 2 * HOUR)
    shop.tell("cancelled")
    shop.work()
    assert shop.letterbox.taken == []


def test_a_change_replaces_the_message_that_waits(shop: Shop, clock: Clock) -> None:
    shop.rule(send_hours_before=2)
    book(shop)
    later = THREE + 3 * HOUR
    shop.tell(
        "changed",
        occurred_at=now() + timedelta(minutes=1),
        start=later,
        end=later + HOUR,
    )
    clock.move_to(later)
    shop.work()
    assert [message.status for message in shop.messages()] == ["withheld", "sent"]
    assert len(shop.letterbox.taken) == 1


def test_the_owner_gets_a_copy_of_their_own(shop: Shop) -> None:
    shop.rule(copy_to_owner=True)
    book(shop)
    assert {mail.to for mail in shop.letterbox.taken} == {
        "ada@example.org",
        "owner@example.org",
    }
    assert len(shop.letterbox.letters) == 2


def test_an_sms_goes_to_the_gateways_address(shop: Shop) -> None:
    shop.rule(channel="sms")
    book(shop)
    (mail,) = shop.letterbox.taken
    assert mail.to == "+46701234567@sms.example.org"
    assert mail.subject == ""


def test_two_rules_that_would_tell_the_same_tell_it_once(shop: Shop) -> None:
    shop.rule()
    shop.rule()
    book(shop)
    assert len(shop.letterbox.taken) == 1


@pytest.mark.parametrize(
    ("channel", "lacks"), [("email", "mail address"), ("sms", "phone number")]
)
def test_a_customer_that_cannot_be_reached_is_told_of(
    shop: Shop, channel: str, lacks: str
) -> None:
    shop.rule(channel=channel)
    book(shop, customer=Customer("Ada"))
    (message,) = shop.messages()
    assert message.status == "failed"
    assert lacks in str(message.reason)
    assert shop.access().status == "created"


def test_a_mail_that_is_not_taken_is_sent_again_under_its_own_id(
    shop: Shop, clock: Clock
) -> None:
    shop.rule()
    shop.letterbox.before.append(MailBusy("greylisted"))
    shop.letterbox.after.append(MailBusy("cut off"))
    for _ in range(3):
        book(shop)
        clock.move_to(now() + HOUR)
    assert len(shop.letterbox.taken) == 2
    assert len(shop.letterbox.letters) == 1
    assert [message.status for message in shop.messages()] == ["sent"]


def test_a_mail_that_is_refused_has_failed(shop: Shop) -> None:
    shop.rule()
    shop.letterbox.before.append(MailRefused("no such mailbox"))
    book(shop)
    (message,) = shop.messages()
    assert (message.status, message.reason) == ("failed", "no such mailbox")


def test_a_mail_that_finds_no_server_until_the_end_has_failed(
    shop: Shop, clock: Clock
) -> None:
    shop.rule()
    shop.letterbox.before.extend([MailBusy("down")] * 200)
    book(shop)
    while (due := shop.figures().next_at) is not None:
        clock.move_to(due)
        shop.work()
    (message,) = shop.messages()
    assert message.status == "failed"
    assert "no time is left" in str(message.reason)


def test_a_message_whose_sending_was_cut_off_is_not_sent_after_a_cancellation(
    shop: Shop,
) -> None:
    shop.rule()
    shop.letterbox.after.append(Killed())
    with pytest.raises(Killed):
        book(shop)
    shop.tell("cancelled")
    assert shop.work() > 0
    assert [message.status for message in shop.messages()] == ["waiting"]
    shop.restart()
    shop.work()
    (message,) = shop.messages()
    assert message.status == "withheld"
    assert "may have gone out" in str(message.reason)


def test_the_connections_own_text_is_used_in_the_customers_language(
    shop: Shop,
) -> None:
    shop.rule()
    own = StoredTemplate(shop.connection.id, "email", "en", "Key", "Code {codes}!")
    shop.service.parts.store.write(lambda tx: templates.put(tx, own))
    book(shop)
    (mail,) = shop.letterbox.taken
    assert mail.subject == "Key"
    assert mail.body == f"Code {shop.pin(shop.access())}!\n"


def test_new_credentials_make_due_what_waited_for_them(shop: Shop) -> None:
    shop.rule()
    shop.paper.before.append(VendorBusy("out", retry_after=HOUR))
    book(shop)
    give_credentials(shop.service.parts, shop.connection, {"user": "eva"}, now())
    shop.work()
    assert shop.access().status == "created"
    assert shop.again().account == "paper of eva"
