"""Vendors' tokens outlive a process, sealed, and processes log in one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from freezegun import freeze_time
from sqlalchemy import text

from service.maintenance import reseal
from service.ports import VendorBusy
from service.secret import Secret
from service.store import clock_steps
from service.store.database import open_engine
from service.store.retention import purge
from service.store.store import Store
from service.store.vendor_tokens import CLAIMED, GATEWAY, LONGEST_PAUSE, StoredTokens
from service.vendor_kit import Tokens
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ONE = NOON + timedelta(hours=1)
SECOND = timedelta(seconds=1)
LOGIN, OTHER_LOGIN = Secret("https://vendor ada sesame"), Secret("https://vendor bo x")
TOKEN = Secret("the-first-token")


@dataclass(frozen=True)
class Account:
    login: Secret = LOGIN


class Vendor:
    """Gives a new token at each login, until `one`."""

    def __init__(self) -> None:
        self.logins = 0

    def login(self, _: Account) -> tuple[Secret, datetime]:
        self.logins += 1
        return Secret(f"token-{self.logins}"), ONE


@pytest.fixture
def other_store(database_url: str, store: Store) -> Iterator[Store]:
    """Return the store of another process on the same database."""
    del store  # which is opened first
    opened = Store(database_url, KEY)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with freeze_time(NOON):
        yield


def test_other_process_takes_the_token_until_it_runs_out(
    store: Store, other_store: Store
) -> None:
    mine, theirs = StoredTokens(store), StoredTokens(other_store)
    assert mine.find(LOGIN, None) is None
    mine.keep(LOGIN, TOKEN, ONE)
    assert theirs.find(LOGIN, None) == (TOKEN, ONE)
    with freeze_time(ONE - SECOND):
        assert theirs.find(LOGIN, None) == (TOKEN, ONE)
    with freeze_time(ONE):
        assert theirs.find(LOGIN, None) is None


def test_refused_token_leads_to_one_login_of_both_processes(
    store: Store, other_store: Store
) -> None:
    mine, theirs = StoredTokens(store), StoredTokens(other_store)
    mine.find(LOGIN, None)
    mine.keep(LOGIN, TOKEN, ONE)
    assert theirs.find(LOGIN, TOKEN) is None
    with pytest.raises(VendorBusy, match="another process signs in") as busy:
        mine.find(LOGIN, TOKEN)
    assert busy.value.retry_after == CLAIMED
    renewed = Secret("the-second-token")
    theirs.keep(LOGIN, renewed, ONE)
    assert mine.find(LOGIN, TOKEN) == (renewed, ONE)


def test_threads_of_two_processes_log_in_once(store: Store, other_store: Store) -> None:
    vendor = Vendor()
    processes = [
        Tokens(vendor.login, StoredTokens(each)) for each in (store, other_store)
    ]

    def token(number: int) -> str:
        try:
            return processes[number % 2].token(Account()).reveal()
        except VendorBusy:
            return "busy"

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(token, range(16)))
    assert vendor.logins == 1
    assert "token-1" in found <= {"token-1", "busy"}


def test_claim_of_a_process_that_died_ends(store: Store) -> None:
    tokens = StoredTokens(store)
    assert tokens.find(LOGIN, None) is None
    with freeze_time(NOON + CLAIMED - SECOND), pytest.raises(VendorBusy):
        tokens.find(LOGIN, None)
    with freeze_time(NOON + CLAIMED):
        assert tokens.find(LOGIN, None) is None


def test_throttled_login_is_tried_by_nobody_for_a_while(
    store: Store, other_store: Store
) -> None:
    asked: list[Account] = []

    def throttled(account: Account) -> tuple[Secret, datetime]:
        asked.append(account)
        raise VendorBusy("throttled", timedelta(hours=1))

    mine = Tokens(throttled, StoredTokens(store))
    theirs = Tokens(throttled, StoredTokens(other_store))
    for tokens in (mine, mine, theirs):
        with pytest.raises(VendorBusy):
            tokens.token(Account())
    assert len(asked) == 1
    with freeze_time(NOON + LONGEST_PAUSE), pytest.raises(VendorBusy):
        theirs.token(Account())
    assert len(asked) == 2


def test_login_that_failed_is_tried_again_at_once(store: Store) -> None:
    tokens = StoredTokens(store)
    tokens.find(LOGIN, None)
    tokens.fail(LOGIN, None)
    assert tokens.find(LOGIN, None) is None


def test_dropped_token_is_used_by_no_process(store: Store, other_store: Store) -> None:
    vendor = Vendor()
    mine = Tokens(vendor.login, StoredTokens(store))
    assert mine.token(Account()).reveal() == "token-1"
    mine.invalidate(Account())
    theirs = Tokens(vendor.login, StoredTokens(other_store))
    assert theirs.token(Account()).reveal() == "token-2"


def test_answer_that_comes_after_the_drop_is_not_stored(store: Store) -> None:
    tokens = StoredTokens(store)
    tokens.find(LOGIN, None)
    tokens.drop(LOGIN)
    tokens.keep(LOGIN, TOKEN, ONE)
    tokens.fail(LOGIN, None)
    assert store.read(GATEWAY.all) == []


@pytest.mark.parametrize("hostile", ["", "x", "żółw", "\n", "another login's", "a PIN"])
def test_sealed_value_that_is_not_this_logins_token_counts_as_none(
    store: Store, hostile: str
) -> None:
    tokens = StoredTokens(store)
    for login in (LOGIN, OTHER_LOGIN):
        tokens.find(login, None)
        tokens.keep(login, TOKEN, ONE)
    of_both = store.read(GATEWAY.all)
    theirs = {"a PIN": store.vault.seal(Secret("123456"))}
    for row in of_both:
        [other] = (each for each in of_both if each.id != row.id)
        sealed = other.sealed_token if hostile == "another login's" else hostile
        put = theirs.get(hostile, sealed)
        change = partial(GATEWAY.change_by_id, row_id=row.id, sealed_token=put)
        store.write(change)
    assert tokens.find(LOGIN, None) is None
    tokens.keep(LOGIN, TOKEN, ONE)
    assert tokens.find(LOGIN, None) == (TOKEN, ONE)


def test_token_is_sealed_and_sealed_anew_with_a_new_key(
    database_url: str, store: Store
) -> None:
    tokens = StoredTokens(store)
    tokens.find(LOGIN, None)
    tokens.keep(LOGIN, TOKEN, ONE)
    [row] = store.read(GATEWAY.all)
    assert not [each for each in (TOKEN, LOGIN) if each.reveal() in repr(row)]
    new = Fernet.generate_key().decode()
    both = Store(database_url, Secret(f"{new},{KEY.reveal()}"))
    assert reseal(both) > 0
    both.close()
    changed = Store(database_url, Secret(new))
    assert StoredTokens(changed).find(LOGIN, None) == (TOKEN, ONE)
    changed.close()


def test_older_database_gets_the_table(database_url: str, store: Store) -> None:
    store.close()
    engine = open_engine(database_url)
    with engine.begin() as sql:
        sql.execute(text("DROP TABLE vendor_tokens"))
        sql.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    engine.dispose()
    upgraded = Store(database_url, KEY)
    assert StoredTokens(upgraded).find(LOGIN, None) is None
    upgraded.close()


def test_clock_that_is_set_back_holds_up_no_login(store: Store) -> None:
    tokens = StoredTokens(store)
    tokens.find(LOGIN, None)
    earlier = NOON - timedelta(hours=1)
    with freeze_time(earlier):
        store.write(lambda tx: clock_steps.bring_back(tx, NOON, earlier))
        assert tokens.find(LOGIN, None) is None


def test_token_that_ran_out_long_ago_is_deleted(store: Store) -> None:
    tokens = StoredTokens(store)
    tokens.find(LOGIN, None)
    tokens.keep(LOGIN, TOKEN, ONE)
    assert purge(store, ONE) == 0
    assert purge(store, ONE + SECOND) == 1
