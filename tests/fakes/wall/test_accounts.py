"""What the owner of a vendor's account does: look at its credentials, change them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.test import Client

from tests.fakes.wall.conftest import PIN, code_path

if TYPE_CHECKING:
    from flask import Flask

    from tests.fakes.wall.conftest import Person, Place


def test_accounts_are_those_of_the_world(person: Person, place: Place) -> None:
    page = person.get(f"{place.path}/accounts").text
    shown = {"nuki": place.credentials["nuki"], "exivo": place.credentials["exivo"]}
    for vendor, settings in shown.items():
        for name, value in settings.items():
            assert f'id="{vendor}-{name}" class="mono" readonly value="{value}"' in page


def test_ref_of_a_code_leads_to_its_page(person: Person, place: Place) -> None:
    place.nuki_code("Rehearsal room")
    codes = place.control("GET", f"/codes?door={place.doors['Rehearsal room']}")
    (code,) = {each["ref"] for each in codes if each["code"] == PIN}
    answer = person.get(f"/?ref={code}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == code_path(person, place)
    assert "No record has this code any more." in person.get("/?ref=nobody").text


def test_credentials_are_withdrawn_restored_and_made_anew(
    person: Person, place: Place, app: Flask
) -> None:
    path, old = f"{place.path}/accounts", place.credentials["nuki"]["api_token"]

    def status_of(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return Client(app).get("/nuki/smartlock", headers=headers).status_code

    assert "the credentials are withdrawn" in person.does(
        f"{path}/nuki", state="revoked"
    )
    assert 'class="state bad">withdrawn<' in person.get(path).text
    assert status_of(old) == 401
    assert "hold again" in person.does(f"{path}/nuki", state="restored")
    assert status_of(old) == 200
    made = person.does(f"{path}/nuki", state="renewed")
    assert "there are new credentials" in made
    assert old not in made
    found = re.search(r'id="nuki-api_token"[^>]* value="([^"]+)"', made)
    assert found
    assert (status_of(old), status_of(found[1])) == (401, 200)


def test_apps_that_may_connect_are_listed_added_and_withdrawn(
    person: Person, place: Place, app: Flask
) -> None:
    path = f"{place.path}/accounts"

    def token_of(client: dict[str, str]) -> int:
        form = {"grant_type": "client_credentials"}
        basic = (client["client_id"], client["client_secret"])
        asked = Client(app).post("/igloohome/oauth2/token", data=form, auth=basic)
        return asked.status_code

    said = person.does(f"{path}/igloohome", state="added")
    assert "another app has credentials of its own now" in said
    first, second = place.control("GET", "/credentials/igloohome")
    for text in (second["id"], second["credentials"]["client_secret"]):
        assert text in said
    assert token_of(second["credentials"]) == 200
    person.does(f"{path}/igloohome", state="revoked", id=second["id"])
    assert token_of(second["credentials"]) == 400
    assert token_of(first["credentials"]) == 200
    person.does(f"{path}/igloohome", state="restored", id=second["id"])
    assert token_of(second["credentials"]) == 200
