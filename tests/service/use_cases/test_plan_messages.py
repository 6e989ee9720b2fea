"""A customer is told every code once, and nothing that is no longer true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.booking import Customer
from service.ports import MailBusy, MailRefused, VendorBusy, VendorRefused
from service.store import bookings, messages, rules
from service.store.messages import StoredTemplate
from service.use_cases.connections import give_credentials
from tests.service.env import THREE
from tests.service.stub_vendor import Killed

if TYPE_CHECKING:
    from service.store.database import Tx
    from tests.service.env import ServiceEnv
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)


def book(env: ServiceEnv, **about: object) -> None:
    env.send_event("confirmed", **about)
    env.work()


def test_two_doors_make_one_message_with_both_codes(env: ServiceEnv) -> None:
    env.rule("front", "back")
    book(env)
    (mail,) = env.outbox.taken
    held = env.accesses()
    assert len(held) == 2
    assert all(env.pin(access) in mail.body for access in held)
    assert "Front door" in mail.body
    assert "Back door" in mail.body


def test_the_message_waits_for_the_last_of_its_codes(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule("front", "back")
    env.stub_vendor.before.extend([None, VendorBusy("out")])
    book(env)
    assert env.outbox.taken == []
    clock.move_to(now() + HOUR)
    env.work()
    assert len(env.outbox.taken) == 1


def test_a_door_that_failed_does_not_keep_the_others_code_from_the_customer(
    env: ServiceEnv,
) -> None:
    env.rule("front", "back")
    env.stub_vendor.before.extend([None, VendorRefused("no")])
    book(env)
    (mail,) = env.outbox.taken
    made = [access for access in env.accesses() if access.status == "created"]
    assert len(made) == 1
    assert env.pin(made[0]) in mail.body


def test_the_message_goes_out_hours_before_the_start(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule(send_hours_before=2)
    book(env)
    assert [each.due_at for each in env.messages()] == [THREE - 2 * HOUR]
    clock.move_to(THREE - 2 * HOUR - timedelta(seconds=1))
    env.work()
    assert env.outbox.taken == []
    clock.move_to(THREE - 2 * HOUR)
    env.work()
    assert len(env.outbox.taken) == 1


@pytest.mark.parametrize("hours", [1, 4, None])
def test_a_message_that_waits_goes_out_at_the_hour_that_is_set_since(
    env: ServiceEnv, hours: int | None
) -> None:
    rule = env.rule(send_hours_before=2)
    book(env)

    def edit(tx: Tx) -> None:
        rules.GATEWAY.change(tx, {"id": rule}, send_hours_before=hours)
        bookings.look_again(tx, env.connection.id, {"court-1"}, now())

    env.service.deps.store.write(edit)
    env.work()
    (message,) = env.messages()
    if hours is None:
        assert message.status == "sent"
    else:
        assert message.due_at == message.send_at == THREE - hours * HOUR


@pytest.mark.parametrize("hours", [2, None])
def test_a_message_that_waits_takes_the_language_that_is_known_since(
    env: ServiceEnv, hours: int | None
) -> None:
    env.rule(send_hours_before=hours)
    env.outbox.before.append(MailBusy("out"))
    book(env, customer=Customer("Ada", "ada@example.org", language="en"))
    (message,) = env.messages()
    assert (message.status, message.language) == ("waiting", "en")
    env.send_event(
        "changed",
        occurred_at=now() + timedelta(minutes=1),
        customer=Customer("Ada", "ada@example.org", language="sv"),
    )
    env.work()
    (changed,) = env.messages()
    assert (changed.id, changed.language) == (message.id, "sv")
    assert changed.due_at == message.due_at


def test_a_cancelled_booking_withholds_its_message(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule(send_hours_before=2)
    book(env)
    env.send_event("cancelled")
    clock.move_to(THREE)
    env.work()
    (message,) = env.messages()
    assert (message.status, message.sent_at) == ("withheld", None)
    assert "cancelled" in str(message.reason)
    assert env.outbox.taken == []


def test_news_hold_a_message_back_even_before_they_are_worked_on(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule(send_hours_before=2)
    book(env)
    clock.move_to(THREE - 2 * HOUR)
    env.send_event("cancelled")
    env.work()
    assert env.outbox.taken == []


def test_a_change_replaces_the_message_that_waits(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule(send_hours_before=2)
    book(env)
    later = THREE + 3 * HOUR
    env.send_event(
        "changed",
        occurred_at=now() + timedelta(minutes=1),
        start=later,
        end=later + HOUR,
    )
    clock.move_to(later)
    env.work()
    assert [message.status for message in env.messages()] == ["withheld", "sent"]
    assert len(env.outbox.taken) == 1


def test_the_owner_gets_a_copy_of_their_own(env: ServiceEnv) -> None:
    env.rule(copy_to_owner=True)
    book(env)
    assert {mail.to for mail in env.outbox.taken} == {
        "ada@example.org",
        "owner@example.org",
    }
    assert len(env.outbox.mails) == 2


def test_an_sms_goes_to_the_gateways_address(env: ServiceEnv) -> None:
    env.rule(channel="sms")
    book(env)
    (mail,) = env.outbox.taken
    assert mail.to == "+46701234567@sms.example.org"
    assert mail.subject == ""


def test_two_rules_that_would_tell_the_same_tell_it_once(env: ServiceEnv) -> None:
    env.rule()
    env.rule()
    book(env)
    assert len(env.outbox.taken) == 1


@pytest.mark.parametrize(
    ("channel", "lacks"), [("email", "mail address"), ("sms", "phone number")]
)
def test_a_customer_that_cannot_be_reached_is_told_of(
    env: ServiceEnv, channel: str, lacks: str
) -> None:
    env.rule(channel=channel)
    book(env, customer=Customer("Ada"))
    (message,) = env.messages()
    assert message.status == "failed"
    assert lacks in str(message.reason)
    assert env.access().status == "created"


def test_a_mail_that_is_not_taken_is_sent_again_under_its_own_id(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    env.outbox.before.append(MailBusy("greylisted"))
    env.outbox.after.append(MailBusy("cut off"))
    for _ in range(3):
        book(env)
        clock.move_to(now() + HOUR)
    assert len(env.outbox.taken) == 2
    assert len(env.outbox.mails) == 1
    assert [message.status for message in env.messages()] == ["sent"]


def test_a_mail_that_is_refused_has_failed(env: ServiceEnv) -> None:
    env.rule()
    env.outbox.before.append(MailRefused("no such mailbox"))
    book(env)
    (message,) = env.messages()
    assert (message.status, message.reason) == ("failed", "no such mailbox")


def test_a_mail_that_finds_no_server_until_the_end_has_failed(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    env.outbox.before.extend([MailBusy("down")] * 200)
    book(env)
    while (due := env.queue_stats().next_at) is not None:
        clock.move_to(due)
        env.work()
    (message,) = env.messages()
    assert message.status == "failed"
    assert "no time is left" in str(message.reason)


def test_a_message_whose_sending_was_cut_off_is_not_sent_after_a_cancellation(
    env: ServiceEnv,
) -> None:
    env.rule()
    env.outbox.after.append(Killed())
    with pytest.raises(Killed):
        book(env)
    env.send_event("cancelled")
    assert env.work() > 0
    assert [message.status for message in env.messages()] == ["waiting"]
    env.restart()
    env.work()
    (message,) = env.messages()
    assert message.status == "withheld"
    assert "may have gone out" in str(message.reason)


def test_the_connections_own_text_is_used_in_the_customers_language(
    env: ServiceEnv,
) -> None:
    env.rule()
    own = StoredTemplate(env.connection.id, "email", "en", "Key", "Code {codes}!")
    env.service.deps.store.write(lambda tx: messages.put_template(tx, own))
    book(env)
    (mail,) = env.outbox.taken
    assert mail.subject == "Key"
    assert mail.body == f"Code {env.pin(env.access())}!\n"


def test_new_credentials_make_due_what_waited_for_them(env: ServiceEnv) -> None:
    env.rule()
    env.stub_vendor.before.append(VendorBusy("out", retry_after=HOUR))
    book(env)
    give_credentials(env.service.deps, env.connection, {"user": "eva"}, now())
    env.work()
    assert env.access().status == "created"
    assert env.reload_connection().account == "stub of eva"
