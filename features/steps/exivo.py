"""Exivo's server, called through its API, and the page behind the link of a visit."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from functools import partial
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from features.steps.doors import Typed, expect
from features.steps.parameter_types import step
from features.steps.vendor_api import VendorClient
from strikeplate.fakes_client import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.steps.doors import Codes
    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.http import Answer

MONTH = timedelta(days=30)


class Client(VendorClient):
    """A client of the API, which also uses the page as a visitor does."""

    def __init__(self, ctx: ScenarioContext, answers: list[Answer]) -> None:
        super().__init__(ctx, answers)
        self.visit: dict[str, Any] = {}
        self.cookie = ""

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer to a call of the site's API."""
        own = self.ctx.environment.credentials
        self.ctx.redact.hide(own["api_secret"])
        pair = f"{own['api_key']}:{own['api_secret']}".encode()
        headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
        return self.call(method, f"{self.base}/{own['site_id']}{path}", data, headers)

    def order(
        self, doors: list[str], pin: str, start: datetime, end: datetime
    ) -> Answer:
        """Order a visit of some doors."""
        environment = self.ctx.environment
        places = [environment.place(door) for door in doors]
        self.ctx.redact.hide(pin)
        name = f"{self.NAME} {environment.tag}"
        undo = partial(self.revoked, name)
        places[0].world.on_close(f"a visit called {name}", undo)
        body = {
            "code": pin,
            "name": name,
            "validFrom": instant(environment.instant(start)),
            "validTo": instant(environment.instant(end)),
            "components": [place.door.vendor_id for place in places],
        }
        answer = self.ask("POST", "/visit", body)
        if answer.ok:
            self.visit = answer.json()
            self.ctx.redact.hide(self.link.rpartition("/")[2])
        return answer

    def fill(self, door: str, number: int) -> None:
        """Make visits of a door that are nobody's in the scenario."""
        place, environment = self.ctx.environment.place(door), self.ctx.environment
        name = f"{self.NAME} {environment.tag} others"
        place.world.on_close(f"visits called {name}", partial(self.revoked, name))
        body = {
            "code": "700700",
            "name": name,
            "validFrom": instant(environment.now),
            "validTo": instant(environment.now + MONTH),
            "components": [place.door.vendor_id],
        }
        for _ in range(number):
            answer = self.ask("POST", "/visit", body)
            assert answer.ok, f"no visit: {answer.status} {answer.text}"

    def revoke(self) -> None:
        """Ask the vendor to revoke the visit."""
        self.ask("POST", f"/visit/{self.visit['id']}/revoke")

    def revoked(self, name: str) -> bool:
        """Revoke every visit of that name; return whether none is good any more."""
        rows = self.ask("GET", "/visit").json()
        good = [row for row in rows if row.get("name") == name and not ended(row)]
        for row in good:
            self.ask("POST", f"/visit/{row['id']}/revoke")
        return not good

    def locks(self) -> dict[str, str]:
        """Return the name of each component, by its id."""
        rows = self.ask("GET", "/component").json()
        return {row["id"]: row["identifier"] for row in rows}

    @property
    def link(self) -> str:
        """The visit's link."""
        return str(self.visit["link"])

    def page(self, method: str, path: str = "", data: object = None) -> Answer:
        """Return the answer of the page as JSON instead of HTML."""
        headers = {"Accept": "application/json"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        return self.call(method, self.link + path, data, headers)

    def log_in(self, pin: str) -> Answer:
        """Type the PIN and press LOGIN."""
        answer = self.page("POST", "/login", {"code": pin})
        jar = SimpleCookie(answer.headers.get("set-cookie", ""))
        self.cookie = "; ".join(f"{key}={each.value}" for key, each in jar.items())
        return answer

    def press(self, place: Place) -> Answer:
        """Press the button of a door."""
        return self.page("POST", f"/components/{place.door.vendor_id}/open")


@pytest.fixture
def exivo(ctx: ScenarioContext, vendor_answers: list[Answer], codes: Codes) -> Client:
    """Return the client of this scenario."""
    made = Client(ctx, vendor_answers)
    codes.made["the link"] = lambda: made.link
    return made


def ended(visit: Mapping[str, Any]) -> bool:
    """Say whether the vendor calls a visit revoked or over."""
    return bool(visit["revoked"] or visit["expired"])


@given(step("the site has {number:d} visits of others, of {door:Door}"))
def visits_of_others(exivo: Client, number: int, door: str) -> None:
    exivo.fill(door, number)


VISIT = (
    'the vendor is asked for a visit of {doors:Quotes} with "{pin}" from {start:At} to'
    " {end:At}"
)


@given(step(VISIT))
def has_visit(
    exivo: Client, doors: list[str], pin: str, start: datetime, end: datetime
) -> None:
    answer = exivo.order(doors, pin, start, end)
    assert answer.ok, f"no visit: {answer.status} {answer.text}"


@when(step(VISIT))
def asked_for_visit(
    exivo: Client, doors: list[str], pin: str, start: datetime, end: datetime
) -> None:
    exivo.order(doors, pin, start, end)


@when(step("the vendor is asked to open {door:Door}"))
def asked_to_open(exivo: Client, door: str) -> None:
    component = exivo.ctx.environment.place(door).door.vendor_id
    exivo.ask("POST", f"/component/{component}/unlock")


@then(step('the log of {door:Door} ends with "{name}"'))
def log_ends_with(exivo: Client, door: str, name: str) -> None:
    component = exivo.ctx.environment.place(door).door.vendor_id
    payload = exivo.ask("GET", f"/accesslog/component/{component}").json()
    ordered = sorted(payload, key=lambda row: datetime.fromisoformat(row["occurredAt"]))
    names = [row["name"] for row in ordered]
    assert names[-1:] == [name], f"the log tells {names or 'nothing'}"


@given(step('a visitor has typed the PIN "{pin}" on the page'))
def has_typed(exivo: Client, pin: str) -> None:
    exivo.log_in(pin)
    assert exivo.page("GET", "/accesses").ok, "the page lets nobody in"


@then("the page shows nothing without the PIN")
def page_shows_nothing(exivo: Client) -> None:
    exivo.cookie = ""
    answer = exivo.page("GET", "/accesses")
    assert not answer.ok, f"it answers {answer.status}"


@then(step('the page shows {door:Door} alone, by the PIN "{pin}"'))
def page_shows(exivo: Client, door: str, pin: str) -> None:
    exivo.log_in(pin)
    shown = exivo.page("GET", "/accesses").json()
    doors = [each["id"] for each in shown["doors"]]
    own = exivo.ctx.environment.place(door).door.vendor_id
    assert doors == [own], f"it shows {len(doors)} doors"


PAGE_OPENS = "the page {opens:Opens} {door:Door}"


@given(step(PAGE_OPENS))
@then(step(PAGE_OPENS))
def page_opens(
    exivo: Client,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
) -> None:
    place = exivo.ctx.environment.place(door)
    answers = [exivo.press(place)]
    if not opens:  # nor to a visitor who types the PIN anew
        exivo.log_in(exivo.visit["code"])
        answers.append(exivo.press(place))
    told = " and ".join(f"{each.status} {each.text[:120]}" for each in answers)
    assert any(answer.ok for answer in answers) is opens, f"it answers {told}"


@then(step('the page says "{word}" and opens nothing'))
def page_says(exivo: Client, word: str) -> None:
    (own,) = exivo.visit["components"]
    assert exivo.page("GET").status == 410, "the front of the page lets in"
    answers = (
        exivo.page("GET", "/accesses"),
        exivo.page("POST", f"/components/{own}/open"),
    )
    for answer in answers:
        assert answer.status == 410, f"it answers {answer.status}: {answer.text[:120]}"
        assert word in answer.text, f"it says: {answer.text[:120]}"


@then(step("{name:Who}'s app {opens:Opens} {door:Door} at {at:At}"))
def app_opens(
    exivo: Client,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    phone = exivo.ctx.platform.person(name).phone
    payload = exivo.ask("GET", "/digitalKeyVisits").json()
    own = [row["id"] for row in payload if row["publicRegistrationId"] == phone]
    assert len(own) == 1, f"{name} has {len(own)} invitations"
    medium = Typed("", {"medium": own[0]})
    instant = exivo.ctx.environment.instant(at)
    expect(exivo.ctx, door, [medium], instant, opens=opens)
