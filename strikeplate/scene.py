"""The scene: what the steps of one scenario speak to, and to nothing else.

It holds the ground (worlds, doors, time), the platform (bookings, events), the post
(messages) and the owner's desk, and ends what they began. Against a vendor's server
there is only the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from strikeplate.desk import ApiDesk
from strikeplate.dialect import LOCK
from strikeplate.ground import MAIN, Ground
from strikeplate.platform import Platform
from strikeplate.post import Post
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from strikeplate.booking import Booking
    from strikeplate.call import Answer
    from strikeplate.ground import Stage
    from strikeplate.redact import Redact
    from strikeplate.subject import Connection, Subject
    from strikeplate.transcript import Transcript
    from strikeplate.world import Door


@dataclass(frozen=True)
class Site:
    """A resource as it was set up: its connection and its rule."""

    connection: Connection
    rule: str


class Scene:
    """One scenario, played against one target."""

    def __init__(
        self, stage: Stage, tag: str, transcript: Transcript, redact: Redact
    ) -> None:
        self.stage = stage
        self.redact = redact
        self.transcript = transcript
        self.ground = Ground(stage, tag, transcript)
        self.sites: dict[str, Site] = {}
        self._links: dict[tuple[str, str], Connection] = {}
        if stage.subject:
            stage.subject.sink.refuses = False
            stage.subject.sink.clear()

    @property
    def subject(self) -> Subject:
        """The integration; there is none where a vendor's server is judged."""
        if self.stage.subject is None:
            raise HarnessFault("this step needs an integration, not a vendor's server")
        return self.stage.subject

    @property
    def desk(self) -> ApiDesk:
        """The owner's desk, where the subject has an API for it."""
        if not isinstance(self.subject.desk, ApiDesk):
            raise NotApplicable("it is set up by hand, not by calls")
        return self.subject.desk

    @cached_property
    def platform(self) -> Platform:
        """The booking platform."""
        return Platform(self.subject, self.ground, self.transcript, self.redact)

    @cached_property
    def post(self) -> Post:
        """What the subject's messages bring."""
        domain = f"{self.ground.tag}.example.org"
        return Post(self.subject.sink, domain, lambda: self.ground.dialect)

    @property
    def answer(self) -> Answer:
        """The latest answer of the subject."""
        return self.platform.last

    def asked(self, answer: Answer) -> Answer:
        """Keep an answer of the subject's API, for a step that looks at it."""
        told = answer.json() or answer.text[:200]
        text = f"answers the owner with {answer.status}"
        self.transcript.add("service", text, at=self.ground.now, data=told)
        self.platform.answers.append(answer)
        return answer

    def equip(
        self,
        resource: str,
        what: str = LOCK,
        zone: str | None = None,
        account: str = MAIN,
    ) -> Site:
        """Give a resource a lock of its own, and a rule that opens it."""
        place = self.ground.add_door(resource, what, zone=zone, account=account)
        return self.couple(resource, place.door, account)

    def couple(self, resource: str, door: Door, account: str = MAIN) -> Site:
        """Let a resource open a door of an account."""
        connection = self.link(account)
        rule = self.subject.desk.couple(connection, resource, door)
        self.sites[resource] = Site(connection, rule)
        self.platform.serve(resource, connection)
        return self.sites[resource]

    def link(self, account: str = MAIN) -> Connection:
        """Return the connection to an account, linked when it is first asked for."""
        vendor = self.ground.vendor
        if (account, vendor) not in self._links:
            world, zone = self.ground.world(account), str(self.ground.zone)
            for secret in world.credentials[vendor].values():
                self.redact.hide(secret)
            owner = self.post.owner
            self.keep(self.subject.desk.link(world, vendor, zone, owner), account)
        return self._links[account, vendor]

    def keep(self, connection: Connection, account: str = MAIN) -> None:
        """Take a connection as an account's, to be removed in the end."""
        self._links[account, self.ground.vendor] = connection

    def site(self, resource: str) -> Site:
        """Return how a resource was set up."""
        if resource not in self.sites:
            raise HarnessFault(f"the scenario has not set up {resource}")
        return self.sites[resource]

    def booked(self, name: str) -> Booking:
        """Return a customer's booking."""
        return self.platform.booking(name)

    def code(self, name: str) -> str:
        """Return the one code of a customer's latest message."""
        found = self.codes(name)
        assert len(found) == 1, f"{name}'s latest message holds {len(found)} codes"
        return found[0]

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the codes of a customer's latest message."""
        found = self.post.codes(self.platform.person(name))
        for code in found:
            self.redact.hide(code)
        assert found, f"{name} has received no code"
        return found

    def beside(self, code: str) -> dict[str, str]:
        """Return what the message that brought a code brings to give with it."""
        return self.post.beside(code) if self.stage.subject else {}

    def settle(self) -> None:
        """Let the subject do what is due now, and write down whom it called."""
        self.subject.settle()
        self.ground.tell_calls()

    def close(self) -> None:
        """End what the scenario began."""
        for connection in self._links.values():
            self.subject.desk.unlink(connection)
        self.ground.close()
