"""Nuki's server, asked for keypad codes through its Web API."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from features.steps.owner import connect
from features.steps.parameter_types import step
from features.steps.vendor_api import VendorClient
from strikeplate.fakes_client import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.steps.doors import Codes
    from strikeplate.context import ScenarioContext
    from strikeplate.environment import Place
    from strikeplate.http import Answer

Row = dict[str, Any]  # an auth, as the list shows it

KEYPAD_CODE = 13
OFF = {"name": "strikeplate", "enabled": False}
GONE = {200, 204, 404}


class Client(VendorClient):
    """A client of the API, which keeps the keypad codes that it ordered."""

    def __init__(self, ctx: ScenarioContext, answers: list[Answer]) -> None:
        super().__init__(ctx, answers)
        self.chance = random.Random(ctx.target_context.seed)  # noqa: S311 - no secret
        self.token = ""
        self.code = ""
        self.ordered: list[str] = []
        self.place: Place | None = None

    @property
    def auths(self) -> str:
        """The path of the authorizations of the lock that was named last."""
        return f"/smartlock/{self.smartlock}/auth"

    @property
    def smartlock(self) -> int:
        """The number of the lock that was named last."""
        assert self.place, "no lock is spoken of"
        return int(self.place.door.vendor_id)

    def ask(
        self, method: str, path: str, data: object = None, header: str | None = None
    ) -> Answer:
        """Return the answer to a call; `header` replaces the account's own token."""
        own = self.ctx.environment.credentials
        self.ctx.redact.hide(own["api_token"])
        bearer = f"Bearer {own['api_token']}" if header is None else header
        headers = {"Authorization": bearer} if bearer else {}
        return self.call(method, self.base + path, data, headers)

    def order(self, door: str, limits: str) -> Answer:
        """Order a keypad code for a door, with limits on its use."""
        self.place, self.code = self.ctx.environment.place(door), self._fresh_code()
        self.ordered.append(self.code)
        body = {**self.another(self.code), **fields(limits)}
        undo = partial(self.cleaned_up, self.auths, self.code)
        self.place.world.on_close(f"a keypad code called {self.NAME}", undo)
        return self.ask("PUT", self.auths, body)

    def another(self, code: str = "") -> Row:
        """Return the order of a code without limits, by default of a new one."""
        code = code or self._fresh_code()
        order = {"name": self.NAME, "type": KEYPAD_CODE, "code": int(code)}
        return order | {"remoteAllowed": False}

    def rows(self, auths: str, code: str) -> list[Row]:
        """Return the authorizations with a code, as the vendor lists them."""
        payload = self.ask("GET", f"{auths}?types={KEYPAD_CODE}").json()
        assert isinstance(payload, list), f"no list: {self.answers[-1].status}"
        shown = (row for row in payload if row.get("name") == self.NAME)
        return [row for row in shown if str(row["code"]).strip("[]") == code]

    def row(self, code: str = "") -> str:
        """Return the path of the authorization of a code, by default the last one."""
        found = self.rows(self.auths, code or self.code)
        assert len(found) == 1, f"the code is listed {len(found)} times"
        return f"{self.auths}/{found[0]['id']}"

    def revoke(self) -> None:
        """Ask the vendor to delete the code."""
        self.ask("DELETE", self.row())

    def cleaned_up(self, auths: str, code: str) -> bool:
        """Delete a code from a real server; return whether it is gone."""
        found = self.rows(auths, code)
        for row in found:
            self.ask("DELETE", f"{auths}/{row['id']}")
        return not found

    def locks(self) -> dict[str, str]:
        """Return the name of each lock, by its id."""
        rows = self.ask("GET", "/smartlock").json()
        return {str(row["smartlockId"]): row["name"] for row in rows}

    def _fresh_code(self) -> str:
        tries = ("".join(self.chance.choices("123456789", k=6)) for _ in count())
        code = next(each for each in tries if not each.startswith("12"))
        self.ctx.redact.hide(code)
        return code


def fields(written: str) -> dict[str, Any]:
    """Return the fields of `allowedWeekDays 84, allowedFromTime 480`."""
    found: dict[str, Any] = {}
    for pair in filter(None, written.split(", ")):
        name, _, text = pair.partition(" ")
        found[name] = text
        with suppress(ValueError):  # a date is no JSON, and stays a text
            found[name] = json.loads(text)
    return found


CALLS: dict[str, Callable[[Client], tuple[str, str, object]]] = {
    "list the locks": lambda _: ("GET", "/smartlock", None),
    "list all codes": lambda _: ("GET", "/smartlock/auth", None),
    "make a keypad code": lambda nuki: ("PUT", nuki.auths, nuki.another()),
    "change the keypad code": lambda nuki: ("POST", nuki.row(), OFF),
    "delete the keypad code": lambda nuki: ("DELETE", nuki.row(), None),
    "make in bulk a keypad code": lambda nuki: (
        "PUT",
        "/smartlock/auth",
        {**nuki.another(), "smartlockIds": [nuki.smartlock]},
    ),
    "change in bulk the keypad code": lambda nuki: (
        "POST",
        "/smartlock/auth",
        [{**OFF, "id": nuki.row().rpartition("/")[2]}],
    ),
    "delete in bulk the keypad code": lambda nuki: (
        "DELETE",
        "/smartlock/auth",
        [nuki.row().rpartition("/")[2]],
    ),
    "delete in bulk every keypad code": lambda nuki: (
        "DELETE",
        "/smartlock/auth",
        [nuki.row(code).rpartition("/")[2] for code in nuki.ordered],
    ),
    "delete the first keypad code": lambda nuki: (
        "DELETE",
        nuki.row(nuki.ordered[0]),
        None,
    ),
}


@pytest.fixture
def nuki(ctx: ScenarioContext, vendor_answers: list[Answer], codes: Codes) -> Client:
    """Return the client of this scenario."""
    made = Client(ctx, vendor_answers)
    codes.made["the keypad code"] = lambda: made.code
    for number, name in enumerate(("first", "second")):
        ordered = partial(made.ordered.__getitem__, number)
        codes.made[f"the {name} keypad code"] = ordered
    return made


ORDER = "the vendor is asked for a keypad code at {door:Door}{limits:With}"


@given(step(ORDER))
def has_code(nuki: Client, door: str, limits: str) -> None:
    answer = asked_for_code(nuki, door, limits)
    assert answer.ok, f"no code: {answer.status} {answer.text}"


@when(step(ORDER))
def asked_for_code(nuki: Client, door: str, limits: str) -> Answer:
    return nuki.order(door, limits.removeprefix(" with ").strip('"'))


@when(step('the vendor is asked to change the keypad code to "{limits}"'))
def asked_to_change(nuki: Client, limits: str) -> None:
    nuki.ask("POST", nuki.row(), {"name": nuki.NAME, **fields(limits)})


@when(
    step("the vendor is asked to list the codes of {door:Door}"),
    target_fixture="rows",
)
def asked_to_list(nuki: Client, door: str) -> list[Row]:
    nuki.place = nuki.ctx.environment.place(door)
    return nuki.rows(nuki.auths, nuki.code)


@given(step('a token of the account that has the scope "{scope}" alone'))
def token_with_scope(nuki: Client, scope: str) -> None:
    key = nuki.ask("PUT", "/api/key", {"description": nuki.NAME}).json()
    path = f"/api/key/{key['apiKeyId']}"
    world = nuki.ctx.environment.world()
    what = f"an API key called {nuki.NAME}"
    world.on_close(what, lambda: nuki.ask("DELETE", path).status in GONE)
    body = {"description": nuki.NAME, "scopes": scope.split()}
    nuki.token = nuki.ask("PUT", f"{path}/token", body).json()["accessToken"]
    nuki.ctx.redact.hide(nuki.token)


@when(step('the owner connects with a token that may only "{scopes}"'))
def connects_with_token(nuki: Client, scopes: str) -> None:
    token_with_scope(nuki, scopes)
    own = nuki.ctx.environment.credentials
    connect(nuki.ctx, {**own, "api_token": nuki.token})


@when(step('the owner replaces the token by one that may only "{scopes}"'))
def replaces_token(nuki: Client, scopes: str) -> None:
    token_with_scope(nuki, scopes)
    ctx, given = nuki.ctx, {"api_token": nuki.token}
    ctx.record_answer(ctx.admin.switch(ctx.link(), credentials=given))


@when(step("the vendor is asked to {what:Asked} with {token:Token}"))
def asked_with(nuki: Client, what: str, token: str) -> None:
    own = nuki.ctx.environment.credentials["api_token"]
    header = {
        "no token": "",
        "a wrong token": f"Bearer {own[::-1]}",
        "the account's token under another scheme": f"Basic {own}",
        "the account's token": f"Bearer {own}",
        "that token": f"Bearer {nuki.token}",
    }[token]
    method, path, body = CALLS[what](nuki)
    nuki.ask(method, path, body, header=header)


@then(step("{name:Who}'s code has six digits from 1 to 9 and does not begin with 12"))
def code_fits_keypad(ctx: ScenarioContext, name: str) -> None:
    code = ctx.code(name)
    fits = len(code) == 6 and set(code) <= set("123456789")
    assert fits, "the code is not six digits from 1 to 9"
    assert not code.startswith("12"), "the code begins with 12"


@then(step("the vendor lists the code of {resource:Resource} with"))
def is_listed_with(nuki: Client, resource: str, datatable: list[list[str]]) -> None:
    nuki.place = nuki.ctx.environment.place(resource)
    rows = nuki.ask("GET", f"{nuki.auths}?types={KEYPAD_CODE}").json()
    assert len(rows) == 1, f"{len(rows)} codes are listed, not 1"
    for name, text in datatable:
        shown, wanted = rows[0].get(name), fields(f"{name} {text}")[name]
        same = parse(shown) == parse(wanted) if "T" in text else shown == wanted
        assert same, f"its {name} is listed as {shown}"


@then(step("the keypad code is {listed:Listed}"))
def code_is_listed(rows: list[Row], listed: str) -> None:
    wanted, _, first = listed.partition(" from ")
    number = 0 if wanted == "not listed" else 1
    assert len(rows) == number, f"the code is listed {len(rows)} times"
    if first:
        shown = rows[0].get("allowedFromDate")
        assert shown, "it is listed without a first day"
        assert parse(shown) == parse(first), f"its first day is listed as {shown}"
