"""Connections and what belongs to them: locks, rules, texts, keys."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from service.ports import CredentialsRefused, VendorLock
from service.secret import Secret
from service.store.audit import GATEWAY, Action
from service.store.users import SESSIONS
from tests.service.stub_vendor import PASSWORD
from tests.service.web.admin.conftest import USER, text_of
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from tests.service.web.admin.conftest import Browser

ACCOUNT = {
    "name": "Tennis club",
    "timezone": "Europe/Stockholm",
    "owner_email": "owner@example.org",
    "credentials.user": "ada",
    "credentials.password": PASSWORD,
}


def linked(browser: Browser) -> str:
    """Return the path of a connection that was linked by its form."""
    answer = browser.send("/connections/new/stub", ACCOUNT)
    assert answer.status_code == 303, answer.text
    path: str = answer.headers["Location"]
    return path


def known(browser: Browser, path: str) -> Any:
    return browser.api.get(f"/api{path}")


def lock_ids(browser: Browser, path: str) -> dict[str, str]:
    items = browser.api.get(f"/api{path}/locks")["items"]
    return {each["vendor_id"]: each["id"] for each in items}


def test_account_is_linked_by_the_vendors_own_form(browser: Browser) -> None:
    page = browser.open("/connections/new/stub")
    assert page.find("input", {"name": "credentials.user"})["value"] == "ada"
    assert page.find("input", {"name": "credentials.password"})["type"] == "password"
    path = linked(browser)
    found = known(browser, path)
    assert (found["name"], found["linked"], found["active"]) == (
        "Tennis club",
        True,
        False,
    )
    assert "Tennis club" in text_of(browser.open("/connections"))


def test_signing_secret_is_shown_once(browser: Browser) -> None:
    path = linked(browser)
    first, second = browser.open(path), browser.open(path)
    secrets = [
        each["value"]
        for each in first.select(".copy input")
        if str(each["value"]).startswith("whsec_")
    ]
    assert len(secrets) == 1
    assert "whsec_" not in str(second)


def test_wrong_credentials_link_nothing_and_are_not_repeated(browser: Browser) -> None:
    before = len(browser.api.get("/api/connections")["items"])
    change = {"credentials.password": "guess-7"}
    answer = browser.send("/connections/new/stub", ACCOUNT | change)
    assert answer.status_code == 422
    assert "the password is wrong" in answer.text
    assert "guess-7" not in answer.text
    assert 'value="Tennis club"' in answer.text
    assert len(browser.api.get("/api/connections")["items"]) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"timezone": "Europe/Stokholm"}, "did you mean Europe/Stockholm?"),
        ({"owner_email": "nobody"}, "owner_email"),
        ({"name": ""}, "required"),
        ({"country": "Sweden"}, ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    browser: Browser, change: dict[str, str], says: str
) -> None:
    answer = browser.send("/connections/new/stub", ACCOUNT | change)
    assert answer.status_code in (400, 422)
    assert says in answer.text.replace("&#39;", "'")
    assert 'class="wrong"' in answer.text


def test_connection_is_switched_on_by_accepting_its_terms(browser: Browser) -> None:
    path = linked(browser)
    assert "deleted 90 days after" in text_of(browser.open(path))
    page = browser.submit(f"{path}/switch/on")
    assert "It is on" in text_of(page)
    assert known(browser, path)["terms_accepted_at"]
    browser.submit(f"{path}/switch/off")
    assert known(browser, path)["active"] is False
    assert browser.send(f"{path}/switch/sideways").status_code == 404


def test_webhook_address_stands_there_to_be_copied(browser: Browser) -> None:
    path = linked(browser)
    url = known(browser, path)["webhook_url"]
    assert browser.open(path).find("input", {"value": url})


def test_settings_are_changed_and_secrets_stay(browser: Browser) -> None:
    path = linked(browser)
    change = {"name": "Padel club", "timezone": "Europe/Prague", "country": "CZ"}
    browser.submit(f"{path}/settings", change)
    found = known(browser, path)
    assert (found["name"], found["country"]) == ("Padel club", "CZ")
    browser.submit(f"{path}/credentials", {"credentials.user": "eva"})
    assert known(browser, path)["account"] == "stub of eva"


def test_verification_says_what_the_vendor_says(browser: Browser) -> None:
    path = linked(browser)
    assert "takes the credentials" in text_of(browser.submit(f"{path}/verify"))
    browser.api.env.stub_vendor.on_verify = deque([CredentialsRefused("expired")])
    page = browser.submit(f"{path}/verify", {"back": path})
    assert "does not take these credentials: expired" in text_of(page)
    assert "Not linked" in text_of(browser.open("/trouble"))


def test_new_signing_secret_is_shown_once(browser: Browser) -> None:
    path = linked(browser)
    browser.open(path)
    assert "whsec_" in str(browser.submit(f"{path}/rotate-secret"))
    assert "whsec_" not in str(browser.open(path))


def test_connection_is_removed_after_a_second_question(browser: Browser) -> None:
    path = linked(browser)
    assert "Remove this connection?" in text_of(browser.open(f"{path}/remove"))
    assert "is removed" in text_of(browser.submit(f"{path}/remove"))
    assert browser.client.get(path).status_code == 404


def test_locks_are_read_again_on_demand(browser: Browser) -> None:
    path = linked(browser)
    assert "no lock" in text_of(browser.open(f"{path}/locks"))
    browser.api.env.stub_vendor.devices.append(
        VendorLock("side", "Side door", "lock", usable=True)
    )
    assert "Side door" not in text_of(browser.open(f"{path}/locks"))
    page = browser.submit(f"{path}/locks")
    assert "There are 4 devices." in text_of(page)
    assert "Side door" in text_of(page)


def test_master_code_is_shown_once_on_request_and_that_is_recorded(
    browser: Browser,
) -> None:
    path = linked(browser)
    lock = lock_ids(browser, path)["front"]
    page = f"/locks/{lock}"
    assert browser.open(page).find(id="pin") is None
    shown = browser.submit(f"{page}/master-code")
    assert text_of(shown.find(id="pin")) == "1234567890"
    assert browser.open(page).find(id="pin") is None
    found = browser.api.env.service.deps.store.read(GATEWAY.all)
    seen = [each for each in found if each.action == Action.MASTER_CODE_SEEN]
    assert [(each.actor, each.subject) for each in seen] == [(f"user {USER}", lock)]


def test_time_zone_of_a_lock_is_set(browser: Browser) -> None:
    path = linked(browser)
    lock = lock_ids(browser, path)["front"]
    browser.submit(f"/locks/{lock}/timezone", {"timezone": "Asia/Kathmandu"})
    assert browser.api.get(f"/api/locks/{lock}")["timezone"] == "Asia/Kathmandu"
    answer = browser.send(f"/locks/{lock}/timezone", {"timezone": "Moon"})
    assert answer.status_code == 400


RULE = {
    "resource": "court-1",
    "trigger": "paid",
    "channel": "sms",
    "send_hours_before": "24",
    "margin_before_hours": "1",
    "margin_after_hours": "",
    "copy_to_owner": "on",
}


def test_rule_is_made_edited_and_deleted_by_forms(browser: Browser) -> None:
    path = linked(browser)
    locks = lock_ids(browser, path)
    doors = [locks["front"], locks["back"]]
    page = browser.submit(f"{path}/rules/new", RULE | {"locks": doors})
    assert "court-1" in text_of(page)
    (rule,) = browser.api.get(f"/api{path}/rules")["items"]
    assert rule["locks"] == doors
    assert (rule["trigger"], rule["channel"]) == ("paid", "sms")
    assert (rule["send_hours_before"], rule["margin_before_hours"]) == (24, 1)
    assert (rule["margin_after_hours"], rule["copy_to_owner"]) == (0, True)

    own = f"{path}/rules/{rule['id']}"
    form = browser.open(own)
    assert form.find("input", {"name": "resource"})["value"] == "court-1"
    assert len(form.find_all("input", {"name": "locks", "checked": True})) == 2
    change = {"resource": "court-2", "locks": [doors[0]], "trigger": "confirmed"}
    browser.submit(own, change | {"channel": "email"})
    (changed,) = browser.api.get(f"/api{path}/rules")["items"]
    assert (changed["resource"], changed["locks"]) == ("court-2", doors[:1])
    assert (changed["send_hours_before"], changed["copy_to_owner"]) == (None, False)
    assert changed["margin_before_hours"] == 0

    assert "Delete this rule?" in text_of(browser.open(f"{own}/remove"))
    browser.submit(f"{own}/remove")
    assert browser.api.get(f"/api{path}/rules")["items"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"margin_before_hours": "0.5"}, "a margin is a whole number of hours"),
        ({"send_hours_before": "soon"}, "valid integer"),
        ({"locks": []}, "at least 1"),
        ({"resource": ""}, "not both"),
    ],
)
def test_rule_that_cannot_be_is_refused_with_the_fix(
    browser: Browser, change: dict[str, Any], says: str
) -> None:
    path = linked(browser)
    doors = {"locks": [lock_ids(browser, path)["front"]]}
    answer = browser.send(f"{path}/rules/new", RULE | doors | change)
    assert answer.status_code in (400, 422)
    assert says in answer.text


def test_rule_of_another_connection_is_not_found(browser: Browser) -> None:
    mine, other = linked(browser), linked(browser)
    doors = {"locks": [lock_ids(browser, mine)["front"]]}
    browser.submit(f"{mine}/rules/new", RULE | doors)
    (rule,) = browser.api.get(f"/api{mine}/rules")["items"]
    for path in (f"{other}/rules/{rule['id']}", f"{other}/rules/{rule['id']}/remove"):
        assert browser.client.get(path).status_code == 404
        assert browser.send(path).status_code == 404
    assert len(browser.api.get(f"/api{mine}/rules")["items"]) == 1


def preview(page: BeautifulSoup) -> str:
    found = page.find(id="preview")
    assert found is not None
    return text_of(found)


def test_text_is_previewed_saved_and_put_back(browser: Browser) -> None:
    path = f"{linked(browser)}/templates"
    assert "Built-in text" in text_of(browser.open(path))
    own = f"{path}/email/sv"
    assert "012345678" in preview(browser.open(own))
    typed = {"subject": "Dörr: {resource}", "body": "Kod {codes}, {customer}"}
    answer = browser.send(f"{own}/preview", typed)
    assert answer.status_code == 200
    assert "Dörr: court-1" in answer.text
    shown = BeautifulSoup(answer.data, "html.parser").select_one("#preview .letter")
    assert shown is not None
    assert shown.text == "Kod 012345678, Ada Novak"
    assert "Built-in text" in text_of(browser.open(path))
    assert "Your own text" in text_of(browser.submit(own, typed))
    assert browser.open(own).find("textarea").text.strip() == typed["body"]
    browser.submit(f"{own}/built-in")
    assert "Your own text" not in text_of(browser.open(path))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"body": "no code"}, "does not name {codes}"),
        ({"body": "{codes} {custmer}"}, "customer"),
        ({"subject": ""}, "subject is empty"),
        ({"subject": "{codes}"}, "codes stand in the body only"),
    ],
)
def test_text_that_would_not_bring_the_code_is_refused(
    browser: Browser, change: dict[str, str], says: str
) -> None:
    own = f"{linked(browser)}/templates/email/en"
    typed = {"subject": "Door", "body": "{codes}"} | change
    for path in (own, f"{own}/preview"):
        assert says in browser.send(path, typed).text
    assert "Built-in text" in text_of(browser.open(own.removesuffix("/email/en")))


def test_preview_shows_what_the_vendor_adds(browser: Browser) -> None:
    own = f"{linked(browser)}/templates/email/en"
    browser.api.env.stub_vendor.example_link = "https://visit.example/1"
    assert "https://visit.example/1" in preview(browser.open(own))


def test_text_of_no_channel_is_not_found(browser: Browser) -> None:
    path = linked(browser)
    assert browser.client.get(f"{path}/templates/pigeon/en").status_code == 404


def test_lock_that_a_rule_names_and_that_is_gone_is_in_the_way(
    browser: Browser,
) -> None:
    path = linked(browser)
    doors = {"locks": [lock_ids(browser, path)["back"]]}
    browser.submit(f"{path}/rules/new", RULE | doors)
    devices = browser.api.env.stub_vendor.devices
    devices[:] = [each for each in devices if each.vendor_id != "back"]
    browser.submit(f"{path}/locks")
    text = text_of(browser.open("/trouble"))
    assert "Back door , Tennis club" in text
    assert "no longer lists this device" in text


def test_secret_that_waits_for_its_page_is_sealed(browser: Browser) -> None:
    linked(browser)
    store = browser.api.env.service.deps.store
    (session,) = [each for each in store.read(SESSIONS.all) if each.sealed_note]
    assert "whsec_" not in str(session.sealed_note)
    opened = store.vault.open(session.sealed_note or "")
    assert isinstance(opened, Secret)
    assert "whsec_" in opened.reveal()


def test_preview_is_the_html_that_goes_out(browser: Browser) -> None:
    connection = browser.api.ready()
    own = f"/connections/{connection['id']}/templates/email/en"
    typed = {"subject": "Code", "body": "<b>Hello</b>\nYour code: {codes}"}
    browser.submit(own, typed)
    shown = browser.open(own).select_one("#preview .letter > div")
    assert shown is not None
    assert shown.find("b") is None
    browser.api.send(connection, event())
    browser.api.env.work()
    (sent,) = browser.api.env.outbox.taken
    ((_, pin),) = browser.api.env.stub_vendor.codes
    assert sent.html == str(shown).replace("<br/>", "<br>").replace("012345678", pin)


def test_sms_is_plain(browser: Browser) -> None:
    connection = browser.api.ready(channel="sms")
    browser.api.send(connection, event(booking={"customer": {"phone": "+46701234567"}}))
    browser.api.env.work()
    (sent,) = browser.api.env.outbox.taken
    assert sent.html == ""


def test_margins_of_a_connection_reach_what_is_booked_already(browser: Browser) -> None:
    api = browser.api
    ready = api.ready(margin_after_hours=2)
    path = f"/connections/{ready['id']}"
    api.send(ready, event())
    api.env.work()

    def window() -> tuple[str, str]:
        (access,) = [
            each
            for each in api.get("/api/accesses")["items"]
            if each["connection"] == ready["id"] and each["active"]
        ]
        return access["valid_from"], access["valid_until"]

    start, end = window()
    given = {"name": "Tennis club", "timezone": "UTC", "margin_after_hours": "1"}
    browser.submit(f"{path}/settings", given | {"margin_before_hours": "3"})
    api.env.work()
    earlier = datetime.fromisoformat(start) - timedelta(hours=3)
    assert datetime.fromisoformat(window()[0]) == earlier
    assert window()[1] == end  # the rule's own margin is wider
    page = browser.open(path)
    assert page.find("input", {"name": "margin_before_hours"})["value"] == "3"
    answer = browser.send(f"{path}/settings", given | {"margin_before_hours": "0.5"})
    assert answer.status_code == 400
    assert "whole number of hours" in answer.text
