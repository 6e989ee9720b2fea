"""Nuki's server, asked over its own Web API, and the keypad beside its lock."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pytest_bdd import given, then, when

from features.steps.doors import expect
from features.steps.parameter_types import step
from strikeplate.fakes_client import parse
from strikeplate.http import call_json

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.http import Answer

Row = dict[str, Any]  # an auth, as the list shows it

KEYPAD_CODE = 13
NAME = "strikeplate"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ASKED = {"list the locks": "/smartlock", "list all codes": "/smartlock/auth"}


class Client:
    """A client of the server, and the keypad code that the scenario speaks of."""

    def __init__(self, ctx: ScenarioContext) -> None:
        self.ctx = ctx
        self.chance = random.Random(ctx.target_context.seed)  # noqa: S311 - no secret
        self.answers: list[Answer] = []
        self.token = ""
        self.code = ""
        self.place: Place | None = None

    @property
    def answer(self) -> Answer:
        """What it was answered last."""
        return self.answers[-1]

    @property
    def auths(self) -> str:
        """The path of the auths of the lock that is spoken of."""
        assert self.place, "no lock is spoken of"
        return f"/smartlock/{self.place.door.vendor_id}/auth"

    def ask(
        self, method: str, path: str, data: object = None, header: str | None = None
    ) -> Answer:
        """Return the answer to a call, by the account's own token unless said."""
        own = self.ctx.environment.credentials
        self.ctx.redact.hide(own["api_token"])
        bearer = f"Bearer {own['api_token']}" if header is None else header
        headers = {"Authorization": bearer} if bearer else {}
        base = urlsplit(own["api_url"]).path.rstrip("/")
        server, now = self.ctx.target_context.fakes.vendors, self.ctx.environment.now
        answer = call_json(server, method, base + path, data, headers)
        payload = self.ctx.transcript.add
        payload("caller", f"{method} {path}", at=now, data=data)
        payload("fake", f"answers {answer.status}", at=now, data=answer.json())
        self.answers.append(answer)
        return answer

    def order(self, door: str, limits: str) -> Answer:
        """Order a keypad code at a door, within limits."""
        self.place, self.code = self.ctx.environment.place(door), self._fresh_code()
        body = {"name": NAME, "type": KEYPAD_CODE, "code": int(self.code)}
        body |= {"remoteAllowed": False, **fields(limits)}
        answer = self.ask("PUT", self.auths, body)
        self.place.world.on_close(partial(self.tidied, self.auths, self.code))
        return answer

    def rows(self, auths: str, code: str) -> list[Row]:
        """Return the rows of a code, as they are listed."""
        payload = self.ask("GET", f"{auths}?types={KEYPAD_CODE}").json()
        assert isinstance(payload, list), f"no list: {self.answer.status}"
        shown = (row for row in payload if row.get("name") == NAME)
        return [row for row in shown if str(row["code"]).strip("[]") == code]

    def row(self) -> str:
        """Return the path of the one row of the code that is spoken of."""
        found = self.rows(self.auths, self.code)
        assert len(found) == 1, f"the code is listed {len(found)} times"
        return f"{self.auths}/{found[0]['id']}"

    def tidied(self, auths: str, code: str) -> bool:
        """Take back a code on a server that goes on; tell whether it is gone."""
        found = self.rows(auths, code)
        for row in found:
            self.ask("DELETE", f"{auths}/{row['id']}")
        return not found

    def _fresh_code(self) -> str:
        tries = ("".join(self.chance.choices("123456789", k=6)) for _ in count())
        code = next(each for each in tries if not each.startswith("12"))
        self.ctx.redact.hide(code)
        return code


def fields(written: str) -> dict[str, Any]:
    """Return limits as they are sent: `allowedWeekDays 84, allowedFromTime 480`."""
    found: dict[str, Any] = {}
    for pair in filter(None, written.split(", ")):
        name, _, text = pair.partition(" ")
        found[name] = text
        with suppress(ValueError):  # a date is no JSON, and stays a text
            found[name] = json.loads(text)
    return found


@pytest.fixture
def nuki(ctx: ScenarioContext) -> Client:
    """Return the client of this scenario."""
    return Client(ctx)


@given(step("a keypad code at {door:Door}"))
def code_at(nuki: Client, door: str) -> None:
    code_within(nuki, door, "")


@given(step('a keypad code at {door:Door} with "{limits}"'))
def code_within(nuki: Client, door: str, limits: str) -> None:
    answer = nuki.order(door, limits)
    assert answer.ok, f"no code: {answer.status} {answer.text}"


@when(step("Nuki is asked for a keypad code at {door:Door}"))
def asked_for_code(nuki: Client, door: str) -> None:
    nuki.order(door, "")


@when(step('Nuki is asked for a keypad code at {door:Door} with "{limits}"'))
def asked_for_code_within(nuki: Client, door: str, limits: str) -> None:
    nuki.order(door, limits)


@when(step('Nuki is asked to change the keypad code to "{limits}"'))
def asked_to_change(nuki: Client, limits: str) -> None:
    nuki.ask("POST", nuki.row(), {"name": NAME, **fields(limits)})


@when("Nuki is asked to delete the keypad code")
def nuki_asked_to_delete(nuki: Client) -> None:
    nuki.ask("DELETE", nuki.row())


@when(step("Nuki is asked to list the codes of {door:Door}"), target_fixture="rows")
def asked_to_list(nuki: Client, door: str) -> list[Row]:
    nuki.place = nuki.ctx.environment.place(door)
    return nuki.rows(nuki.auths, nuki.code)


@when(step("Nuki is asked to list the locks with {token}"))
def asked_with(nuki: Client, token: str) -> None:
    own = nuki.ctx.environment.credentials["api_token"]
    header = {
        "no token": "",
        "a wrong token": f"Bearer {own[::-1]}",
        "the account's token under another scheme": f"Basic {own}",
        "the account's token": f"Bearer {own}",
    }[token]
    nuki.ask("GET", "/smartlock", header=header)


@given(step('a token of the account that has the scope "{scope}" alone'))
def token_with_scope(nuki: Client, scope: str) -> None:
    key = nuki.ask("PUT", "/api/key", {"description": NAME}).json()
    path = f"/api/key/{key['apiKeyId']}"
    nuki.ctx.environment.world().on_close(lambda: nuki.ask("DELETE", path).ok)
    body = {"description": NAME, "scopes": [scope]}
    nuki.token = nuki.ask("PUT", f"{path}/token", body).json()["accessToken"]
    nuki.ctx.redact.hide(nuki.token)


@when(step("that token is used to {what}"))
def asked_with_that(nuki: Client, what: str) -> None:
    nuki.ask("GET", ASKED[what], header=f"Bearer {nuki.token}")


@then(step("{name:Who}'s code has six digits from 1 to 9 and does not begin with 12"))
def code_fits_keypad(ctx: ScenarioContext, name: str) -> None:
    code = ctx.code(name)
    fits = len(code) == 6 and set(code) <= set("123456789")
    assert fits, "the code is not six digits from 1 to 9"
    assert not code.startswith("12"), "the code begins with 12"


@then(step("Nuki answers {status:Status}"))
def nuki_answers(nuki: Client, status: frozenset[int]) -> None:
    found = nuki.answer
    assert found.status in status, f"it answers {found.status}: {found.text[:120]}"


@given(step('the keypad code {opens:Opens} "{door}" at {at:At}'))
@then(step('the keypad code {opens:Opens} "{door}" at {at:At}'))
def keypad_code_opens(
    nuki: Client,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    environment = nuki.ctx.environment
    expect(nuki.ctx, door, nuki.code, environment.instant(at), opens=opens)


@then(
    step(
        'the keypad code opens "{door}" in the week of {monday:Date} at {clock:Clock}'
        " on {days} alone"
    )
)
def opens_on_days(nuki: Client, door: str, monday: str, clock: str, days: str) -> None:
    first = datetime.fromisoformat(f"{monday} {clock}")
    for number, day in enumerate(DAYS):
        at = nuki.ctx.environment.instant(first + timedelta(days=number))
        expect(nuki.ctx, door, nuki.code, at, opens=day in days.split())


@then("the keypad code is listed")
def code_is_listed(rows: list[Row]) -> None:
    assert len(rows) == 1, f"the code is listed {len(rows)} times"


@then("the keypad code is not listed")
def code_is_not_listed(rows: list[Row]) -> None:
    assert not rows, "the code is listed"


@then(step("the keypad code is listed with the first day {instant:Date}"))
def code_is_listed_from(rows: list[Row], instant: str) -> None:
    code_is_listed(rows)
    shown = rows[0].get("allowedFromDate")
    assert shown, "it is listed without a first day"
    assert parse(shown) == parse(instant), f"its first day is listed as {shown}"
