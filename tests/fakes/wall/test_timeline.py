"""The timeline: from the event that came in to what was typed at the door."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fakes.wall.conftest import PIN, code_path

if TYPE_CHECKING:
    from flask import Flask

    from tests.fakes.wall.conftest import Person, Place


def test_timeline_holds_no_code(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room")
    person.does(f"{place.door('Rehearsal room')}/entries", code=PIN)
    assert PIN not in person.get(f"{place.path}/timeline").text


def test_timeline_of_a_code_begins_with_the_event_that_led_to_it(
    person: Person, place: Place
) -> None:
    for about in ("Ada", "Ad", "Bea"):  # a vendor call names the first, as a word
        note = {"title": f"Event booking.confirmed of {about}", "about": about}
        place.control("POST", "/notes", note)
    place.nuki_code("Rehearsal room")
    page = person.get(code_path(person, place)).text
    lines = re.findall(r'<span class="what">([^<]+)<', page)
    assert lines[-2:] == ["PUT /smartlock/auth", "Event booking.confirmed of Ada"]
    assert '<span class="tag">Event in</span>' in page
    assert len(re.findall("Event booking", page)) == 1
    assert len(re.findall("Event booking", person.get(place.path).text)) == 3


def test_webhook_is_sent_again(person: Person, place: Place, app: Flask) -> None:
    headers = {"Authorization": f"Bearer {place.credentials['nuki']['api_token']}"}
    hook = {"webhookUrl": "http://127.0.0.1:9/x", "webhookFeatures": ["DEVICE_AUTHS"]}
    made = app.test_client().put(
        "/nuki/api/decentralWebhook", json=hook, headers=headers
    )
    assert made.status_code < 300, made.text
    place.nuki_code("Rehearsal room")
    page = person.get(f"{place.path}/timeline").text
    found = re.search(rf'action="({place.path}/deliveries/[^"]+/replay)"', page)
    assert found
    said = person.does(found[1], back=f"{place.path}/timeline")
    assert "The webhook was sent again." in said
    assert "sent again by hand" in said
