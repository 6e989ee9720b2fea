"""A connection's URLs lead to the vendor's hosts, or to those that are named."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from service.ports import CredentialsRefused, VendorBusy
from service.vendors import AllowedHosts, open_vendors
from tests.service.env import ServiceEnv
from tests.service.web.conftest import api_of

if TYPE_CHECKING:
    from service.ports import LockVendor
    from tests.service.vendors.conftest import OddServer

CREDENTIALS = {
    "igloohome": {"client_id": "c", "client_secret": "s"},
    "nuki": {"api_token": "t"},
    "exivo": {"site_id": "s", "api_key": "k", "api_secret": "s"},
    "livionkey": {"email": "e", "password": "p"},
}
URLS = [
    "http://127.0.0.1:{port}",
    "http://[::1]:{port}",
    "https://127.0.0.1:{port}",
    "http://2130706433:{port}",
    "http://localhost:{port}",
    "https://evil.example.org",
    "https://api.nuki.io.evil.example.org",
    "https://api.nuki.io@evil.example.org",
    "http://api.nuki.io",
    "https://api.nuki.io:22",
    "https://api.nuki.io:99999",
    "https://[::1",
]


def with_url(vendor: LockVendor, url: str) -> dict[str, str]:
    """Return the vendor's credentials, all its URLs being this one."""
    urls = {each.name: url for each in vendor.fields if each.name.endswith("_url")}
    return CREDENTIALS[vendor.name] | urls


def resolving_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Have every name lead to that address, as a rebound name does."""
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: int, **more: int) -> list[tuple[object]]:
        del host
        return real(address, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("url", URLS)
def test_other_hosts_than_the_vendors_are_never_called(
    odd: OddServer, name: str, url: str
) -> None:
    vendor = open_vendors(timeout_seconds=5)[name]
    given = url.format(port=odd.url.rpartition(":")[2])
    with pytest.raises(CredentialsRefused, match=r"host|https|443|URL"):
        vendor.verify(with_url(vendor, given))
    assert odd.calls == []


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_vendors_own_name_that_leads_to_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    resolving_to(monkeypatch, address)
    vendor = open_vendors(timeout_seconds=5)[name]
    with pytest.raises(VendorBusy, match="could not be reached"):
        vendor.verify(CREDENTIALS[name])


def test_host_that_the_operator_named_is_called(odd: OddServer) -> None:
    vendor = open_vendors(timeout_seconds=5, hosts={"127.0.0.1"})["nuki"]
    odd.answers("/smartlock", (200, [{"smartlockId": 1, "accountId": 7}]))
    odd.answers("/smartlock/auth/paged", (200, []))
    assert vendor.verify(with_url(vendor, odd.url)) == "Nuki account 7"


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.1", "fe80::1", "0.0.0.0"])
def test_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(OSError, match="not public"):
        AllowedHosts(()).check_address("api.nuki.io", address)
    AllowedHosts({"api.nuki.io"}).check_address("api.nuki.io", address)


def test_refusal_names_the_host_and_nothing_that_it_would_answer(
    odd: OddServer, sqlite_url: str
) -> None:
    odd.answers("/", (400, {"message": "FOREIGN WORDS"}))
    env = ServiceEnv(sqlite_url)
    vendors = open_vendors(timeout_seconds=5)
    env.service.deps.vendors.update(vendors)  # type: ignore[attr-defined]
    body = {
        "vendor": "igloohome",
        "name": "Club",
        "timezone": "UTC",
        "credentials": with_url(vendors["igloohome"], odd.url),
    }
    answer = api_of(env).call("POST", "/api/connections", json=body)
    env.close()
    assert answer.status_code == 422
    assert "127.0.0.1" in answer.text
    assert "FOREIGN" not in answer.text
    assert odd.calls == []
