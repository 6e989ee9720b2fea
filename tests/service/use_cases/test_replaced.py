"""A code that can only be replaced: the customer always has one that works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.domain.access import ChangePolicy
from service.ports import MailBusy, VendorBusy, VendorRefused
from tests.service.env import FIVE
from tests.service.stub_vendor import StubVendor

if TYPE_CHECKING:
    from tests.service.env import ServiceEnv
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the stub replace codes and revoke them."""
    monkeypatch.setattr(StubVendor, "change_policy", ChangePolicy.REPLACE)
    monkeypatch.setattr(
        StubVendor, "revocation", property(lambda stub_vendor: stub_vendor)
    )


def book(env: ServiceEnv, **rule: str) -> None:
    """Have a confirmed booking whose code is made, and could be taken back."""
    env.stub_vendor.revocable = True
    env.rule(**rule)
    env.send_event("confirmed")
    env.work()


def lengthen(env: ServiceEnv) -> None:
    """Let the booking end two hours later."""
    env.send_event("changed", end=FIVE + 2 * HOUR)
    env.work()


def doors(env: ServiceEnv) -> int:
    """Return how many codes open a door."""
    return len(env.stub_vendor.codes)


def test_old_code_goes_once_the_new_one_is_made_and_told(
    env_on_each_database: ServiceEnv,
) -> None:
    env = env_on_each_database
    book(env)
    lengthen(env)
    assert [each.status for each in env.accesses()] == ["removed", "created"]
    assert [each.status for each in env.messages()] == ["sent", "sent"]
    assert doors(env) == 1
    assert env.queue_stats().due == 0


def test_old_code_stays_while_the_new_one_cannot_be_made(
    env: ServiceEnv, clock: Clock
) -> None:
    book(env)
    env.stub_vendor.before.append(VendorBusy("stub: closed"))
    lengthen(env)
    old, new = env.accesses()
    assert (old.status, old.cancelled_at, new.status) == (
        "created",
        None,
        "in progress",
    )
    assert old.superseded
    assert not old.active(old.ordered_at)
    clock.move_to(new.due_at or FIVE)
    env.work()
    assert [each.status for each in env.accesses()] == ["removed", "created"]


def test_old_code_goes_though_no_mail_can_go_out(env: ServiceEnv) -> None:
    book(env)
    env.outbox.before.append(MailBusy("no mail today"))
    lengthen(env)
    assert env.messages()[-1].status == "waiting"
    assert doors(env) == 1


def test_old_code_goes_too_where_the_new_one_is_refused_which_is_then_asked_again(
    env: ServiceEnv,
) -> None:
    book(env)
    env.stub_vendor.before.append(VendorRefused("stub: taken by the old one"))
    lengthen(env)
    assert [each.status for each in env.accesses()] == ["removed", "created"]
    assert doors(env) == 1


def test_old_code_goes_where_the_customer_left_no_address(env: ServiceEnv) -> None:
    book(env, channel="sms")
    nameless = replace(env.event("changed").details.customer, phone=None)
    env.send_event("changed", end=FIVE + 2 * HOUR, customer=nameless)
    env.work()
    assert [each.status for each in env.accesses()] == ["removed", "created"]


def test_cancelling_ends_both(env: ServiceEnv, clock: Clock) -> None:
    book(env)
    env.stub_vendor.before.append(VendorBusy("stub: closed"))
    lengthen(env)
    env.send_event("cancelled", end=FIVE + 2 * HOUR)
    env.work()
    clock.move_to("2026-12-01T09:00:00Z")
    env.work()
    assert {each.status for each in env.accesses()} == {"removed"}
    assert doors(env) == 0
