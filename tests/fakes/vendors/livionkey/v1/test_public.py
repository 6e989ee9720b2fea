"""A contract's public link: no login, and it opens on a plain GET."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.livionkey.tenant import END, START

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fakes.vendors.livionkey.tenant import Tenant

CONTACT = {"email": "ada@example.org", "sendEmail": True}


@pytest.fixture
def link(tenant: Tenant) -> str:
    """Return the link out of Livion's own mail."""
    tenant.contract(contacts=[CONTACT])
    (mail,) = tenant.sim("GET", f"{tenant.base}/outbox")
    return str(mail["body"].rpartition("https://api.livionkey.com")[2])


def visit(tenant: Tenant, path: str) -> TestResponse:
    return tenant.client.get(f"/livionkey{path}")


def test_link_shows_the_contract_without_its_contacts(
    tenant: Tenant, link: str
) -> None:
    shown = visit(tenant, link).json
    assert (shown["contractId"], shown["person"]) == ("B-1001", "Ada Novak")
    assert len(shown["pincode"]) == 6
    assert "contacts" not in shown


def test_guessed_or_dead_link_shows_nothing(tenant: Tenant, link: str) -> None:
    for wrong in (link[:-1] + "_", link.replace("public/", "public/0")):
        answer = visit(tenant, wrong)
        assert (answer.status_code, answer.text) == (400, "Contract not found")
    ref = link.split("/")[3]
    tenant.call("DELETE", f"/contracts/{ref}")
    assert visit(tenant, link).status_code == 400


def test_link_opens_only_while_the_code_would(tenant: Tenant, link: str) -> None:
    door = f"{link}/key/flat-1/opendoor"
    assert visit(tenant, door).status_code == 500
    tenant.go(START)
    opened = visit(tenant, door)
    assert (opened.status_code, opened.text) == (200, "ok")
    assert tenant.enter("", slot=0, then="take")["key"] == "flat-1"
    assert visit(tenant, door).text == "ok"
    assert tenant.enter("", slot=0, then="return")["key"] == "flat-1"
    tenant.go(END)
    assert visit(tenant, door).status_code == 500


def test_key_taken_by_link_is_told_with_its_contract(tenant: Tenant, link: str) -> None:
    tenant.add_receiver()
    tenant.go(START)
    visit(tenant, f"{link}/key/flat-1/opendoor")
    assert tenant.events() == []
    tenant.enter("", slot=0, then="take")
    (event,) = tenant.events()
    assert (event["state"], event["contractId"]) == ("key-fetched", "B-1001")


def test_opening_can_be_taken_back(tenant: Tenant, link: str) -> None:
    tenant.go(START)
    visit(tenant, f"{link}/key/flat-1/opendoor")
    assert visit(tenant, f"{link}/key/flat-1/opendoor-cancel").text == "ok"
    assert tenant.reason("", slot=0, then="take") == "shut"


@pytest.mark.parametrize("call", ["opendoor", "opendoor-cancel"])
def test_link_opens_no_other_key_and_no_cabinet_out_of_reach(
    tenant: Tenant, link: str, call: str
) -> None:
    tenant.go(START)
    assert visit(tenant, f"{link}/key/flat-2/{call}").status_code == 500
    tenant.change(online=False)
    assert visit(tenant, f"{link}/key/flat-1/{call}").status_code == 500
