"""LivionKey's server, asked over its own interface, and the cabinet beside it."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pytest_bdd import given, then, when

from features.steps.keys import expect_moved, press
from features.steps.parameter_types import step
from strikeplate.fakes_client import instant
from strikeplate.http import JSON, call_json
from strikeplate.verdict import Inconclusive

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

NAME = "strikeplate"
HEADER, AGREED = "x-api-key", "agreed"
HOLDS = timedelta(minutes=55)
NOWHERE = "http://127.0.0.1:9/"


class Client:
    """A client of the server, and the contracts that the scenario speaks of."""

    def __init__(self, ctx: ScenarioContext) -> None:
        self.ctx = ctx
        self.token = ""
        self.good_until: datetime | None = None
        self.made: list[dict[str, Any]] = []

    @property
    def contract(self) -> dict[str, Any]:
        """The contract that was made last."""
        assert self.made, "the scenario has made no contract"
        return self.made[-1]

    def code(self, key: str) -> str:
        """Return the code of the latest contract about a key."""
        found = [each for each in self.made if each["key"] == key]
        assert found, f"the scenario has made no contract for {key}"
        return str(found[-1]["pincode"])

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer to a call, signed in for an hour at a time."""
        own, now = self.ctx.environment.credentials, self.ctx.environment.now
        if self.good_until is None or now >= self.good_until:
            given = {name: own[name] for name in ("email", "password")}
            self.token = self.call("POST", "/auth/login", given, {}).json()["token"]
            self.good_until = now + HOLDS
            self.ctx.redact.hide(self.token)
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self.call(method, path, data, bearer)

    def at_portal(self, method: str, path: str, data: object) -> Answer:
        """Return the answer of the web app, in which people set things by hand."""
        own = self.ctx.environment.credentials
        basic = b64encode(f"{own['email']}:{own['password']}".encode()).decode()
        header = {"Authorization": f"Basic {basic}"}
        answer = self.call(method, f"/portal/{path}", data, header)
        if not answer.ok:
            raise Inconclusive(f"nothing can be set by hand there: {answer.status}")
        return answer

    def call(
        self, method: str, path: str, data: object, headers: dict[str, str]
    ) -> Answer:
        """Return the answer to a call as it is."""
        own = self.ctx.environment.credentials
        self.ctx.redact.hide(own["password"])
        base = urlsplit(own["api_url"]).path.rstrip("/")
        server, now = self.ctx.target_context.fakes.vendors, self.ctx.environment.now
        answer = call_json(server, method, base + path, data, headers)
        payload = self.ctx.transcript.add
        payload("caller", f"{method} {path}", at=now)
        payload("fake", f"answers {answer.status}", at=now)
        return answer

    def make(self, key: str, start: datetime, end: datetime) -> None:
        """Make a contract about a key of the cabinet."""
        environment, number = self.ctx.environment, len(self.made) + 1
        device = environment.first.door.vendor_id
        body = {
            "contractId": f"{NAME}-{environment.tag}-{number}",
            "devices": [{"id": device, "keyId": key}],
            "start": instant(environment.instant(start)),
            "end": instant(environment.instant(end)),
            "person": NAME,
            "contacts": [],
        }
        answer = self.ask("POST", "/contracts", body)
        assert answer.ok, f"no contract: {answer.status} {answer.text}"
        payload = answer.json()
        self.ctx.redact.hide(payload["pincode"])
        self.made.append({**body, **payload, "key": key})
        path = f"/contracts/{payload['id']}"
        environment.first.world.on_close(
            lambda: self.ask("DELETE", path).status in {200, 400}
        )


@pytest.fixture
def livionkey(ctx: ScenarioContext) -> Client:
    """Return the client of this scenario."""
    return Client(ctx)


@given(step('the organisation has set "{name} {value}"'))
def organisation_has_set(livionkey: Client, name: str, value: str) -> None:
    body = int(value) if value.isdigit() else value
    livionkey.at_portal("PATCH", "settings", {name: body})


@given(step('a contract for "{key}" from {start:At} to {end:At}'))
def contract_for(livionkey: Client, key: str, start: datetime, end: datetime) -> None:
    livionkey.make(key, start, end)


@when("LivionKey is asked to end the contract now")
def asked_to_end(livionkey: Client) -> None:
    contract = livionkey.contract
    body = {
        "devices": contract["devices"],
        "end": instant(livionkey.ctx.environment.now),
    }
    answer = livionkey.ask("POST", f"/contracts/{contract['id']}", body)
    assert answer.ok, f"it was not ended: {answer.status} {answer.text}"


@given(step('the contract\'s code takes "{key}" at {at:At}'))
@then(step('the contract\'s code takes "{key}" at {at:At}'))
def contracts_code_takes(livionkey: Client, key: str, at: datetime) -> None:
    expect_moved(livionkey.ctx, livionkey.code(key), key, at, then="take")


@given(step('the contract\'s code returns "{key}" at {at:At}'))
@then(step('the contract\'s code returns "{key}" at {at:At}'))
def contracts_code_returns(livionkey: Client, key: str, at: datetime) -> None:
    expect_moved(livionkey.ctx, livionkey.code(key), key, at, then="return")


@then(step('the contract\'s code {opens:Opens} "{door}" at {at:At}'))
def contracts_code_opens(
    livionkey: Client,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    entry = press(livionkey.ctx, str(livionkey.contract["pincode"]), at)
    assert entry.opened is opens, f"{door}: {entry.reason}"


@then(step('the code of "{key}" opens "{door}" at {at:At}'))
def code_of_key_opens(livionkey: Client, key: str, door: str, at: datetime) -> None:
    entry = press(livionkey.ctx, livionkey.code(key), at)
    assert entry.opened, f"{door} stays shut: {entry.reason}"


@then(step('Livion has told "{address}" of {number:d} key{_:S} {what}'))
def livion_has_told(ctx: ScenarioContext, address: str, number: int, what: str) -> None:
    mails = ctx.environment.world().mails(address)
    found = [each for each in mails if each["subject"] == f"Key {what}"]
    assert len(found) == number, f"it told of {len(found)} keys {what}, not {number}"


@then(step('it names the contract, "{one}" and "{other}"'))
def it_names(livionkey: Client, one: str, other: str) -> None:
    mail = livionkey.ctx.environment.world().mails("manager@example.org")[-1]
    for word in (livionkey.contract["contractId"], one, other):
        assert word in mail["body"], f"it does not name {word!r}"


@given("Livion's events are kept back on their way to the service")
def events_are_kept_back(livionkey: Client) -> None:
    ctx = livionkey.ctx
    body = {"url": NOWHERE, "headers": {HEADER: AGREED}}
    livionkey.at_portal("PUT", "push", body)
    changed = ctx.admin.switch(ctx.link(), credentials={"push_key": AGREED})
    assert changed.ok, f"no header was agreed: {changed.status} {changed.text}"


@when("the events arrive at the service, twice and the latest first")
def events_arrive_twice(livionkey: Client) -> None:
    ctx = livionkey.ctx
    path = ctx.link().path.replace("/webhooks/", "/vendor-events/")
    bodies = [json.dumps(each["body"]) for each in ctx.environment.world().deliveries()]
    assert bodies, "Livion has sent no events"
    for body in [*reversed(bodies), *bodies]:
        answer = ctx.subject.deliver(path, body.encode(), {HEADER: AGREED, **JSON})
        assert answer.ok, f"an event was not taken: {answer.status} {answer.text}"
        ctx.run_until_idle()
