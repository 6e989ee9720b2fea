"""LivionKey's server, called through its API and its web app."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from features.steps import parameter_types
from features.steps.parameter_types import step
from features.steps.vendor_api import VendorClient
from strikeplate.fakes_client import instant
from strikeplate.http import JSON
from strikeplate.platforms.standard import Delivery
from strikeplate.verdict import Inconclusive, NotApplicable

if TYPE_CHECKING:
    from datetime import datetime

    from features.steps.doors import Codes
    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

HEADER, AGREED = "x-api-key", "agreed"
HOLDS = timedelta(minutes=55)
KEY_STATES = {
    "key-fetched": "out",
    "key-not-returned": "out",
    "key-returned": "in its slot",
}
NOWHERE = "http://127.0.0.1:9/"


class Client(VendorClient):
    """A client of the API, which keeps the contracts that it has made."""

    def __init__(
        self, ctx: ScenarioContext, answers: list[Answer], codes: Codes
    ) -> None:
        super().__init__(ctx, answers)
        self.codes = codes
        self.token = ""
        self.good_until: datetime | None = None
        self.made: list[dict[str, Any]] = []

    @property
    def contract(self) -> dict[str, Any]:
        """The contract that was made last."""
        assert self.made, "the scenario has made no contract"
        return self.made[-1]

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Return the answer to a call; the client signs in again every 55 minutes."""
        own, now = self.ctx.environment.credentials, self.ctx.environment.now
        if self.good_until is None or now >= self.good_until:
            given = {name: own[name] for name in ("email", "password")}
            self.token = self._call("POST", "/auth/login", given, {}).json()["token"]
            self.good_until = now + HOLDS
            self.ctx.redact.hide(self.token)
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self._call(method, path, data, bearer)

    def at_portal(self, method: str, path: str, data: object) -> Answer:
        """Return the answer of the web app, where people change settings by hand."""
        own = self.ctx.environment.credentials
        basic = b64encode(f"{own['email']}:{own['password']}".encode()).decode()
        header = {"Authorization": f"Basic {basic}"}
        answer = self._call(method, f"/portal/{path}", data, header)
        if not answer.ok:
            raise Inconclusive(f"nothing can be set by hand there: {answer.status}")
        return answer

    def _call(
        self, method: str, path: str, data: object, headers: dict[str, str]
    ) -> Answer:
        """Return the answer to a call; its bodies stay out of the transcript."""
        self.ctx.redact.hide(self.ctx.environment.credentials["password"])
        return self.call(method, self.base + path, data, headers, shown=False)

    def revoke(self) -> None:
        """Ask the vendor to end the contract now, as at a check-out."""
        self.end(instant(self.ctx.environment.now))

    def end(self, at: str) -> None:
        """Ask the vendor to end the contract then, sooner or later than now agreed."""
        contract = self.contract
        body = {"devices": contract["devices"], "end": at}
        answer = self.ask("POST", f"/contracts/{contract['id']}", body)
        assert answer.ok, f"it was not ended: {answer.status} {answer.text}"

    def locks(self) -> dict[str, str]:
        """Return the name of each device, by its id."""
        ids = [row["deviceId"] for row in self.ask("GET", "/devices").json()]
        return {
            each: self.ask("GET", f"/devices/{each}").json()["name"] for each in ids
        }

    def shown(self, key: str) -> str:
        """Return where the vendor says that a key is, by its last event."""
        device = self.ctx.environment.first.door.vendor_id
        answer = self.ask("GET", f"/keys/{key}/status?deviceId={device}")
        assert answer.ok, f"the key is not shown: {answer.status} {answer.text}"
        action = answer.json()["action"]
        return str(KEY_STATES.get(action, action))

    def make(self, key: str, start: datetime, end: datetime) -> None:
        """Make a contract for a key of the cabinet, or for `this and that` key."""
        environment, number = self.ctx.environment, len(self.made) + 1
        device = environment.first.door.vendor_id
        body = {
            "contractId": f"{self.NAME}-{environment.tag}-{number}",
            "devices": [{"id": device, "keyId": each} for each in key.split(" and ")],
            "start": instant(environment.instant(start)),
            "end": instant(environment.instant(end)),
            "person": self.NAME,
            "contacts": [],
        }
        answer = self.ask("POST", "/contracts", body)
        assert answer.ok, f"no contract: {answer.status} {answer.text}"
        payload = answer.json()
        self.ctx.redact.hide(payload["pincode"])
        self.made.append({**body, **payload, "key": key})
        for words in ("the contract's code", f'the code of "{key}"'):
            self.codes.made[words] = lambda: str(payload["pincode"])
        path = f"/contracts/{payload['id']}"
        environment.first.world.on_close(
            f"the contract {body['contractId']}",
            lambda: self.ask("DELETE", path).status in {200, 400},
        )


@pytest.fixture
def livionkey(
    ctx: ScenarioContext, vendor_answers: list[Answer], codes: Codes
) -> Client:
    """Return the client of this scenario."""
    return Client(ctx, vendor_answers, codes)


@given(step('the organisation has set "{name} {value}"'))
def organisation_has_set(livionkey: Client, name: str, value: str) -> None:
    body = int(value) if value.isdigit() else value
    livionkey.at_portal("PATCH", "settings", {name: body})


@given(
    step('the vendor is asked for a contract for "{key}" from {start:At} to {end:At}')
)
def contract_for(livionkey: Client, key: str, start: datetime, end: datetime) -> None:
    livionkey.make(key, start, end)


@when(step("the vendor is asked to move the contract's {what} to {where}"))
def contract_moves(livionkey: Client, what: str, where: str) -> None:
    environment = livionkey.ctx.environment
    if what == "end":
        livionkey.end(instant(environment.instant(parameter_types.when(where))))
        return
    named, made = where.strip('"'), livionkey.contract
    body = {"devices": made["devices"], "person": named}  # no end: it stays
    if what == "key":
        door = environment.place(named).door
        devices = [{"id": door.vendor_id, "keyId": door.keys[0]}]
        body = {"devices": devices, "end": made["end"]}
    answer = livionkey.ask("POST", f"/contracts/{made['id']}", body)
    assert answer.ok, f"it was not changed: {answer.status} {answer.text}"


FIELDS = {"name": "keyName", "static code": "keyCode"}


@when(step('the vendor is asked to give "{key}" the {what} "{text}"'))
def key_is_given(livionkey: Client, key: str, what: str, text: str) -> None:
    device = livionkey.ctx.environment.first.door.vendor_id
    body = {"deviceId": device, FIELDS[what]: text}
    answer = livionkey.ask("POST", f"/keys/{key}", body)
    assert answer.ok, f"it was not given it: {answer.status} {answer.text}"


@then(step('the vendor has notified "{address}" of {number:d} key{_:S} {what}'))
def vendor_has_notified(
    ctx: ScenarioContext, address: str, number: int, what: str
) -> None:
    mails = ctx.environment.world().mails(address)
    found = [each for each in mails if each["subject"] == f"Key {what}"]
    assert len(found) == number, (
        f"it notified of {len(found)} keys {what}, not {number}"
    )


@then(step('the mail names the contract, "{one}" and "{other}"'))
def it_names(livionkey: Client, one: str, other: str) -> None:
    mail = livionkey.ctx.environment.world().mails("manager@example.org")[-1]
    for word in (livionkey.contract["contractId"], one, other):
        assert word in mail["body"], f"it does not name {word!r}"


@then(
    step('the vendor has sent {number:d} event of "{what}" and {more:d} of "{other}"')
)
def vendor_has_sent(
    ctx: ScenarioContext, number: int, what: str, more: int, other: str
) -> None:
    sent = [each["body"].get("state") for each in ctx.environment.world().deliveries()]
    for state, wanted in ((what, number), (other, more)):
        found = sent.count(state)
        assert found == wanted, f"it sent {found} events of {state}, not {wanted}"


@given("the vendor's events are kept back on their way to the service")
def events_are_kept_back(livionkey: Client) -> None:
    ctx = livionkey.ctx
    if ctx.target_context.subject and ctx.prepared:
        raise NotApplicable("no profile says where it takes the vendor's own events")
    body = {"url": NOWHERE, "headers": {HEADER: AGREED}}
    livionkey.at_portal("PUT", "push", body)
    if ctx.target_context.subject is None:
        return
    changed = ctx.admin.switch(ctx.link(), credentials={"push_key": AGREED})
    assert changed.ok, f"no header was agreed: {changed.status} {changed.text}"


@when("the vendor's events arrive at the service, twice and the latest first")
def events_arrive_twice(livionkey: Client) -> None:
    ctx = livionkey.ctx
    path = ctx.link().path.replace("/webhooks/", "/vendor-events/")
    bodies = [json.dumps(each["body"]) for each in ctx.environment.world().deliveries()]
    assert bodies, "Livion has sent no events"
    for body in [*reversed(bodies), *bodies]:
        headers = {HEADER: AGREED, **JSON}
        answer = ctx.subject.deliver(Delivery(path, body.encode(), headers))
        assert answer.ok, f"an event was not taken: {answer.status} {answer.text}"
        ctx.run_until_idle()
