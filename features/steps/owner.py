"""The owner: links accounts, chooses locks, switches connections, writes texts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.overview import access
from features.steps.parameter_types import step
from strikeplate.subjects.admin_client import door_of, items, linked
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.context import ScenarioContext

STATES = {
    "switched off": {"active": False, "terms_accepted": True},
    "switched on": {"active": True, "terms_accepted": True},
    "switched on, terms not accepted": {"active": True, "terms_accepted": False},
    "switched off, terms not accepted": {"active": False, "terms_accepted": False},
}
GUESSABLE = 22
"""Fewer characters of base 64 than this hold fewer than 128 bits."""


def credentials(ctx: ScenarioContext, flaw: str) -> Mapping[str, str]:
    """Return the credentials of the account: right, wrong or incomplete."""
    own = dict(ctx.environment.credentials)
    if flaw == "the vendor's own":
        return own
    texts = [name for name, value in own.items() if "://" not in value]
    if flaw == "incomplete":
        del own[texts[-1]]
        return own
    return {**own, **{name: own[name][::-1] for name in texts}}


def connect(ctx: ScenarioContext, body: Mapping[str, str]) -> None:
    """Ask for a connection; a new one is removed at the end of the scenario."""
    zone, owner = str(ctx.environment.zone), ctx.inbox.owner
    name = ctx.environment.tag
    answer = ctx.admin.connect(
        ctx.environment.vendor, body, name=name, zone=zone, owner=owner
    )
    ctx.record_answer(answer)
    if answer.ok:
        ctx.track_connection(linked(answer.json(), ctx.environment.world()))
        ctx.redact.hide(answer.json()["webhook_secret"])


def chosen(ctx: ScenarioContext, name: str) -> Mapping[str, object]:
    """Return a lock from the list of locks to choose from."""
    found = [row for row in listed(ctx) if door_of(str(row["name"])) == name]
    assert len(found) == 1, f"{len(found)} locks are listed as {name}"
    return found[0]


def listed(ctx: ScenarioContext) -> list[Mapping[str, object]]:
    """Return all locks to choose from."""
    answer = ctx.admin.locks(ctx.link())
    assert answer.ok, f"the locks are not listed: {answer.status} {answer.text}"
    return items(answer.json())


@given(step("the owner connects with {which:Credentials}"))
@when(step("the owner connects with {which:Credentials}"))
def connects(ctx: ScenarioContext, which: str) -> None:
    connect(ctx, credentials(ctx, which.removesuffix(" credentials")))


@when(step("the owner replaces {what:Replaced}"))
def replaces(ctx: ScenarioContext, what: str) -> None:
    if what == "the secret of the webhook":
        replaces_secret(ctx)
        return
    which = what.removeprefix("the credentials by ").removesuffix(" credentials")
    given = dict(credentials(ctx, which))
    ctx.record_answer(ctx.admin.switch(ctx.link(), credentials=given))


def replaces_secret(ctx: ScenarioContext) -> None:
    """Have events signed with a new secret from now on."""
    before = ctx.link()
    answer = ctx.admin.rotate_secret(before)
    assert answer.ok, f"the secret was not replaced: {answer.status}"
    secret = str(answer.json()["webhook_secret"])
    ctx.redact.hide(secret)
    ctx.platform.format.replace_secret(before.secret or "", secret)
    ctx.replace_connection(replace(before, secret=secret, former=before.secret))


@when(step("the owner connects for {part:Part} alone"))
def connects_for(ctx: ScenarioContext, part: str) -> None:
    kind, name = part.split(" ", maxsplit=1)
    if kind == "device":
        only = {"device_ids": ctx.environment.place(name.strip('"')).door.vendor_id}
    else:
        only = {"lock_ids": name.strip('"')}
    connect(ctx, {**ctx.environment.credentials, **only})


@when("the owner connects with the vendor's own credentials, twice if need be")
def connects_twice(ctx: ScenarioContext) -> None:
    connect(ctx, ctx.environment.credentials)
    if not ctx.answer.ok:
        nothing_is_linked(ctx)
        connect(ctx, ctx.environment.credentials)


@then("the connection is linked")
def is_linked(ctx: ScenarioContext) -> None:
    assert ctx.answer.ok, f"{ctx.answer.status}: {ctx.answer.text}"
    assert ctx.answer.json()["linked"] is True, "it does not count as linked"
    assert own_connections(ctx) == 1, "it is not listed"


@then("nothing is linked")
def nothing_is_linked(ctx: ScenarioContext) -> None:
    assert own_connections(ctx) == 0, "a connection is listed nevertheless"


def own_connections(ctx: ScenarioContext) -> int:
    """Return how many connections of this scenario are listed."""
    payload = items(ctx.admin.connections().json())
    return sum(row["name"] == ctx.environment.tag for row in payload)


@then(step('the lock "{name}" {can:CanBeChosen}'))
def can_be_chosen(ctx: ScenarioContext, name: str, can: str) -> None:
    lock, usable = chosen(ctx, name), can == "can be chosen"
    assert lock["usable"] is usable, f"{name} is called usable: {lock['usable']}"
    if not usable:
        assert lock["unusable_reason"], f"no reason is given why {name} is not usable"


@then(step("{number:d} locks can be chosen"))
def so_many_locks(ctx: ScenarioContext, number: int) -> None:
    if ctx.prepared:
        raise NotApplicable("its account has the locks of its profile as well")
    usable = sum(bool(row["usable"]) for row in listed(ctx))
    assert usable == number, f"{usable} locks can be chosen, not {number}"


@given("the owner refreshes the list of locks")
@when("the owner refreshes the list of locks")
def refreshes_locks(ctx: ScenarioContext) -> None:
    ctx.record_answer(ctx.admin.refresh_locks(ctx.link()))


@given("the owner refreshes the list of keys")
@when("the owner refreshes the list of keys")
def refreshes_keys(ctx: ScenarioContext) -> None:
    ctx.record_answer(ctx.admin.refresh_keys(ctx.link()))
    assert ctx.answer.ok, f"nothing is looked at: {ctx.answer.text}"
    ctx.run_until_idle()


@when(step("the owner deletes {what:Owned}"))
def deletes(ctx: ScenarioContext, what: str) -> None:
    if what == "the connection":
        ctx.admin.unlink(ctx.link())
    elif what.startswith("the rule of "):
        rule = ctx.setup_of(what.removeprefix("the rule of ")).rule
        answer = ctx.record_answer(ctx.admin.delete_rule(rule))
        assert answer.ok, f"the rule was not deleted: {answer.text}"
    else:
        row = access(ctx, what.removesuffix("'s access"))
        ctx.record_answer(ctx.admin.delete_access(row["id"]))


@when("the owner replays the last event")
def replays(ctx: ScenarioContext) -> None:
    events = items(ctx.admin.events(ctx.link()).json())
    assert len(events) == 1, f"{len(events)} events are listed, not the one that came"
    ctx.record_answer(ctx.admin.replay(events[0]["id"]))
    assert ctx.answer.ok, f"it was not replayed: {ctx.answer.text}"
    ctx.run_until_idle()


@given(step('the app of the connection is "{number}"'))
def connection_has_app(ctx: ScenarioContext, number: str) -> None:
    if ctx.prepared:
        return
    credentials = {"mobile_app_id": number}
    answer = ctx.record_answer(ctx.admin.switch(ctx.link(), credentials=credentials))
    assert answer.ok, f"the app was not taken: {answer.status} {answer.text}"


@given(step("the connection of {resource:Resource} is inactive"))
def connection_of_is_inactive(ctx: ScenarioContext, resource: str) -> None:
    if not ctx.prepared:
        answer = ctx.admin.switch(ctx.setup_of(resource).connection, active=False)
        assert answer.ok, f"it cannot be switched off: {answer.status} {answer.text}"


@given(step("the connection is {state:State}"))
@when(step("the connection is {state:State}"))
def connection_is(ctx: ScenarioContext, state: str) -> None:
    answer = ctx.admin.switch(ctx.link(), **STATES[state])
    assert answer.ok, f"it cannot be {state}: {answer.status} {answer.text}"


@then(
    step(
        "the webhook URLs of {one:Resource} and {other:Resource} differ and cannot be"
        " guessed"
    )
)
def urls_differ(ctx: ScenarioContext, one: str, other: str) -> None:
    keys = [ctx.setup_of(r).connection.path.rpartition("/")[2] for r in (one, other)]
    assert keys[0] != keys[1], "two connections share one URL"
    for key in keys:
        assert len(set(re.sub(r"[^\w-]", "", key))) > 8, "the URL is no random text"
        assert len(key) >= GUESSABLE, f"{len(key)} characters can be guessed"


@then(step("no answer about the connection shows {what:Secret}"))
def no_answer_shows(ctx: ScenarioContext, what: str) -> None:
    connection = ctx.link()
    texts = [ctx.admin.connection(connection).text, ctx.admin.connections().text]
    hidden = {"the secret of the webhook": str(connection.secret)}
    if what == "a secret of the vendor":
        texts += [answer.text for answer in ctx.platform.answers]
        hidden = secrets(ctx)
    for name, value in hidden.items():
        shown = [text for text in texts if value in text]
        assert not shown, f"{name} is shown in {len(shown)} of {len(texts)} answers"


@then("the connection names the secrets it holds")
def names_secrets(ctx: ScenarioContext) -> None:
    payload = ctx.admin.connection(ctx.link()).json()
    for name in secrets(ctx):
        assert name in payload["secrets"], f"{name} is not named as held"


@then("what is stored holds no secret in the clear")
def stored_without_secrets(ctx: ScenarioContext) -> None:
    stored = ctx.subject.stored()
    assert stored, "nothing is stored, so nothing can be said"
    webhook = str(ctx.link().secret).removeprefix("whsec_")
    for name, secret in {**secrets(ctx), "webhook secret": webhook}.items():
        assert secret.encode() not in stored, f"{name} is stored in the clear"


def secrets(ctx: ScenarioContext) -> dict[str, str]:
    """Return the secrets among the vendor's credentials; a key beside one is a name."""
    own = ctx.environment.credentials
    hidden = re.compile("secret|token$|password")
    return {name: value for name, value in own.items() if hidden.search(name)}


SUBJECT = "Your booking"
WRITES = 'the owner writes the text "{body}"{into:Into}'
CHANNELS = {"": "email", "e-mail": "email", "SMS": "sms"}


@given(step(WRITES))
def has_written(ctx: ScenarioContext, body: str, into: str) -> None:
    writes(ctx, body, into)
    assert ctx.answer.ok, f"the text was refused: {ctx.answer.text}"


@when(step(WRITES))
def writes(ctx: ScenarioContext, body: str, into: str) -> None:
    channel, _, language = into.removeprefix(" for ").partition(" in ")
    text = {"subject": SUBJECT, "body": body}
    spoken = language.strip('"') or "en"
    where = f"{CHANNELS[channel]}/{spoken}"
    ctx.record_answer(ctx.admin.write(ctx.link(), where, text))


@when(step('the owner previews the text "{body}"'))
def previews(ctx: ScenarioContext, body: str) -> None:
    text = {"subject": SUBJECT, "body": body, "channel": "email", "language": "en"}
    ctx.record_answer(ctx.admin.preview(ctx.link(), text))
