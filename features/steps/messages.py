"""Messages: what customers and owners are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.words import Count, phrase
from strikeplate.post import by_sms

if TYPE_CHECKING:
    from strikeplate.scene import Scene
    from strikeplate.smtp_sink import Mail


def latest(scene: Scene, name: str) -> Mail:
    """Return a customer's latest message."""
    mails = scene.post.to(scene.platform.person(name))
    assert mails, f"{name} has received no message"
    return mails[-1]


@given(phrase("{name:Who} has received {number:Count} message{_:S}"))
@then(phrase("{name:Who} has received {number:Count} message{_:S}"))
def has_received(scene: Scene, name: str, number: Count) -> None:
    found = len(scene.post.to(scene.platform.person(name)))
    assert number.holds(found), f"{name} has received {found} messages, not {number}"


@then(phrase("{name:Who} has received {number:Count} messages with one code"))
def has_received_one_code(scene: Scene, name: str, number: Count) -> None:
    has_received(scene, name, number)
    told = scene.post.all_codes(scene.platform.person(name))
    assert len(told) == 1, f"{name} was told {len(told)} codes, not 1"


@then(phrase("the owner has received {number:Count} message{_:S}"))
def owner_has_received(scene: Scene, number: Count) -> None:
    found = len(scene.post.to_owner())
    assert number.holds(found), f"the owner has received {found}, not {number}"


@then("no message has gone out")
def no_message(scene: Scene) -> None:
    found = len(scene.subject.sink)
    assert not found, f"{found} messages have gone out"


@then(phrase("{name:Who}'s message names {one:Clock} and {other:Clock}"))
def message_names(scene: Scene, name: str, one: str, other: str) -> None:
    text = latest(scene, name).text
    for time in (one, other):
        assert time in text, f"{name}'s message does not name {time}"


@then(phrase("{name:Who}'s message does not name {one:Clock} or {other:Clock}"))
def message_does_not_name(scene: Scene, name: str, one: str, other: str) -> None:
    text = latest(scene, name).text
    for time in (one, other):
        assert time not in text, f"{name}'s message names {time}"


@then(phrase('{name:Who}\'s message tells "{word}"'))
def message_tells(scene: Scene, name: str, word: str) -> None:
    assert word in latest(scene, name).text, f"{name}'s message lacks {word!r}"


@then(phrase('{name:Who}\'s message does not tell "{word}"'))
def message_does_not_tell(scene: Scene, name: str, word: str) -> None:
    assert word not in latest(scene, name).text, f"{name}'s message tells {word!r}"


@then(phrase("it came by e-mail and greets {name:Who} by name"))
def came_by_mail(scene: Scene, name: str) -> None:
    mail = latest(scene, name)
    assert not by_sms(mail, scene.platform.person(name)), "it came by SMS"
    assert name in mail.text, f"it does not name {name}"
    found = len(scene.subject.sink)
    assert found == 1, f"{found} messages went out, not only {name}'s"


@then("it came by SMS")
def came_by_sms(scene: Scene) -> None:
    person = scene.platform.latest.customer
    assert by_sms(latest(scene, person.name), person), "it came by e-mail"


@then("neither its subject nor its headers hold the code")
def code_stands_in_text_only(scene: Scene) -> None:
    name = scene.platform.latest.customer.name
    mail = latest(scene, name)
    code = scene.code(name)
    assert code not in mail.subject, "the subject holds the code"
    assert code not in mail.headers, "a header holds the code"


@given("the mail server refuses messages")
def mail_is_refused(scene: Scene) -> None:
    scene.subject.sink.refuses = True


@when("the mail server takes messages again")
def mail_is_taken(scene: Scene) -> None:
    scene.subject.sink.refuses = False
