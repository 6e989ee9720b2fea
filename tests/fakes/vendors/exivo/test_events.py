"""The access log and the site's receiver are told the same facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.exivo.site import FROM, TO, Phone, Site

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing

URL = "http://127.0.0.1/events"
HOOK = "/exivo/portal/webhook"


@pytest.fixture
def gate(site: Site) -> dict[str, Any]:
    return site.add_door("Gate", keypad=True)


def add_receiver(site: Site, **fields: Any) -> dict[str, Any]:
    answer = site.client.put(HOOK, json={"url": URL, **fields}, auth=site.key)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_event_names_the_door_and_carries_the_sites_value(
    site: Site, gate: dict[str, Any], sent: list[Outgoing]
) -> None:
    add_receiver(site, authentication="s3cret")
    site.done("POST", f"/component/{gate['vendor_id']}/unlock")
    site.advance("PT0S")
    (event,) = sent
    body = json.loads(event.body)
    assert event.headers["Authentication"] == "s3cret"
    assert body["name"] == "componentUnlocked"
    assert body["occurredAt"] == "2026-12-01T13:00:00.000000Z"
    assert body["payload"]["componentId"] == gate["vendor_id"]


def test_value_and_header_are_as_they_are_set(
    site: Site, gate: dict[str, Any], sent: list[Outgoing]
) -> None:
    site.switch(event_header="X-Site")
    shown = add_receiver(site)
    assert (shown["url"], shown["header"]) == (URL, "X-Site")
    assert site.client.get(HOOK, auth=site.key).json == shown
    site.done("POST", f"/component/{gate['vendor_id']}/unlock")
    site.advance("PT0S")
    assert sent[0].headers["X-Site"] == shown["authentication"]


def test_without_a_receiver_nothing_is_sent(
    site: Site, gate: dict[str, Any], sent: list[Outgoing]
) -> None:
    add_receiver(site)
    assert site.client.delete(HOOK, auth=site.key).json["url"] is None
    site.enter(gate, "1111")
    site.advance("PT1M")
    assert sent == []
    assert site.client.get(HOOK, auth=None).status_code == 401


def test_event_that_is_not_taken_is_sent_again(
    site: Site, gate: dict[str, Any], sent: list[Outgoing]
) -> None:
    site.client.put(HOOK, json={"url": f"{URL}/broken"}, auth=site.key)
    site.enter(gate, "1111")
    site.advance("PT2H")
    (delivery,) = site.sim("GET", f"{site.base}/deliveries")
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500] * 4
    assert len(sent) == 4


@pytest.mark.parametrize(
    "body", [{}, {"url": "ftp://x"}, {"url": URL, "authentication": ""}]
)
def test_receiver_that_is_none_is_refused(site: Site, body: dict[str, Any]) -> None:
    answer = site.client.put(HOOK, json=body, auth=site.key)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("alarm", "name"),
    [
        ("sabotage", "sabotageAlarm"),
        ("short-circuit", "shortCircuitOfInputAlarm"),
        ("interruption", "interruptionOfInputAlarm"),
    ],
)
def test_alarm_at_a_door_is_told(
    site: Site, gate: dict[str, Any], alarm: str, name: str
) -> None:
    site.change(gate, alarm=alarm)
    assert site.facts() == [name]


def test_visitors_opening_is_permitted_then_unlocked_and_names_the_visit(
    site: Site, gate: dict[str, Any]
) -> None:
    visit = site.visit(gate, name="B-1001")
    site.turn(FROM)
    phone = Phone(site.app, visit)
    phone.log_in()
    phone.open(gate)
    assert site.facts() == ["componentUnlocked", "accessPermitted"]
    fact = site.done("GET", "/accesslog/component")[0]
    assert fact["data"]["visit"] == {"id": visit["id"], "name": "B-1001"}
    assert fact["data"]["component"]["identifier"] == "Gate"


def test_visitors_opening_too_late_is_denied(site: Site, gate: dict[str, Any]) -> None:
    visit = site.visit(gate)
    site.turn(TO)
    site.enter(gate, link=visit["link"])
    assert site.facts() == ["accessDenied"]


def test_entry_at_the_pad_names_the_person(site: Site, gate: dict[str, Any]) -> None:
    person = site.member(site.group())
    site.enter(gate)
    site.enter(gate, "1111")
    site.enter(gate, "", medium="ffff")
    assert site.facts(f"/person/{person}") == ["componentUnlocked", "accessPermitted"]
    assert site.facts("/person") == ["componentUnlocked", "accessPermitted"]
    assert site.facts() == ["accessDenied"] * 2 + site.facts("/person")
    facts = site.done("GET", "/accesslog/component")
    assert facts[0]["data"]["medium"] == {"cid": "ffff"}
    assert facts[2]["data"]["person"] == {
        "id": person,
        "firstName": "Ada",
        "lastName": "Novak",
    }


def test_log_is_by_door(site: Site, gate: dict[str, Any]) -> None:
    other = site.add_door("Other", keypad=True)
    site.enter(other, "1111")
    assert site.facts(f"/component/{gate['vendor_id']}") == []
    assert site.facts(f"/component/{other['vendor_id']}") == ["accessDenied"]


def test_newest_line_is_first_unless_a_sort_or_a_switch_says_otherwise(
    site: Site, gate: dict[str, Any]
) -> None:
    site.change(gate, alarm="sabotage")
    site.advance("PT1S")
    site.change(gate, alarm="interruption")
    newest = ["interruptionOfInputAlarm", "sabotageAlarm"]
    assert site.facts() == site.facts(sortDir="asc") == newest
    assert site.facts(skip=0, limit=1, sortDir="asc") == newest[:1]
    assert site.facts(sort="occurredAt") == newest[::-1]
    assert site.facts(sort="occurredAt", sortDir="desc") == newest
    site.switch(access_log_order="oldest")
    assert site.facts() == newest[::-1]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"from": "2026-12-01"}, 2),
        ({"from": "2026-12-02"}, 1),  # 23:30 in London is the next day in Zurich
        ({"to": "2026-12-01"}, 1),
        ({"from": "2026-12-02", "to": "2026-12-02"}, 1),
        ({"from": "2026-12-03"}, 0),
    ],
)
def test_days_of_the_log_are_those_of_the_site(
    site: Site, gate: dict[str, Any], query: dict[str, str], count: int
) -> None:
    site.change(gate, alarm="sabotage")
    site.turn("2026-12-01T23:30:00Z")
    site.change(gate, alarm="sabotage")
    assert len(site.facts(**query)) == count


@pytest.mark.parametrize("day", ["2026-13-01", "20261201", "yesterday", ""])
def test_day_that_is_none_is_refused(site: Site, day: str) -> None:
    path = "/accesslog/component"
    assert site.ask("GET", path, query_string={"from": day}).status_code == 400


def test_log_is_bounded(site: Site, gate: dict[str, Any]) -> None:
    for _ in range(30):
        site.change(gate, alarm="sabotage")
    assert len(site.facts()) == 30
