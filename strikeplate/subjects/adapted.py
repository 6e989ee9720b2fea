"""An external subject whose profile names an adapter: what that has is done by it.

`strikeplate.adapter` documents the methods; the rest is done as `declared` does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from strikeplate.adapter import Loaded, load
from strikeplate.subjects import declared
from strikeplate.subjects.declared import DeclaredSubject
from strikeplate.subjects.declared_setup import DeclaredFormat
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.adapter import Message
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking, Delivery, Event
    from strikeplate.profile import Profile as ResolvedProfile
    from strikeplate.subjects import Connection, MessageSink, Target


@dataclass
class AdaptedSubject(DeclaredSubject):
    """An integration under judgement, spoken to by an adapter."""

    by: Loaded = field(kw_only=True)

    @cached_property
    def format(self) -> DeclaredFormat:
        """How events are told to it."""
        return AdaptedFormat(self) if self.by.has("calls") else DeclaredFormat(self)

    @property
    def sink(self) -> MessageSink:
        """Where its messages arrive."""
        return self._messages if self.by.has("messages") else super().sink

    @cached_property
    def _messages(self) -> AdaptedMessages:
        return AdaptedMessages(self.by)

    def _bring(self, sent: Delivery) -> Answer:
        if not self.by.has("deliver"):
            return super()._bring(sent)
        answer: Answer = self.by("deliver", sent)
        return answer

    def set_time(self, now: datetime) -> None:
        """Set its clock, as its profile says how."""
        super().set_time(now)
        if self.profile.clock.control == "adapter":
            self.by("set_time", now)

    def _start(self) -> None:
        super()._start()
        self.by("start", self.values())
        self._messages.there = True

    def _stop(self) -> None:
        if self._messages.there:
            self.by("stop")
            self._messages = AdaptedMessages(self.by)
        super()._stop()


class AdaptedFormat(DeclaredFormat):
    """How events are told to it: by the calls that its adapter makes of them."""

    def __init__(self, subject: AdaptedSubject) -> None:
        super().__init__(subject)
        self._by = subject.by

    def secret_for(self, _resource: str) -> str:
        """Return the one secret of the profile."""
        return self._subject.secret

    def can_send(self, kind: str) -> bool:
        """Say whether its adapter has a way to tell this kind of event."""
        return not self._by.has("kinds") or kind in self._by("kinds")

    def confirms(self, kind: str) -> bool:
        """Say whether it tells a kind as it tells a confirmation: each by itself."""
        return kind == "confirmed"

    def renamed(self, booking: Booking, _event_id: str) -> Booking:
        """Keep the id."""
        return booking

    def deliveries(
        self, event: Event, _connection: Connection, at: datetime
    ) -> list[Delivery]:
        """Return the calls of an event, its resource as the platform calls it."""
        self.expect(event)
        before = event.previous
        plain = replace(
            event,
            booking=self._named(event.booking),
            previous=None if before is None else self._named(before),
        )
        found: list[Delivery] = self._by("calls", plain, at)
        return found

    def _named(self, booking: Booking) -> Booking:
        known = self.resources.get(booking.resource)
        return booking.moved(resource=(known and known.id) or booking.resource)


class AdaptedMessages:
    """The messages that an adapter finds, of the scenario that runs."""

    def __init__(self, by: Loaded) -> None:
        self._by = by
        self._before = 0
        self.there = False
        """Whether there is an integration that has any."""

    @property
    def refuses(self) -> bool:
        """Whether messages are refused: nothing here could."""
        return False

    @refuses.setter
    def refuses(self, refuses: bool) -> None:
        if refuses:
            raise NotApplicable("its messages pass by its adapter, which refuses none")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Message]:
        found: list[Message] = self._by("messages") if self.there else []
        return iter(found[self._before :])

    def clear(self) -> None:
        """Leave out what is there by now."""
        self._before += len(self)


def start(target: Target, profile: ResolvedProfile) -> AdaptedSubject:
    """Return the subject of a profile that names an adapter."""
    plain = declared.start(target, profile)
    assert plain.profile.adapter is not None
    by = load(plain.profile.adapter, plain.source.parent)
    return AdaptedSubject(plain.profile, plain.source, plain.around, by=by)
