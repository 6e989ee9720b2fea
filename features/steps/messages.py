"""Messages: what customers and owners are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.parameter_types import Count, step
from strikeplate.context import by_sms

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext
    from strikeplate.smtp_sink import Mail


def latest(ctx: ScenarioContext, name: str) -> Mail:
    """Return a customer's latest message."""
    mails = ctx.post.to(ctx.platform.person(name))
    assert mails, f"{name} has received no message"
    return mails[-1]


@given(step("{name:Who} has received {number:Count} message{_:S}"))
@then(step("{name:Who} has received {number:Count} message{_:S}"))
def has_received(ctx: ScenarioContext, name: str, number: Count) -> None:
    found = len(ctx.post.to(ctx.platform.person(name)))
    assert number.holds(found), f"{name} has received {found} messages, not {number}"


@then(step("{name:Who} has received {number:Count} messages with one code"))
def has_received_one_code(ctx: ScenarioContext, name: str, number: Count) -> None:
    has_received(ctx, name, number)
    codes = ctx.post.all_codes(ctx.platform.person(name))
    assert len(codes) == 1, f"{name} was told {len(codes)} codes, not 1"


@then(step("the owner has received {number:Count} message{_:S}"))
def owner_has_received(ctx: ScenarioContext, number: Count) -> None:
    found = len(ctx.post.to_owner())
    assert number.holds(found), f"the owner has received {found}, not {number}"


@then("no message has gone out")
def no_message(ctx: ScenarioContext) -> None:
    found = len(ctx.subject.sink)
    assert not found, f"{found} messages have gone out"


@then(step("{name:Who}'s message names {one:Clock} and {other:Clock}"))
def message_names(ctx: ScenarioContext, name: str, one: str, other: str) -> None:
    text = latest(ctx, name).text
    for time in (one, other):
        assert time in text, f"{name}'s message does not name {time}"


@then(step("{name:Who}'s message does not name {one:Clock} or {other:Clock}"))
def message_does_not_name(
    ctx: ScenarioContext, name: str, one: str, other: str
) -> None:
    text = latest(ctx, name).text
    for time in (one, other):
        assert time not in text, f"{name}'s message names {time}"


@then(step('{name:Who}\'s message tells "{word}"'))
def message_tells(ctx: ScenarioContext, name: str, word: str) -> None:
    assert word in latest(ctx, name).text, f"{name}'s message lacks {word!r}"


@then(step('{name:Who}\'s message does not tell "{word}"'))
def message_does_not_tell(ctx: ScenarioContext, name: str, word: str) -> None:
    assert word not in latest(ctx, name).text, f"{name}'s message tells {word!r}"


@then(step("it came by e-mail and greets {name:Who} by name"))
def came_by_mail(ctx: ScenarioContext, name: str) -> None:
    mail = latest(ctx, name)
    assert not by_sms(mail, ctx.platform.person(name)), "it came by SMS"
    assert name in mail.text, f"it does not name {name}"
    found = len(ctx.subject.sink)
    assert found == 1, f"{found} messages went out, not only {name}'s"


@then("it came by SMS")
def came_by_sms(ctx: ScenarioContext) -> None:
    person = ctx.platform.latest.customer
    assert by_sms(latest(ctx, person.name), person), "it came by e-mail"


@then("neither its subject nor its headers hold the code")
def code_stands_in_text_only(ctx: ScenarioContext) -> None:
    name = ctx.platform.latest.customer.name
    mail = latest(ctx, name)
    code = ctx.code(name)
    assert code not in mail.subject, "the subject holds the code"
    assert code not in mail.headers, "a header holds the code"


@given("the mail server refuses messages")
def mail_is_refused(ctx: ScenarioContext) -> None:
    ctx.subject.sink.refuses = True


@when("the mail server takes messages again")
def mail_is_taken(ctx: ScenarioContext) -> None:
    ctx.subject.sink.refuses = False
