"""The context of one scenario: the only object that its steps use.

It holds the environment (worlds, doors, time), the platform (bookings, events), the
inbox (messages) and the admin client, and closes what the scenario opened. Against a
vendor's server there is only the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from strikeplate.environment import MAIN, Environment
from strikeplate.platforms.platform import Platform
from strikeplate.reading import as_seen, likeliest
from strikeplate.subjects.admin_client import ApiAdminClient
from strikeplate.verdict import HarnessFault, NotApplicable
from strikeplate.vocabulary import LOCK, codes_in

if TYPE_CHECKING:
    from strikeplate.environment import TargetContext
    from strikeplate.fakes_client import Door
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking, Person
    from strikeplate.profiles.shape import Messages
    from strikeplate.subjects import Connection, Message, MessageSink, Subject
    from strikeplate.transcript import Redact, Transcript


AT_ONCE = timedelta(minutes=10)
"""What is to be so within this time is so once subject and vendor have finished."""

A_DAY = timedelta(days=1)


class Inbox:
    """The messages of one scenario, read as their readers see them.

    A message holds other numbers than codes; the codes that the environment's vendors
    have made, now or at an earlier look, say which is meant.
    """

    def __init__(
        self,
        sink: MessageSink,
        environment: Environment,
        messages: Messages | None,
        owner: str = "",
    ) -> None:
        self.sink = sink
        self.owner = owner or f"owner@{environment.tag}.example.org"
        self._environment = environment
        self._messages = messages
        self._known: frozenset[str] = frozenset()

    def to_owner(self) -> tuple[Message, ...]:
        """Return what the owner of the connection got."""
        return tuple(mail for mail in self.sink if mail.to == self.owner)

    def to(self, person: Person) -> tuple[Message, ...]:
        """Return what a customer got, by mail or as an SMS, oldest first.

        Where the profile says which messages carry codes, the others do not count.
        """
        own = (m for m in self.sink if m.to == person.email or by_sms(m, person))
        return tuple(mail for mail in own if self.counts(mail))

    def with_code(self, person: Person) -> tuple[Message, ...]:
        """Return what brought a customer a code, oldest first; other mails are lawful.

        That a booking is noted, or is cancelled, may be told as well.
        """
        self.look()
        return tuple(mail for mail in self.to(person) if self.codes_in(mail))

    def all_with_code(self) -> tuple[Message, ...]:
        """Return what brought anybody a code, oldest first."""
        self.look()
        return tuple(mail for mail in self.sink if self.codes_in(mail))

    def counts(self, mail: Message) -> bool:
        """Say whether a message is one of those that may carry a code."""
        pattern = self._messages.codes_in if self._messages else None
        return pattern is None or re.search(pattern, mail.subject) is not None

    def codes(self, person: Person) -> tuple[str, ...]:
        """Return the codes of a customer's latest message that has any."""
        self.look()
        read = (self.codes_in(mail) for mail in reversed(self.to(person)))
        return next((found for found in read if found), ())

    def all_codes(self, person: Person) -> frozenset[str]:
        """Return every code that a customer was ever sent."""
        self.look()
        return frozenset(code for m in self.to(person) for code in self.codes_in(m))

    def with_codes(self, person: Person) -> list[tuple[Message, tuple[str, ...]]]:
        """Return a customer's messages that have codes, oldest first, as last seen."""
        read = ((mail, self.codes_in(mail)) for mail in self.to(person))
        return [(mail, found) for mail, found in read if found]

    def extras_for(self, code: str) -> dict[str, str]:
        """Return what else the latest message with a code holds for use at the door."""
        vocabulary = self._environment.vocabulary
        if not vocabulary.extras:
            return {}
        self.look()
        for mail in reversed(tuple(self.sink)):
            if code in (found := self.codes_in(mail)):
                return vocabulary.extras_in(code, as_seen(mail.text), found)
        return {}

    def every_extra_for(self, code: str, *, last: int | None) -> list[dict[str, str]]:
        """Return each choice of what the last messages with a code hold besides."""
        self.look()
        mails = [m for m in reversed(tuple(self.sink)) if code in self.codes_in(m)]
        read, texts = self._environment.vocabulary.every_extra_in, mails[:last]
        return [each for m in texts for each in read(as_seen(m.text))] or [{}]

    def look(self) -> None:
        """Keep in mind which codes there are: one that was revoked was a code."""
        self._known |= self._environment.known_codes()

    def is_bare(self, mail: Message) -> bool:
        """Say whether it is a code that was asked for, and no text around it."""
        asked = self._messages is not None and self._messages.channel == "read"
        return asked and re.search(r"[^\W\d]", mail.text) is None

    def codes_in(self, mail: Message) -> tuple[str, ...]:
        """Return the codes of a message, as its reader takes them."""
        told = self._messages
        if not self.counts(mail):
            return ()
        form = self._environment.vocabulary.code.pattern
        beside = told.code if told else None
        return likeliest(as_seen(mail.text), form, beside, self._known)


def by_sms(mail: Message, person: Person) -> bool:
    """Say whether a mail is an SMS to a customer."""
    number = mail.to.partition("@")[0].lstrip("+")
    return number == person.dialled.lstrip("+")


@dataclass(frozen=True)
class ResourceSetup:
    """A resource with its connection and its rule."""

    connection: Connection
    rule: str


class ScenarioContext:
    """One scenario against one target."""

    def __init__(
        self,
        target_context: TargetContext,
        tag: str,
        transcript: Transcript,
        redact: Redact,
    ) -> None:
        self.target_context = target_context
        self.redact = redact
        self.transcript = transcript
        self.environment = Environment(target_context, tag, transcript)
        self.environment.hide = redact.hide
        self.setups: dict[str, ResourceSetup] = {}
        self._links: dict[tuple[str, str], Connection] = {}
        self._delivered = 0
        if target_context.subject:
            target_context.subject.admin.bind(target_context.bound)
            target_context.subject.sink.refuses = False
            target_context.subject.sink.clear()

    @property
    def subject(self) -> Subject:
        """The integration; a `HarnessFault` where a vendor's server is tested."""
        if self.target_context.subject is None:
            raise HarnessFault("this step needs an integration, not a vendor's server")
        return self.target_context.subject

    @property
    def prepared(self) -> bool:
        """Whether what its owner has set up is found as declared, not made by calls."""
        return not isinstance(self.subject.admin, ApiAdminClient)

    @property
    def admin(self) -> ApiAdminClient:
        """The owner's actions; `NotApplicable` where they are no calls."""
        if self.subject.admin.api is None:
            raise NotApplicable("its profile has no [api]: it is set up by hand")
        return self.subject.admin.api

    @cached_property
    def platform(self) -> Platform:
        """The booking platform."""
        return Platform(self.subject, self.environment, self.transcript, self.redact)

    @cached_property
    def inbox(self) -> Inbox:
        """The messages that the subject sent."""
        declared = self.target_context.profile.declared
        messages = declared.messages if declared else None
        owner = self.subject.admin.owner
        return Inbox(self.subject.sink, self.environment, messages, owner)

    @property
    def answer(self) -> Answer:
        """The latest answer of the subject."""
        return self.platform.last

    def record_answer(self, answer: Answer) -> Answer:
        """Record an answer of the subject's API for later steps."""
        payload = answer.json() or answer.text[:200]
        text = f"answers the owner with {answer.status}"
        self.transcript.add("service", text, at=self.environment.now, data=payload)
        self.platform.answers.append(answer)
        return answer

    def set_up(
        self,
        resource: str,
        what: str = LOCK,
        zone: str | None = None,
        account: str = MAIN,
    ) -> ResourceSetup:
        """Give a resource a lock of its own and a rule for it."""
        place = self.environment.add_door(resource, what, zone=zone, account=account)
        return self.create_rule(resource, place.door, account)

    def create_rule(
        self, resource: str, door: Door, account: str = MAIN
    ) -> ResourceSetup:
        """Create the rule by which a resource opens a door of an account."""
        connection = self.link(account)
        rule = self.subject.admin.create_rule(connection, resource, door)
        self.setups[resource] = ResourceSetup(connection, rule)
        self.platform.route_events(resource, connection)
        return self.setups[resource]

    def link(self, account: str = MAIN) -> Connection:
        """Return the connection to an account; the first call creates it."""
        vendor = self.environment.vendor
        if (account, vendor) not in self._links:
            world, zone = self.environment.world(account), str(self.environment.zone)
            for secret in world.credentials[vendor].values():
                self.redact.hide(secret)
            owner = self.inbox.owner
            self.track_connection(
                self.subject.admin.link(world, vendor, zone, owner), account
            )
        return self._links[account, vendor]

    def track_connection(self, connection: Connection, account: str = MAIN) -> None:
        """Register a connection as an account's; it is removed at the end."""
        self._links[account, self.environment.vendor] = connection

    def replace_connection(self, connection: Connection) -> None:
        """Take it that a connection, by its id, is as this one from now on."""
        for key, known in self._links.items():
            if known.id == connection.id:
                self._links[key] = connection
        for resource, setup in self.setups.items():
            if setup.connection.id == connection.id:
                self.setups[resource] = replace(setup, connection=connection)
                self.platform.route_events(resource, connection)

    def setup_of(self, resource: str) -> ResourceSetup:
        """Return a resource's connection and rule."""
        if resource not in self.setups:
            raise HarnessFault(f"the scenario has not set up {resource}")
        return self.setups[resource]

    def booking(self, name: str) -> Booking:
        """Return a customer's booking."""
        return self.platform.booking(name)

    def let_deliver(self) -> None:
        """Let the vendor deliver what was told to the subject since the last look.

        On real time nothing is to do: the subject was waited for when it was told.
        """
        told, time = len(self.platform.answers), self.environment.vocabulary.delivery
        if told == self._delivered or not time or self.environment.real_time:
            return
        self._delivered = told
        self.environment.move_to(self.environment.now + time)
        self.environment.record_vendor_calls()

    def go_to(self, at: datetime) -> None:
        """Go to the instant that a scenario names; what is delivered by then is so.

        A look that let time pass once more would see what comes after that instant.
        """
        self.environment.move_to(at)
        told_at = self.platform.told_at if self.target_context.subject else None
        if told_at and at >= told_at + self.environment.vocabulary.delivery:
            self._delivered = len(self.platform.answers)

    def let_pass(self, span: timedelta) -> None:
        """Let time pass; on real seconds, let the subject and the vendor finish.

        What does not hold then may hold once that time has passed.
        """
        if not self.environment.real_time:
            self.environment.move_to(self.environment.now + span)
            return
        if span > A_DAY:
            raise NotApplicable("its clock cannot be set, so no days can be let pass")
        self.run_until_idle()
        if span > AT_ONCE:
            self.transcript.owes(span)

    def code(self, name: str) -> str:
        """Return the one code of a customer's latest message."""
        found = self.codes(name)
        assert len(found) == 1, f"{name}'s latest message holds {len(found)} codes"
        return found[0]

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the codes of a customer's latest message."""
        self.let_deliver()
        found = self.inbox.codes(self.platform.person(name))
        for code in found:
            self.redact.hide(code)
        assert found, f"{name} has received no code"
        text = f"{name} was told {len(found)} code{'' if len(found) == 1 else 's'}"
        self.transcript.add("service", text, at=self.environment.now)
        return found

    def first_code(self, name: str) -> str:
        """Return the code of the first message with one that a customer received."""
        self.let_deliver()
        told = self.inbox.with_codes(self.platform.person(name))
        assert told, f"{name} has received no code"
        code = told[0][1][0]
        self.redact.hide(code)
        return code

    def all_codes(self, name: str) -> list[str]:
        """Return the codes of all messages that a customer has received."""
        self.let_deliver()
        found = sorted(self.inbox.all_codes(self.platform.person(name)))
        for code in found:
            self.redact.hide(code)
        return found

    def owners_codes(self) -> tuple[str, ...]:
        """Return the codes of the latest message that the owner of the connection got.

        Its reader has nothing else: what a door needs beside a code stands there too.
        """
        self.let_deliver()
        self.inbox.look()
        mails = self.inbox.to_owner()
        assert mails, "the owner has received no message"
        found = self.inbox.codes_in(mails[-1])
        for code in found:
            self.redact.hide(code)
        assert found, "the owner's message holds no code"
        return found

    def extras_for(self, code: str) -> dict[str, str]:
        """Return what else a code's message holds for use at the door."""
        return self.inbox.extras_for(code) if self.target_context.subject else {}

    def run_until_idle(self) -> None:
        """Let the subject do the work that is due, and record its calls to vendors."""
        self.subject.run_until_idle()
        self.environment.record_vendor_calls()

    def close(self) -> None:
        """Blank every code, remove the connections and end the worlds."""
        self._hide_codes()
        for connection in self._links.values():
            self.subject.admin.unlink(connection)
        self.environment.close()

    def _hide_codes(self) -> None:
        """Blank what the worlds and the messages hold, also what no step asked for."""
        self.environment.hide_codes()
        if self.target_context.subject is None:
            return
        for message in self.target_context.subject.sink:
            for code in codes_in(message):
                self.redact.hide(code)
            for code in self.inbox.codes_in(message):
                self.redact.hide(code)
