"""Tokens: fetched once, kept until they run out, renewed once when refused."""

from __future__ import annotations

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

from service.ports import (
    Credentials,
    CredentialsRefused,
    Order,
    VendorBusy,
    VendorError,
)
from service.secret import Secret

if TYPE_CHECKING:
    from service.vendors.igloohome.adapter import Igloohome

PATH = "/api/devices"
NONE = (200, {"payload": [], "nextCursor": ""})


def test_token_is_asked_for_with_basic_and_without_a_scope(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, NONE)
    assert igloohome.verify(credentials) == "igloohome client client"
    (call,) = odd.asked("/token")
    assert call.text == "grant_type=client_credentials"
    basic = b64encode(b"client:sesame").decode()
    assert call.headers["Authorization"] == f"Basic {basic}"


def test_many_threads_share_one_token(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, NONE)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(igloohome.locks, credentials) for _ in range(24)]:
            done.result()
    assert len(odd.asked("/token")) == 1
    assert len(odd.asked(PATH)) == 24


def test_token_is_renewed_when_it_runs_out(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, NONE)
    with freeze_time("2026-12-01T12:00:00Z") as clock:
        igloohome.locks(credentials)
        clock.tick(timedelta(hours=23, minutes=58))
        igloohome.locks(credentials)
        assert len(odd.asked("/token")) == 1
        clock.tick(timedelta(minutes=1))
        igloohome.locks(credentials)
        assert len(odd.asked("/token")) == 2


@pytest.mark.parametrize("lasts", [None, 0, -1, "soon", True])
def test_token_of_unknown_length_is_kept_for_an_hour(
    odd: Any, igloohome: Igloohome, credentials: Credentials, lasts: Any
) -> None:
    odd.answers("/token", (200, {"access_token": "t1", "expires_in": lasts}))
    odd.answers(PATH, NONE)
    with freeze_time("2026-12-01T12:00:00Z") as clock:
        igloohome.locks(credentials)
        clock.tick(timedelta(minutes=58))
        igloohome.locks(credentials)
        assert len(odd.asked("/token")) == 1
        clock.tick(timedelta(minutes=1))
        igloohome.locks(credentials)
        assert len(odd.asked("/token")) == 2


def test_refused_token_is_renewed_once_and_the_call_repeated(
    odd: Any, igloohome: Igloohome, credentials: Credentials, order: Order
) -> None:
    odd.answers("/token", (200, {"access_token": "t1"}), (200, {"access_token": "t2"}))
    pins = "/api/devices/IGK3A/algopin/hourly"
    odd.answers(pins, (401, {}), (200, {"pin": "1234567", "pinId": "p"}))
    assert igloohome.issue(credentials, order).ref == "p"
    tokens = [call.headers["Authorization"] for call in odd.asked(pins)]
    assert tokens == ["Bearer t1", "Bearer t2"]


def test_token_refused_twice_ends_without_a_loop(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, (401, {"message": "Unauthorized"}))
    with pytest.raises(CredentialsRefused, match=r"401: Unauthorized"):
        igloohome.locks(credentials)
    assert len(odd.asked("/token")) == 2
    assert len(odd.asked(PATH)) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"error": "invalid_client"}), CredentialsRefused),
        ((401, {}), CredentialsRefused),
        ((404, "<html>"), CredentialsRefused),
        ((429, {}, {"Retry-After": "7"}), VendorBusy),
        ((500, {}), VendorBusy),
        ((200, "<html>maintenance</html>"), VendorBusy),
        ((200, {"access_token": ""}), VendorBusy),
        (None, VendorBusy),
    ],
)
def test_no_token_is_the_owners_matter_or_passes(
    odd: Any,
    igloohome: Igloohome,
    credentials: Credentials,
    answer: Any,
    error: type[VendorError],
) -> None:
    odd.answers("/token", answer)
    with pytest.raises(VendorError) as failed:
        igloohome.verify(credentials)
    assert type(failed.value) is error
    assert "sesame" not in failed.value.reason
    assert odd.asked(PATH) == []


def test_verify_tries_the_credentials_themselves_and_not_an_old_token(
    odd: Any, igloohome: Igloohome, credentials: Credentials
) -> None:
    odd.answers(PATH, NONE)
    igloohome.verify(credentials)
    odd.answers("/token", (400, {"error": "invalid_client"}))
    igloohome.locks(credentials)
    with pytest.raises(CredentialsRefused, match=r"'client' \(400: invalid_client\)"):
        igloohome.verify(credentials)


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_missing_credential_is_named(
    igloohome: Igloohome, credentials: Credentials, missing: str
) -> None:
    with pytest.raises(CredentialsRefused, match=f"{missing} is missing"):
        igloohome.verify({**credentials, missing: Secret(" ")})


def test_url_of_another_kind_is_refused_before_any_call(
    igloohome: Igloohome, credentials: Credentials
) -> None:
    with pytest.raises(CredentialsRefused, match=r"'file:///x'; it starts with http"):
        igloohome.verify({**credentials, "api_url": "file:///x"})


def test_url_that_is_none_is_named(
    igloohome: Igloohome, credentials: Credentials
) -> None:
    with pytest.raises(VendorError, match=r"'http://\[x' is not a URL"):
        igloohome.verify({**credentials, "token_url": "http://[x"})


def test_addresses_of_the_vendor_are_known(igloohome: Igloohome) -> None:
    defaults = {each.name: each.default for each in igloohome.fields}
    assert defaults["token_url"] == "https://auth.igloohome.co/oauth2/token"
    assert defaults["api_url"] == "https://api.igloodeveloper.co/igloohome"
    secret = [each.name for each in igloohome.fields if each.secret]
    assert secret == ["client_secret", "refresh_token"]
