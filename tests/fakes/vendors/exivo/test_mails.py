"""Exivo's own messages carry the link, and the code goes with none of them."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.vendors.exivo.site import CODE, FROM, TO, Site


def outbox(site: Site) -> list[dict[str, Any]]:
    return list(site.sim("GET", f"{site.base}/outbox"))


def test_invitation_has_the_link_and_not_the_code(site: Site) -> None:
    shown = site.visit(
        site.add_door(),
        email="ada@example.org",
        name="Ada",
        message="Welcome to Court 1.",
    )
    (mail,) = outbox(site)
    assert (mail["channel"], mail["to"]) == ("mail", "ada@example.org")
    assert shown["link"] in mail["body"]
    assert "Welcome to Court 1." in mail["body"]
    assert CODE not in json.dumps(mail)


def test_of_mail_and_phone_only_the_phone_gets_the_message(site: Site) -> None:
    site.visit(site.add_door(), email="ada@example.org", smsNr="+46701234567")
    (mail,) = outbox(site)
    assert (mail["channel"], mail["to"]) == ("sms", "+46701234567")
    assert CODE not in json.dumps(mail)


def test_without_an_address_nothing_is_sent(site: Site) -> None:
    site.visit(site.add_door())
    assert outbox(site) == []


def test_refused_visit_invites_nobody(site: Site) -> None:
    body = site.visit_body(
        site.add_door(), email="ada@example.org", validTo="2026-12-01T00:00:00Z"
    )
    site.refused("/visit", body)
    assert outbox(site) == []


def test_digital_key_visit_asks_to_install_the_app_only_if_that_is_wanted(
    site: Site,
) -> None:
    door = site.add_door()
    body = {
        "validFrom": FROM,
        "validTo": TO,
        "components": [door["vendor_id"]],
        "formFactor": "ma-email",
        "publicRegistrationId": "ada@example.org",
        "mobileApp": {"id": "123"},
        "installNotification": False,
    }
    site.done("POST", "/digitalKeyVisits", body)
    assert outbox(site) == []
    site.done("POST", "/digitalKeyVisits", body | {"installNotification": True})
    (mail,) = outbox(site)
    assert (mail["channel"], mail["to"]) == ("mail", "ada@example.org")


def test_no_code_and_no_pin_is_in_the_journal(site: Site) -> None:
    door = site.add_door(keypad=True)
    site.visit(door, code="918273", email="ada@example.org")
    site.member(site.group(), pin="564738")
    journal = json.dumps(site.sim("GET", f"{site.base}/requests"))
    for secret in ("918273", "564738", site.key[1]):
        assert secret not in journal
