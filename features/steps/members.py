"""Members: who joins and leaves a community, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from strikeplate.subjects.admin_client import RULE

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking, Event, Person

NATURAL = ("started", "ended")


@dataclass(frozen=True)
class Membership:
    """What happened to somebody's membership of a community."""

    event: Event
    community: str
    member: Person

    @property
    def id(self) -> str:
        """The event's id."""
        return self.event.id

    @property
    def booking(self) -> Booking:
        """What the event hangs on, for the platform's own books."""
        return self.event.booking

    def payload(self) -> dict[str, Any]:
        """Return the membership as it is told by webhook."""
        return {
            "id": self.id,
            "type": f"membership.{self.event.kind}",
            "occurred_at": self.event.at.isoformat(),
            "membership": {
                "id": membership_id(self.member),
                "community": self.community,
                "member": self.member.payload(),
            },
        }


def membership_id(member: Person) -> str:
    """Return the id of somebody's membership."""
    return f"M-{member.email}"


def record_event(
    ctx: ScenarioContext, kind: str, name: str, community: str
) -> Membership:
    """Let something happen to a membership, now."""
    now = ctx.environment.now
    booking = ctx.platform.book(name, community, now, now)
    member = ctx.platform.person(name)
    return Membership(ctx.platform.record_event(kind, booking), community, member)


def tell(ctx: ScenarioContext, payload: Membership) -> None:
    """Tell of it where the first resource is told of."""
    ctx.platform.send(ctx.platform.prepare(payload))  # type: ignore[arg-type]


def create_rule(ctx: ScenarioContext, community: str, resource: str) -> Answer:
    """Ask for a rule that lets members open the lock of a resource."""
    connection = ctx.setup_of(resource).connection
    ids = ctx.admin.lock_ids(connection, ctx.environment.place(resource).door)
    rule = {name: RULE[name] for name in ("channel",)}
    body = {"community": community, "locks": ids, **rule}
    return ctx.record_answer(ctx.admin.add_rule(connection, body))


@given(step('members of "{community}" may open {resource:Resource}'))
def members_may_open(ctx: ScenarioContext, community: str, resource: str) -> None:
    answer = create_rule(ctx, community, resource)
    assert answer.ok, f"the rule was not made: {answer.status} {answer.text}"


@when(step('the owner tries to let members of "{community}" open {resource:Resource}'))
def tries_community(ctx: ScenarioContext, community: str, resource: str) -> None:
    create_rule(ctx, community, resource)


@given(step('{name:Who} joins "{community}"'))
@when(step('{name:Who} joins "{community}"'))
def joins(ctx: ScenarioContext, name: str, community: str) -> None:
    tell(ctx, record_event(ctx, "started", name, community))


@when(step('{name:Who} leaves "{community}"'))
def leaves(ctx: ScenarioContext, name: str, community: str) -> None:
    tell(ctx, record_event(ctx, "ended", name, community))


@when(
    step('the events of {name:Who}\'s membership of "{community}" arrive as "{order}"')
)
def membership_events_arrive(
    ctx: ScenarioContext, name: str, community: str, order: str
) -> None:
    kinds = order.split(", ")
    history = {
        kind: record_event(ctx, kind, name, community)
        for kind in NATURAL
        if kind in kinds
    }
    for kind in kinds:
        tell(ctx, history[kind])


@then(step("{name:Who}'s membership is shown as ended, and its access as {so}"))
def membership_is_shown(ctx: ScenarioContext, name: str, so: str) -> None:
    connection = next(iter(ctx.setups.values())).connection
    member = ctx.platform.person(name)
    payload = ctx.record_answer(
        ctx.admin.membership(connection, membership_id(member))
    ).json()
    assert payload["ended_at"], "it is not shown as ended"
    (access,) = payload["accesses"]
    if so == "removed":
        assert access["status"] == "removed", f"it is shown as {access['status']}"
        return
    assert access["status"] == "created", f"it is shown as {access['status']}"
    assert access["notice"], "it does not say that access has not ended yet"
