"""Members: who joins and leaves a community, and what the owner sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from strikeplate.platforms.standard import Membership

if TYPE_CHECKING:
    from collections.abc import Collection

    from strikeplate.context import ScenarioContext
    from strikeplate.platforms.standard import Event, Person

NATURAL = ("started", "ended")
KINDS = {"joins": "started", "leaves": "ended"}


def membership_id(member: Person, community: str) -> str:
    """Return the id of somebody's membership of a community."""
    return f"M-{member.email}-{community}"


def membership_event(
    ctx: ScenarioContext, kind: str, name: str, community: str
) -> Membership:
    """Record an event of a membership, now."""
    now = ctx.environment.now
    booking = ctx.platform.book(name, community, now, now)
    event = ctx.platform.record_event(f"membership_{kind}", booking)
    shared = (event.id, event.kind, event.at, event.booking)
    known_as = membership_id(booking.customer, community)
    return Membership(*shared, community=community, membership=known_as)


def membership_history(
    ctx: ScenarioContext, name: str, community: str, kinds: Collection[str]
) -> dict[str, Event]:
    """Record the events of a membership in their natural order, each kind once."""
    happened = (kind for kind in NATURAL if kind in kinds)
    return {kind: membership_event(ctx, kind, name, community) for kind in happened}


@given(step('{name:Who} {joins:Joins} "{community}"'))
@when(step('{name:Who} {joins:Joins} "{community}"'))
def joins_or_leaves(
    ctx: ScenarioContext, name: str, joins: str, community: str
) -> None:
    ctx.platform.deliver_event(membership_event(ctx, KINDS[joins], name, community))


@then(step("{name:Who}'s membership is shown as ended, and its access as {so}"))
def membership_is_shown(ctx: ScenarioContext, name: str, so: str) -> None:
    connection = next(iter(ctx.setups.values())).connection
    of = ctx.booking(name)
    answer = ctx.admin.membership(
        connection, membership_id(of.customer, community=of.resource)
    )
    payload = ctx.record_answer(answer).json()
    assert payload["ended_at"], "it is not shown as ended"
    (access,) = payload["accesses"]
    if so == "removed":
        assert access["status"] == "removed", f"it is shown as {access['status']}"
        return
    assert access["status"] == "created", f"it is shown as {access['status']}"
    assert access["notice"], "it does not say that access has not ended yet"
