"""`check --dry-run`: tells an integration one booking, and shows all that is seen.

For each vendor of the profile: what the integration answered, what it asked of the
vendor, which message was read as what, and what the door says inside and outside of the
booked time. Then which rules a run will judge, and which not, and why.

Invariants: codes, PINs and secrets are blanked in everything that is shown; the door is
asked without leaving a trace. Exit codes: 0 the guest got one code that opens in time
and only then, 1 not, 3 the integration did not start or did not answer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from strikeplate import reading, vocabulary
from strikeplate.allotment import Bound
from strikeplate.applicability import applicability_of
from strikeplate.context import ScenarioContext
from strikeplate.environment import TargetContext
from strikeplate.subjects import start_subject
from strikeplate.summary import HARNESS_ERROR
from strikeplate.transcript import BLANK, Redact, Transcript
from strikeplate.verdict import HarnessFault, Misuse, NotApplicable
from strikeplate.vocabulary import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from strikeplate.applicability import Applicability
    from strikeplate.config import RunConfig
    from strikeplate.environment import Place
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking, Delivery
    from strikeplate.profiles.shape import Resource
    from strikeplate.subjects import Message
    from strikeplate.subjects.launch import SubjectProcess

WHO = "Ada"
AWAY = timedelta(hours=2)
"""So far from the booked time, margins included, a code must not open."""

LONGEST = 400
OUTPUT_LINES = 8
TOKEN = re.compile(r"[\w-]{30,}")
"""What makes a path unguessable."""

DIGITS = re.compile(rf"({reading.DATE.pattern})|\d(?:{reading.GAP}?\d){{3,}}")


@dataclass
class Seen:
    """What is shown of one booking, and what was missing of it."""

    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def head(self, text: str) -> None:
        """Begin a section."""
        self.lines += ["", click.style(text, bold=True)]

    def add(self, text: str) -> None:
        """Add a line."""
        self.lines.append(f"  {text}")

    def lack(self, text: str) -> None:
        """Add a line that tells what is not as it must be."""
        self.missing.append(text)
        self.lines.append(f"  {click.style('!', fg='yellow')} {text}")


def dry_run(config: RunConfig) -> int:
    """Tell one booking for each vendor, print what is seen, return the exit code."""
    missing: list[str] = []
    try:
        for vendor, name in _booked(config):
            seen = _try(config, vendor, name)
            click.echo("\n".join(seen.lines))
            missing += seen.missing
    except (HarnessFault, NotApplicable) as fault:
        click.echo(f"\nIt could not be tried: {fault}", err=True)
        return HARNESS_ERROR
    click.echo("\n".join(_rules(applicability_of(config))))
    click.echo(_end(missing))
    return int(bool(missing))


def _booked(config: RunConfig) -> Iterator[tuple[str, str]]:
    """Yield each vendor with the resource that is booked: its first."""
    if not config.targets["service"]:
        raise Misuse("--dry-run needs an integration; its profile names none")
    declared = config.profile.declared
    if declared is None or not declared.resources:
        yield config.profile.default_vendor, "court-1"
        return
    vendors: set[str] = set()
    for name, resource in declared.resources.items():
        if resource.vendor not in vendors:
            vendors.add(resource.vendor)
            yield resource.vendor, name


def _try(config: RunConfig, vendor: str, name: str) -> Seen:
    """Start the integration, tell it one booking, and return what is seen."""
    subject = start_subject(config.targets["service"][0], config.profile)
    shared = TargetContext(
        subject.fakes,
        subject,
        config.profile,
        vocabulary.read(config.options.rules),
        str(config.options.seed),
        vendor,
    )
    try:
        tag = f"s{90000 + subject.fakes.world('demo').clock()[0].microsecond % 9000}"
        own = replace(shared, seed=f"{shared.seed}-dry-run", bound={name: Bound(name)})
        ctx = ScenarioContext(own, tag, Transcript(), Redact())
        try:
            return _watch(ctx, name, _declared(config, name))
        finally:
            ctx.close()
    finally:
        subject.close()


def _declared(config: RunConfig, name: str) -> Resource | None:
    declared = config.profile.declared
    return declared.resources.get(name) if declared else None


def _watch(ctx: ScenarioContext, name: str, resource: Resource | None) -> Seen:
    """Tell one booking, and return what is seen of it."""
    ctx.set_up(name, LOCK, zone=resource.zone if resource else None)
    place = ctx.environment.first
    booking = _book(ctx, name)
    deliveries = [*_deliver(ctx, booking, resource)]
    _hide_codes(ctx, place)
    seen = Seen()
    _show_booking(seen, ctx, booking, place)
    _show_answers(seen, ctx, deliveries)
    _show_calls(seen, ctx, place.world.requests(), resource)
    codes = _show_messages(seen, ctx)
    _show_door(seen, ctx, codes, resource)
    _show_output(seen, ctx)
    return seen


def _book(ctx: ScenarioContext, name: str) -> Booking:
    """Book tomorrow from 15:20 to 17:20, as the clocks at the door show it."""
    local = ctx.environment.present.astimezone(ctx.environment.zone)
    start = (local + timedelta(days=1)).replace(
        hour=15, minute=20, second=0, microsecond=0
    )
    return ctx.platform.book(WHO, name, start, start + timedelta(hours=2))


def _deliver(
    ctx: ScenarioContext, booking: Booking, resource: Resource | None
) -> Iterator[tuple[Delivery, Answer]]:
    """Tell the booking as confirmed, and by what else its resource waits for."""
    kinds = ["confirmed"]
    if resource is not None and resource.trigger != "confirmed":
        kinds.append(resource.trigger)
    for kind in kinds:
        try:
            ctx.platform.deliver_event(ctx.platform.record_event(kind, booking))
        except AssertionError as silence:
            raise HarnessFault(_without_digits(str(silence))) from None
    if resource and resource.send_before and not ctx.environment.real_time:
        ctx.environment.move_to(booking.start - resource.send_before)
    yield from zip(ctx.platform.deliveries, ctx.platform.answers, strict=False)


def _hide_codes(ctx: ScenarioContext, place: Place) -> None:
    """Blank every code that a message, the vendor or the door has."""
    found = [*ctx.inbox.all_codes(ctx.platform.person(WHO))]
    for truth in ("cloud", "queue", "door"):
        found += place.world.codes(None, truth)
    for code in found:
        ctx.redact.hide(code)


def _show_booking(
    seen: Seen, ctx: ScenarioContext, booking: Booking, place: Place
) -> None:
    seen.head(f"One booking at {ctx.environment.vendor}")
    when = f"{booking.start:%Y-%m-%d %H:%M} to {booking.end:%H:%M}"
    seen.add(f"{booking.id}: {WHO} books {booking.resource}, {when}")
    seen.add(f"the door {place.door.name!r} is in {ctx.environment.zone}")


def _show_answers(
    seen: Seen, ctx: ScenarioContext, deliveries: Sequence[tuple[Delivery, Answer]]
) -> None:
    seen.head("What came back")
    for delivery, answer in deliveries:
        asked = f"{delivery.method} {TOKEN.sub(BLANK, delivery.path)}"
        seen.add(f"{asked}: {answer.status}")
        if body := delivery.body.decode(errors="replace"):
            seen.add(f"  sent:     {_shown(ctx.redact, body)}")
        if text := answer.text.strip():
            seen.add(f"  answered: {_shown(ctx.redact, answer.json() or text)}")
        if not answer.ok:
            seen.lack(f"the event was refused with {answer.status}")
    if trouble := ctx.subject.trouble:
        seen.lack(trouble.partition("; ")[0])


def _show_calls(
    seen: Seen,
    ctx: ScenarioContext,
    calls: Sequence[dict[str, Any]],
    resource: Resource | None,
) -> None:
    seen.head("What was asked of the vendor")
    for each in ctx.transcript.entries:
        if isinstance(each.data, dict) and each.participant == "vendor" and not calls:
            seen.lack(f"{each.text}, since {each.data['answer']}")
    if not calls:
        seen.lack(f"nothing by its account; {_to_know(ctx, resource)}?")
    shown = (_call(ctx.redact, each) for each in calls)
    for text, group in groupby(shown):
        times = len([*group])
        seen.add(f"{text} ({times} times)" if times > 1 else text)


def _to_know(ctx: ScenarioContext, resource: Resource | None) -> str:
    """Return what an integration must know to call the vendor."""
    vendor = ctx.environment.vendor
    called = f", and the resource {resource.id!r}" if resource and resource.id else ""
    return (
        f"does it know the address and credentials of {vendor}, the door's id{called}"
    )


def _call(redact: Redact, call: dict[str, Any]) -> str:
    """Return a call as a line; of a refused one with the vendor's reason."""
    status = call["status"]
    line = f"{call['method']} {call['path']}: {status or 'no answer'}"
    if status is None or status >= 400:
        line += f", since {_shown(redact, call['answer'])}"
        line += f"; it sent {_shown(redact, call['request'])}"
    return redact.text(line)


def _show_messages(seen: Seen, ctx: ScenarioContext) -> tuple[str, ...]:
    """Show each message and how it was read; return the codes of the guest's latest."""
    seen.head("What the guest was sent")
    person = ctx.platform.person(WHO)
    if said := getattr(ctx.subject.sink, "said", ""):
        seen.add(ctx.redact.text(said))
    own = ctx.inbox.to(person)
    same = Counter((message.to, message.text) for message in ctx.subject.sink)
    for message in {(each.to, each.text): each for each in ctx.subject.sink}.values():
        whose = f"read as {WHO}'s" if message in own else "nobody's: no such address"
        seen.add(f"to {message.to} ({whose}): {_words(ctx.redact, message)}")
        seen.add(f"  code:  {_form(ctx.inbox.codes_in(message))}")
        times = sorted(reading.times(reading.as_seen(message.text)))
        seen.add(f"  times: {', '.join(times) or 'none was read'}")
        if (count := same[message.to, message.text]) > 1:
            seen.lack(f"this message came {count} times")
    codes = ctx.inbox.codes(person)
    if len(own) > 1 and not all(map(ctx.inbox.codes_in, own)):
        subjects = " and ".join(repr(mail.subject) for mail in own)
        text = "of messages with a code alone; say which by [messages] codes_in"
        seen.lack(f"{subjects}: rules count {text}, a pattern of their subjects")
    if not own:
        seen.lack(f"no message to {person.email} or {person.phone} arrived")
    elif len(codes) != 1:
        seen.lack(f"the latest message holds {len(codes)} codes, not one")
    return codes


def _words(redact: Redact, message: Message) -> str:
    """Return what a message says on one line, without links and long numbers."""
    text = reading.as_seen(message.text)
    said = f"{message.subject}: {text}" if message.subject else text
    return _plain(redact, said)


def _plain(redact: Redact, text: str) -> str:
    """Return a text on one line, without links, secrets and long numbers."""
    plain = reading.LINK.sub("<link>", text)
    return _cut(redact.text(" ".join(_without_digits(plain).split())))


def _without_digits(text: str) -> str:
    """Return a text with every number blanked that may be a code; dates stay."""
    return DIGITS.sub(lambda found: found[1] or BLANK, text)


def _form(codes: Sequence[str]) -> str:
    """Return the form of codes, never a code."""
    return ", ".join(f"{len(code)} digits" for code in codes) or "none was read"


def _show_door(
    seen: Seen,
    ctx: ScenarioContext,
    codes: Sequence[str],
    resource: Resource | None,
) -> None:
    seen.head("What the door says")
    if not codes:
        seen.add("it was not asked, since no code was read")
        return
    booking, place = ctx.booking(WHO), ctx.environment.first
    usual = ctx.environment.vocabulary.entry
    entered = {**usual, **ctx.extras_for(codes[0])}
    for when, at, opens in _moments(booking, resource):
        entry = place.world.probe(place.door, codes[0], at, **entered)
        found = "opens" if entry.opened else f"stays shut ({entry.reason})"
        line = f"{at.astimezone(ctx.environment.zone):%Y-%m-%d %H:%M}, {when}: {found}"
        if entry.opened == opens:
            seen.add(line)
        else:
            seen.lack(f"{line}, and it must {'open' if opens else 'stay shut'}")


def _show_output(seen: Seen, ctx: ScenarioContext) -> None:
    """Show the end of what it wrote, if something is not as it must be."""
    process: SubjectProcess | None = getattr(ctx.subject, "process", None)
    if seen.missing and process and process.wrote:
        seen.head("What it wrote last")
        for line in process.wrote.splitlines()[-OUTPUT_LINES:]:
            seen.add(_plain(ctx.redact, line))


def _moments(
    booking: Booking, resource: Resource | None
) -> Iterator[tuple[str, datetime, bool]]:
    """Yield moments inside and outside of the booked time, and whether it must open."""
    before = resource.margin_before if resource else timedelta()
    after = resource.margin_after if resource else timedelta()
    yield "well before the start", booking.start - before - AWAY, False
    yield "at the start", booking.start, True
    yield "a minute before the end", booking.end - timedelta(minutes=1), True
    yield "well after the end", booking.end + after + AWAY, False


def _rules(found: Applicability) -> Iterator[str]:
    """Yield what will come of the rules, equal reasons folded."""
    yield ""
    yield click.style(f"Rules that will be judged: {len(found.judged)}", bold=True)
    yield f"  {', '.join(rule.id for rule in found.judged) or 'none'}"
    count = sum(map(len, found.left_out.values()))
    yield click.style(f"Rules that will not: {count}", bold=True)
    for reason, rules in sorted(found.left_out.items(), key=lambda item: -len(item[1])):
        yield f"  {len(rules)}: {reason}"
        yield f"     {', '.join(rule.id for rule in rules)}"


def _end(missing: Iterable[str]) -> str:
    lines = [*missing]
    if not lines:
        return "\nThe guest got one code, which opens in time and only then."
    return "\n".join(("\nNot as it must be:", *(f"  {line}" for line in lines)))


def _shown(redact: Redact, value: object) -> str:
    """Return a value on one line, blanked and cut."""
    shown = redact.data(value)
    return _cut(" ".join(str(shown).split()))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
