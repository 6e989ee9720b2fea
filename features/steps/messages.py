"""Messages that customers and owners receive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.parameter_types import Count, step
from strikeplate.context import by_sms
from strikeplate.reading import as_seen, times
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext
    from strikeplate.subjects import Message


CLOCK = re.compile(r"\d\d:\d\d")
"""A time of day, which a message may write in any notation."""


def latest(ctx: ScenarioContext, reader: str) -> Message:
    """Return the latest message with a customer's code, or the owner's latest."""
    ctx.let_deliver()
    mails = received(ctx, reader)
    assert mails, f"{reader} has received no message with a code"
    return mails[-1]


def received(ctx: ScenarioContext, reader: str) -> tuple[Message, ...]:
    """Return what brought a customer a code, or all that the owner got."""
    if reader == "the owner":
        return ctx.inbox.to_owner()
    return ctx.inbox.with_code(ctx.platform.person(reader))


RECEIVED = "{reader:Reader} has received {number:Count} message{_:S}"


@given(step(RECEIVED))
@then(step(RECEIVED))
def has_received(ctx: ScenarioContext, reader: str, number: Count) -> None:
    if number.high:
        ctx.let_deliver()
    mails = received(ctx, reader)
    text = f"{reader} has received {len(mails)} messages, not {number}"
    assert number.holds(len(mails)), text


@then(step("{name:Who} has received {number:Count} messages with one code"))
def has_received_one_code(ctx: ScenarioContext, name: str, number: Count) -> None:
    has_received(ctx, name, number)
    sent = ctx.inbox.all_codes(ctx.platform.person(name))
    assert len(sent) == 1, f"{name} was sent {len(sent)} codes, not 1"


@then(step("{number:d} message{_:S} with a code {verb:Are} sent in all"))
def sent_in_all(ctx: ScenarioContext, number: int) -> None:
    if number:
        ctx.let_deliver()
    found = len(ctx.inbox.all_with_code())
    assert found == number, f"{found} messages with a code were sent, not {number}"


@then(step("{name:Reader}'s message {says:Says} {words:Quotes}"))
def message_says(
    ctx: ScenarioContext,
    name: str,
    says: bool,  # noqa: FBT001 - a word of the sentence
    words: list[str],
) -> None:
    message = latest(ctx, name)
    if ctx.inbox.is_bare(message):
        raise NotApplicable("it is asked for the code alone, not for a message")
    text = as_seen(message.text)
    named = times(text)
    for word in words:
        found = word in named if CLOCK.fullmatch(word) else word in text
        assert found is says, f"{name}'s message: {word!r} is in it: {not says}"


@then(step("{name:Who}'s message brings a link"))
def message_brings_link(ctx: ScenarioContext, name: str) -> None:
    pattern = ctx.environment.vocabulary.extras["link"]
    seen = as_seen(latest(ctx, name).text)
    assert pattern.search(seen), f"{name}'s message brings no link"


@then(step("{name:Who}'s message came by {channel:Channel}"))
def came_by(ctx: ScenarioContext, name: str, channel: str) -> None:
    sms = by_sms(latest(ctx, name), ctx.platform.person(name))
    assert sms is (channel == "SMS"), f"it did not come by {channel}"


@then(step("the code stands in the text of {name:Who}'s message alone"))
def code_stands_in_text_only(ctx: ScenarioContext, name: str) -> None:
    mail = latest(ctx, name)
    code = ctx.code(name)
    assert code not in mail.subject, "the subject holds the code"
    assert code not in mail.headers, "a header holds the code"


@given("the mail server refuses messages")
def mail_is_refused(ctx: ScenarioContext) -> None:
    ctx.subject.sink.refuses = True


@when("the mail server accepts messages again")
def mail_is_accepted(ctx: ScenarioContext) -> None:
    ctx.subject.sink.refuses = False
