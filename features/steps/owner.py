"""The owner: connects accounts, chooses locks, and switches connections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.words import phrase
from strikeplate.desk import door_of, items, linked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.scene import Scene

STATES = {
    "switched off": {"active": False, "terms_accepted": True},
    "switched on": {"active": True, "terms_accepted": True},
    "switched on, terms not accepted": {"active": True, "terms_accepted": False},
    "switched off, terms not accepted": {"active": False, "terms_accepted": False},
}
GUESSABLE = 22
"""Fewer characters of base 64 than this hold fewer than 128 bits."""


def credentials(scene: Scene, flaw: str) -> Mapping[str, str]:
    """Return the account's credentials with a flaw: wrong or incomplete."""
    own = dict(scene.ground.credentials)
    texts = [name for name, value in own.items() if "://" not in value]
    if flaw == "incomplete":
        del own[texts[-1]]
        return own
    return {**own, **{name: own[name][::-1] for name in texts}}


def connect(scene: Scene, wish: Mapping[str, str]) -> None:
    """Ask for a connection, and keep it if it is made."""
    zone, owner = str(scene.ground.zone), scene.post.owner
    name = scene.ground.tag
    answer = scene.desk.connect(
        scene.ground.vendor, wish, name=name, zone=zone, owner=owner
    )
    scene.asked(answer)
    if answer.status == 201:
        scene.keep(linked(answer.json(), scene.ground.world()))
        scene.redact.hide(answer.json()["webhook_secret"])


def chosen(scene: Scene, name: str) -> Mapping[str, object]:
    """Return a lock as it stands in the list to choose from."""
    found = [row for row in listed(scene) if door_of(str(row["name"])) == name]
    assert len(found) == 1, f"{len(found)} locks are listed as {name}"
    return found[0]


def listed(scene: Scene) -> list[Mapping[str, object]]:
    """Return all locks to choose from."""
    answer = scene.desk.locks(scene.link())
    assert answer.ok, f"the locks are not listed: {answer.status} {answer.text}"
    return items(answer.json())


@when("the owner connects with the vendor's own credentials")
def connects(scene: Scene) -> None:
    connect(scene, scene.ground.credentials)


@when("the owner connects with the vendor's own credentials, twice if need be")
def connects_twice(scene: Scene) -> None:
    connects(scene)
    if not scene.answer.ok:
        nothing_is_linked(scene)
        connects(scene)


@when(phrase("the owner connects with {flaw:w} credentials"))
def connects_wrongly(scene: Scene, flaw: str) -> None:
    connect(scene, credentials(scene, flaw))


@given("the owner has been refused with wrong credentials")
def was_refused(scene: Scene) -> None:
    connects_wrongly(scene, "wrong")
    assert not scene.answer.ok, "wrong credentials were taken"


@then("the connection is linked")
def is_linked(scene: Scene) -> None:
    assert scene.answer.status == 201, f"{scene.answer.status}: {scene.answer.text}"
    assert scene.answer.json()["linked"] is True, "it does not count as linked"
    assert own_connections(scene) == 1, "it is not listed"


@then("nothing is linked")
def nothing_is_linked(scene: Scene) -> None:
    assert own_connections(scene) == 0, "a connection is listed nevertheless"


def own_connections(scene: Scene) -> int:
    """Return how many connections of this scenario are listed."""
    told = items(scene.desk.connections().json())
    return sum(row["name"] == scene.ground.tag for row in told)


@then(phrase('the lock "{name}" can be chosen'))
def can_be_chosen(scene: Scene, name: str) -> None:
    assert chosen(scene, name)["usable"], f"{name} is called unusable"


@then(phrase('the lock "{name}" cannot be chosen, with a reason'))
def cannot_be_chosen(scene: Scene, name: str) -> None:
    lock = chosen(scene, name)
    assert not lock["usable"], f"{name} is called usable"
    assert lock["unusable_reason"], f"no reason is told why {name} is not usable"


@then(phrase("{number:d} locks can be chosen"))
def so_many_locks(scene: Scene, number: int) -> None:
    usable = sum(bool(row["usable"]) for row in listed(scene))
    assert usable == number, f"{usable} locks can be chosen, not {number}"


@when("the owner asks for the locks again")
def asks_again(scene: Scene) -> None:
    scene.asked(scene.desk.refresh_locks(scene.link()))


@when("the owner removes the connection")
def removes(scene: Scene) -> None:
    scene.desk.unlink(scene.link())


@given(phrase("the connection is {state:State}"))
@when(phrase("the connection is {state:State}"))
def connection_is(scene: Scene, state: str) -> None:
    answer = scene.desk.switch(scene.link(), **STATES[state])
    assert answer.ok, f"it cannot be {state}: {answer.status} {answer.text}"


@then(
    phrase(
        "the webhook URLs of {one:Resource} and {other:Resource} differ and cannot be"
        " guessed"
    )
)
def urls_differ(scene: Scene, one: str, other: str) -> None:
    keys = [scene.site(r).connection.path.rpartition("/")[2] for r in (one, other)]
    assert keys[0] != keys[1], "two connections share one URL"
    for key in keys:
        assert len(set(re.sub(r"[^\w-]", "", key))) > 8, "the URL is no random text"
        assert len(key) >= GUESSABLE, f"{len(key)} characters can be guessed"


@then("no answer about the connection shows a secret of the vendor")
def no_vendor_secret(scene: Scene) -> None:
    texts = [answer.text for answer in scene.platform.answers]
    texts += [scene.desk.connection(scene.link()).text, scene.desk.connections().text]
    for name, secret in secrets(scene).items():
        shown = [text for text in texts if secret in text]
        assert not shown, f"{name} is shown in {len(shown)} of {len(texts)} answers"


@then("the connection names the secrets it holds")
def names_secrets(scene: Scene) -> None:
    told = scene.desk.connection(scene.link()).json()
    for name in secrets(scene):
        assert name in told["secrets"], f"{name} is not named as held"


@then("the answer shows the webhook's secret")
def shows_webhook_secret(scene: Scene) -> None:
    told = scene.answer.json()
    assert str(told.get("webhook_secret")).startswith("whsec_"), "no secret is shown"


@then("no answer about the connection shows the webhook's secret")
def hides_webhook_secret(scene: Scene) -> None:
    connection = scene.link()
    for answer in (scene.desk.connection(connection), scene.desk.connections()):
        assert str(connection.secret) not in answer.text, "the secret is shown again"


@then("what is stored holds no secret in the clear")
def stored_without_secrets(scene: Scene) -> None:
    stored = scene.subject.stored()
    assert stored, "nothing is stored, so nothing can be said"
    webhook = str(scene.link().secret).removeprefix("whsec_")
    for name, secret in {**secrets(scene), "webhook secret": webhook}.items():
        assert secret.encode() not in stored, f"{name} is stored in the clear"


def secrets(scene: Scene) -> dict[str, str]:
    """Return those of the vendor's credentials that are secrets."""
    own = scene.ground.credentials
    hidden = re.compile("secret|token$|password|key$")
    return {name: value for name, value in own.items() if hidden.search(name)}
