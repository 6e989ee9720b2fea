"""Nothing is final while it can matter: what has changed is looked at again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.errors import NotPossible, SemanticError
from service.ports import CredentialsRefused, VendorBusy, VendorLock, VendorRefused
from service.store import accesses, bookings, messages, rules
from service.use_cases.connections import give_credentials, refresh, remove
from service.use_cases.manual_code import reissue, take_away
from service.use_cases.receive_event import replay
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import PASSWORD, StubOutbox, StubVendor
from tests.service.use_cases.conftest import book, pass_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.ports import Mail
    from service.store.database import Tx
    from tests.service.use_cases.conftest import Clock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = {"start": THREE + 10 * DAY, "end": FIVE + 10 * DAY}


@pytest.fixture
def revocable(clock: Clock, sqlite_url: str) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(sqlite_url, stub_vendor=StubVendor(revocable=True))
    yield env
    env.close()


def refused(env: ServiceEnv) -> None:
    env.rule()
    env.stub_vendor.before.append(VendorRefused("not now"))
    book(env)
    assert env.access().status == "failed"


def troubles(env: ServiceEnv, ref: str = "B-1") -> list[str]:
    return [each.status for each in env.messages(ref) if each.kind == "trouble"]


def test_refused_access_is_made_once_time_has_passed(
    env: ServiceEnv, clock: Clock
) -> None:
    refused(env)
    pass_time(env, clock, timedelta(minutes=2))
    assert (env.access().status, env.access().reason) == ("created", None)
    assert len(env.outbox.mails) == 1


def test_refused_access_is_made_when_the_platform_says_it_again(
    env: ServiceEnv,
) -> None:
    refused(env)
    book(env)
    assert env.access().status == "created"


def test_refused_access_is_made_when_the_locks_are_read_again(env: ServiceEnv) -> None:
    refused(env)
    refresh(env.service.deps, env.connection, now())
    env.work()
    assert env.access().status == "created"


def test_refused_access_is_made_when_a_neighbour_is_cancelled(
    revocable: ServiceEnv,
) -> None:
    env = revocable
    env.rule()
    book(env, ref="B-2")
    env.stub_vendor.before.append(VendorRefused("taken"))
    book(env)
    env.send_event("cancelled", "B-2")
    env.work()
    assert env.access().status == "created"


def test_code_is_ordered_again_when_asked_and_stays_the_same(env: ServiceEnv) -> None:
    env.rule()
    book(env)
    before = env.access()
    book(env)
    assert len(env.stub_vendor.orders) == 2
    assert env.stub_vendor.orders[1].repeated
    assert env.pin(env.access()) == env.pin(before)
    assert len(env.outbox.taken) == 1


def test_code_stays_created_while_it_is_looked_at_in_vain(env: ServiceEnv) -> None:
    env.rule()
    book(env)
    env.stub_vendor.before.append(VendorBusy("out"))
    book(env)
    assert env.access().status == "created"


def test_rule_made_later_makes_codes_of_what_is_booked(env: ServiceEnv) -> None:
    book(env)
    assert env.accesses() == []
    env.rule()
    look(env)
    assert env.access().status == "created"


def test_rule_deleted_takes_its_codes_back(revocable: ServiceEnv) -> None:
    env = revocable
    rule = env.rule()
    book(env)
    env.service.deps.store.write(lambda tx: rules.GATEWAY.remove(tx, id=rule))
    look(env)
    assert env.access_of_any().status == "removed"
    assert env.stub_vendor.codes == {}


def look(env: ServiceEnv) -> None:
    """Have the open bookings of court-1 looked at, as a rule's change does."""

    def again(tx: Tx) -> None:
        bookings.look_again(tx, env.connection.id, {"court-1"}, now())

    env.service.deps.store.write(again)
    env.work()


def test_owner_is_told_once_of_a_code_that_is_missing_for_an_hour(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    env.stub_vendor.before.extend([VendorRefused("no")] * 99)
    book(env, **LATER)
    assert troubles(env) == []
    pass_time(env, clock, 6 * HOUR)
    assert troubles(env) == ["sent"]
    [mail] = env.outbox.mails.values()
    assert mail.to == "owner@example.org"
    assert "B-1" in mail.subject
    assert "no" in mail.body


@dataclass
class SlowOutbox(StubOutbox):
    """An outbox during whose first sending something else happens."""

    meanwhile: Callable[[], object] | None = None

    def send(self, mail: Mail) -> None:
        """Keep the mail, afterwards."""
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        super().send(mail)


def test_code_made_while_the_owner_is_told_of_its_delay_is_mailed_at_once(
    sqlite_url: str, clock: Clock
) -> None:
    def vendor_is_back() -> None:
        env.stub_vendor.before.clear()
        here = env.connection.id
        env.service.deps.store.write(
            lambda tx: accesses.look_again(tx, now(), connection_id=here)
        )
        env.work()

    env = ServiceEnv(sqlite_url, outbox=SlowOutbox(meanwhile=vendor_is_back))
    env.rule()
    env.stub_vendor.before.extend([VendorBusy("out")] * 99)
    book(env, **LATER)
    pass_time(env, clock, HOUR)
    told = [mail.to for mail in env.outbox.taken]
    assert told == ["owner@example.org", "ada@example.org"]
    env.close()


def test_refused_credentials_are_one_matter_for_all_bookings(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    env.stub_vendor.before.extend([CredentialsRefused("no token")] * 99)
    for ref in ("B-1", "B-2", "B-3"):
        book(env, ref=ref, **LATER)
    pass_time(env, clock, 6 * HOUR)
    assert [len(troubles(env, ref)) for ref in ("B-1", "B-2", "B-3")].count(1) == 1
    assert env.reload_connection().refused_at is not None
    env.stub_vendor.before.clear()
    give_credentials(env.service.deps, env.connection, {"password": PASSWORD}, now())
    env.work()
    assert env.access("B-3").status == "created"
    assert env.reload_connection().refused_at is None


def test_doors_that_have_codes_are_told_in_time(env: ServiceEnv, clock: Clock) -> None:
    env.rule("front", "back")
    env.send_event("confirmed", **LATER)
    env.stub_vendor.before.append(VendorBusy("back is away", retry_after=HOUR))
    env.work()
    assert env.outbox.mails == {}
    env.stub_vendor.before.extend([VendorBusy("back is away")] * 99)
    pass_time(env, clock, 2 * HOUR)
    told = [mail for mail in env.outbox.mails.values() if "ada" in mail.to]
    assert len(told) == 1
    env.stub_vendor.before.clear()
    pass_time(env, clock, HOUR)
    told = [mail for mail in env.outbox.mails.values() if "ada" in mail.to]
    assert len(told) == 2


def test_nothing_is_sent_about_what_is_over(env: ServiceEnv, clock: Clock) -> None:
    env.rule("front", "back")
    env.send_event("confirmed")
    env.stub_vendor.before.append(VendorBusy("front is away", retry_after=HOUR))
    env.work()
    clock.move_to(FIVE + HOUR)
    env.work()
    assert all("ada" not in mail.to for mail in env.outbox.mails.values())


def test_code_told_to_a_wrong_address_is_replaced(revocable: ServiceEnv) -> None:
    env = revocable
    env.rule()
    book(env)
    old = env.access()
    right = replace(env.event("paid").details.customer, email="right@example.org")
    env.send_event("changed", customer=right)
    env.work()
    assert env.access().id != old.id
    assert len(env.stub_vendor.codes) == 1
    assert list(env.outbox.mails.values())[-1].to == "right@example.org"


def test_leaked_code_is_issued_anew_by_one_call(revocable: ServiceEnv) -> None:
    env = revocable
    env.rule()
    book(env)
    old = env.access()
    reissue(env.service.deps, old.id, now())
    env.work()
    assert env.access().id != old.id
    assert len(env.stub_vendor.codes) == 1
    with pytest.raises(NotPossible, match="no booking's code"):
        reissue(env.service.deps, old.id, now())


def test_code_taken_away_by_hand_is_made_again_by_a_replay(
    revocable: ServiceEnv,
) -> None:
    env = revocable
    env.rule()
    book(env)
    take_away(env.service.deps, env.access().id, now())
    env.work()
    book(env)
    assert env.access().status == "removed"
    store, mine = env.service.deps.store, {"connection_id": env.connection.id}
    [event, *_] = store.read(lambda tx: bookings.EVENTS.all(tx, **mine))
    replay(store, event, now())
    env.work()
    assert env.access().status == "created"


def test_another_accounts_credentials_are_refused(env: ServiceEnv) -> None:
    env.rule()
    env.stub_vendor.devices = [VendorLock("else", "Elsewhere", "lock", usable=True)]
    with pytest.raises(SemanticError, match="another account"):
        give_credentials(
            env.service.deps, env.connection, {"password": PASSWORD}, now()
        )


def test_connection_removed_takes_back_what_it_can_and_tells_the_rest(
    env: ServiceEnv, revocable: ServiceEnv
) -> None:
    for each in (env, revocable):
        each.rule()
        book(each)
    assert remove(revocable.service.deps, revocable.connection, "", now()) is None
    assert revocable.stub_vendor.codes == {}
    left = remove(env.service.deps, env.connection, "", now())
    assert "1 codes go on opening doors" in str(left)
    store = env.service.deps.store
    assert store.read(messages.GATEWAY.all) == []


def test_code_deleted_at_the_vendor_is_noticed_at_the_second_look(
    revocable: ServiceEnv, clock: Clock
) -> None:
    env = revocable
    env.rule()
    book(env, **LATER)
    env.stub_vendor.codes.clear()
    clock.move_to(now() + DAY)
    env.work()
    assert env.access().status == "created"
    clock.move_to(now() + timedelta(minutes=1))
    env.work()
    assert (env.access().status, env.access().active(now())) == ("removed", False)
    assert troubles(env) == ["sent"]


def test_code_that_is_listed_stays_and_one_look_in_vain_says_nothing(
    revocable: ServiceEnv, clock: Clock
) -> None:
    env = revocable
    env.rule()
    book(env, **LATER)
    codes = dict(env.stub_vendor.codes)
    env.stub_vendor.codes.clear()
    clock.move_to(now() + DAY)
    env.work()
    env.stub_vendor.codes.update(codes)
    env.stub_vendor.before.append(VendorBusy("out"))
    pass_time(env, clock, 3 * DAY)
    assert env.access().status == "created"
    assert troubles(env) == []


def test_extended_stay_gets_a_code_that_begins_where_the_one_in_use_ends(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    book(env)
    clock.move_to(THREE + HOUR)
    env.send_event("changed", end=FIVE + 3 * HOUR)
    env.work()
    old, new = env.accesses()
    assert (old.works_until, new.valid_from) == (FIVE, FIVE)
    assert new.valid_until == FIVE + 3 * HOUR
    last = list(env.outbox.mails.values())[-1].body
    assert f"{env.pin(new)} (from 2026-12-01 at 17:00)" in last


def test_stay_extended_again_gets_a_code_that_begins_where_the_second_one_ends(
    env: ServiceEnv, clock: Clock
) -> None:
    env.rule()
    book(env)
    for extended, end in ((THREE + HOUR, 3), (FIVE + HOUR, 6)):
        clock.move_to(extended)
        env.send_event("changed", end=FIVE + end * HOUR)
        env.work()
    _, second, third = env.accesses()
    assert (second.works_until, third.valid_from) == (FIVE + 3 * HOUR,) * 2
    assert third.valid_until == FIVE + 6 * HOUR


def test_stay_extended_before_it_began_gets_a_code_for_all_of_it(
    env: ServiceEnv,
) -> None:
    env.rule()
    book(env)
    env.send_event("changed", end=FIVE + 3 * HOUR)
    env.work()
    assert env.access().valid_from == THREE


def test_lock_that_is_replaced_has_the_code_once_the_rule_names_it(
    revocable: ServiceEnv, clock: Clock
) -> None:
    env = revocable
    rule = env.rule()
    book(env, **LATER)
    env.stub_vendor.devices[0] = VendorLock("new", "New door", "lock", usable=True)
    pass_time(env, clock, DAY + HOUR)
    subjects = [mail.subject for mail in env.outbox.mails.values()]
    assert "The lock Front door needs you" in subjects
    found = refresh(env.service.deps, env.connection, now())
    (new,) = (each.id for each in found if each.vendor_id == "new")
    change = {"locks": [new]}
    env.service.deps.store.write(
        lambda tx: rules.GATEWAY.change_by_id(tx, rule, **change)
    )
    look(env)
    (access,) = (each for each in env.accesses() if each.wanted)
    assert (access.lock_id, access.status) == (new, "created")
    assert {lock for lock, _ in env.stub_vendor.codes} == {"new"}
    assert env.pin(access) in list(env.outbox.mails.values())[-1].body
