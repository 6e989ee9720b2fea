"""Tokens: one login for all calls, renewed early; a 401 is looked into, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

from service.ports import Credentials, CredentialsRefused, VendorBusy, VendorRefused

if TYPE_CHECKING:
    from service.vendors.livionkey.adapter import LivionKey

LOGIN = "/auth/login"
KEYS = "/devices/700001/keys"
NOON = "2026-12-01T12:00:00Z"
NO = "GraphQL - 1 - a - not authorized"


def token(text: str, until: str = "Tue, 01 Dec 2026 13:00:00 GMT") -> dict[str, str]:
    return {"token": text, "expirationTime": until}


def test_many_threads_share_one_login(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(livionkey.locks, credentials) for _ in range(24)]:
            done.result()
    assert len(odd.asked(LOGIN)) == 1


def test_token_is_renewed_five_minutes_before_it_runs_out(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    with freeze_time(NOON) as clock:
        livionkey.locks(credentials)
        clock.tick(timedelta(minutes=54, seconds=59))
        livionkey.locks(credentials)
        assert len(odd.asked(LOGIN)) == 1
        clock.tick(timedelta(seconds=1))
        livionkey.locks(credentials)
    assert len(odd.asked(LOGIN)) == 2


@pytest.mark.parametrize(
    "until", ["Tue, 01 Dec 2020 13:00:00 GMT", "Fri, 01 Dec 2096 13:00:00 GMT", "soon"]
)
def test_vendor_with_another_clock_is_not_asked_for_a_token_at_every_call(
    odd: Any, livionkey: LivionKey, credentials: Credentials, until: str
) -> None:
    odd.answers(LOGIN, (200, token("t1", until)))
    with freeze_time(NOON) as clock:
        for _ in range(3):
            livionkey.locks(credentials)
        assert len(odd.asked(LOGIN)) == 1
        clock.tick(timedelta(hours=1))
        livionkey.locks(credentials)
    assert len(odd.asked(LOGIN)) == 2


def test_dead_token_is_renewed_once_and_the_call_repeated(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    odd.answers(LOGIN, (200, token("t1")), (200, token("t2")))
    odd.answers("/devices", (401, NO), (401, NO), (200, []))
    assert livionkey.locks(credentials) == []
    last = odd.asked("/devices")[-1]
    assert last.headers["Authorization"] == "Bearer t2"
    assert len(odd.asked(LOGIN)) == 2


def test_device_of_another_account_is_refused_without_a_login(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    odd.answers(KEYS, (401, NO))
    for _ in range(5):
        with pytest.raises(VendorRefused, match="may not see that device or key"):
            livionkey.locks(credentials)
    assert len(odd.asked(LOGIN)) == 1
    assert len(odd.asked(KEYS)) == 10


def test_a_401_that_was_a_mistake_is_forgiven(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    odd.answers(KEYS, (401, NO), (200, [{"keyId": "flat-1"}]))
    (lock,) = livionkey.locks(credentials)
    assert (lock.vendor_id, lock.name) == ("700001/flat-1", "Lobby, flat-1")


def test_wrong_password_is_a_400_and_says_what_to_check(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    odd.answers(LOGIN, (400, "Firebase: Error (auth/invalid-login-credentials)."))
    with pytest.raises(CredentialsRefused, match="check email, password") as refused:
        livionkey.verify(credentials)
    assert "sesame" not in refused.value.reason


def test_throttled_login_is_busy_for_as_long_as_it_says(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    words = "Too many login attempts, try again later"
    odd.answers(LOGIN, (429, words, {"Retry-After": "240"}))
    with pytest.raises(VendorBusy) as busy:
        livionkey.locks(credentials)
    assert busy.value.retry_after == timedelta(minutes=4)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", " ", "email is missing"),
        ("password", "", "password is missing"),
        ("api_url", "livion", "it starts with https://"),
        ("webhook_secret", "whsec_no base64", "webhook_secret is no base64"),
        ("device_ids", "700001, 700009", "names 700009, .* it has 700001"),
        ("lock_ids", "flat-9", "names flat-9, .* it has flat-1"),
    ],
)
def test_wrong_credential_is_named(
    livionkey: LivionKey, credentials: Credentials, field: str, value: str, reason: str
) -> None:
    with pytest.raises(CredentialsRefused, match=reason):
        livionkey.verify({**credentials, field: value})


def test_named_devices_and_keys_alone_are_listed(
    odd: Any, livionkey: LivionKey, credentials: Credentials
) -> None:
    devices = [{"deviceId": "700001"}, {"deviceId": "700002"}]
    odd.answers("/devices", (200, devices))
    odd.answers(KEYS, (200, [{"keyId": "flat-1"}, {"keyId": "flat-2"}]))
    odd.answers("/devices/700002/keys", (200, [{"keyId": "cellar"}]))
    found = {
        ids: [lock.vendor_id for lock in livionkey.locks({**credentials, **dict(ids)})]
        for ids in (
            (),
            (("device_ids", "700002"),),
            (("lock_ids", "flat-2, cellar"),),
        )
    }
    everything, by_device, by_key = found.values()
    assert everything == ["700001/flat-1", "700001/flat-2", "700002/cellar"]
    assert (by_device, by_key) == (
        ["700002/cellar"],
        ["700001/flat-2", "700002/cellar"],
    )
