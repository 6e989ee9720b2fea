"""The owner: connects accounts, chooses locks, and switches connections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from strikeplate.subjects.admin_client import door_of, items, linked

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
    """Return the account's credentials with a flaw: wrong or incomplete."""
    own = dict(ctx.environment.credentials)
    texts = [name for name, value in own.items() if "://" not in value]
    if flaw == "incomplete":
        del own[texts[-1]]
        return own
    return {**own, **{name: own[name][::-1] for name in texts}}


def connect(ctx: ScenarioContext, body: Mapping[str, str]) -> None:
    """Ask for a connection, and keep it if it is made."""
    zone, owner = str(ctx.environment.zone), ctx.post.owner
    name = ctx.environment.tag
    answer = ctx.admin.connect(
        ctx.environment.vendor, body, name=name, zone=zone, owner=owner
    )
    ctx.record_answer(answer)
    if answer.status == 201:
        ctx.track_connection(linked(answer.json(), ctx.environment.world()))
        ctx.redact.hide(answer.json()["webhook_secret"])


def chosen(ctx: ScenarioContext, name: str) -> Mapping[str, object]:
    """Return a lock as it stands in the list to choose from."""
    found = [row for row in listed(ctx) if door_of(str(row["name"])) == name]
    assert len(found) == 1, f"{len(found)} locks are listed as {name}"
    return found[0]


def listed(ctx: ScenarioContext) -> list[Mapping[str, object]]:
    """Return all locks to choose from."""
    answer = ctx.admin.locks(ctx.link())
    assert answer.ok, f"the locks are not listed: {answer.status} {answer.text}"
    return items(answer.json())


@when("the owner connects with the vendor's own credentials")
def connects(ctx: ScenarioContext) -> None:
    connect(ctx, ctx.environment.credentials)


@when("the owner connects with the vendor's own credentials, twice if need be")
def connects_twice(ctx: ScenarioContext) -> None:
    connects(ctx)
    if not ctx.answer.ok:
        nothing_is_linked(ctx)
        connects(ctx)


@when(step("the owner connects with {flaw:w} credentials"))
def connects_wrongly(ctx: ScenarioContext, flaw: str) -> None:
    connect(ctx, credentials(ctx, flaw))


@given("the owner has been refused with wrong credentials")
def was_refused(ctx: ScenarioContext) -> None:
    connects_wrongly(ctx, "wrong")
    assert not ctx.answer.ok, "wrong credentials were taken"


@then("the connection is linked")
def is_linked(ctx: ScenarioContext) -> None:
    assert ctx.answer.status == 201, f"{ctx.answer.status}: {ctx.answer.text}"
    assert ctx.answer.json()["linked"] is True, "it does not count as linked"
    assert own_connections(ctx) == 1, "it is not listed"


@then("nothing is linked")
def nothing_is_linked(ctx: ScenarioContext) -> None:
    assert own_connections(ctx) == 0, "a connection is listed nevertheless"


def own_connections(ctx: ScenarioContext) -> int:
    """Return how many connections of this scenario are listed."""
    payload = items(ctx.admin.connections().json())
    return sum(row["name"] == ctx.environment.tag for row in payload)


@then(step('the lock "{name}" can be chosen'))
def can_be_chosen(ctx: ScenarioContext, name: str) -> None:
    assert chosen(ctx, name)["usable"], f"{name} is called unusable"


@then(step('the lock "{name}" cannot be chosen, with a reason'))
def cannot_be_chosen(ctx: ScenarioContext, name: str) -> None:
    lock = chosen(ctx, name)
    assert not lock["usable"], f"{name} is called usable"
    assert lock["unusable_reason"], f"no reason is told why {name} is not usable"


@then(step("{number:d} locks can be chosen"))
def so_many_locks(ctx: ScenarioContext, number: int) -> None:
    usable = sum(bool(row["usable"]) for row in listed(ctx))
    assert usable == number, f"{usable} locks can be chosen, not {number}"


@when("the owner asks for the locks again")
def asks_again(ctx: ScenarioContext) -> None:
    ctx.record_answer(ctx.admin.refresh_locks(ctx.link()))


@when("the owner removes the connection")
def removes(ctx: ScenarioContext) -> None:
    ctx.admin.unlink(ctx.link())


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


@then("no answer about the connection shows a secret of the vendor")
def no_vendor_secret(ctx: ScenarioContext) -> None:
    texts = [answer.text for answer in ctx.platform.answers]
    texts += [ctx.admin.connection(ctx.link()).text, ctx.admin.connections().text]
    for name, secret in secrets(ctx).items():
        shown = [text for text in texts if secret in text]
        assert not shown, f"{name} is shown in {len(shown)} of {len(texts)} answers"


@then("the connection names the secrets it holds")
def names_secrets(ctx: ScenarioContext) -> None:
    payload = ctx.admin.connection(ctx.link()).json()
    for name in secrets(ctx):
        assert name in payload["secrets"], f"{name} is not named as held"


@then("the answer shows the webhook's secret")
def shows_webhook_secret(ctx: ScenarioContext) -> None:
    payload = ctx.answer.json()
    assert str(payload.get("webhook_secret")).startswith("whsec_"), "no secret is shown"


@then("no answer about the connection shows the webhook's secret")
def hides_webhook_secret(ctx: ScenarioContext) -> None:
    connection = ctx.link()
    for answer in (ctx.admin.connection(connection), ctx.admin.connections()):
        assert str(connection.secret) not in answer.text, "the secret is shown again"


@then("what is stored holds no secret in the clear")
def stored_without_secrets(ctx: ScenarioContext) -> None:
    stored = ctx.subject.stored()
    assert stored, "nothing is stored, so nothing can be said"
    webhook = str(ctx.link().secret).removeprefix("whsec_")
    for name, secret in {**secrets(ctx), "webhook secret": webhook}.items():
        assert secret.encode() not in stored, f"{name} is stored in the clear"


def secrets(ctx: ScenarioContext) -> dict[str, str]:
    """Return those of the vendor's credentials that are secrets."""
    own = ctx.environment.credentials
    hidden = re.compile("secret|token$|password|key$")
    return {name: value for name, value in own.items() if hidden.search(name)}
