"""Members: who joins and leaves a community, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.words import phrase
from strikeplate.desk import RULE

if TYPE_CHECKING:
    from strikeplate.booking import Booking, Event, Person
    from strikeplate.call import Answer
    from strikeplate.scene import Scene

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

    def told(self) -> dict[str, Any]:
        """Return the membership as it is told by webhook."""
        return {
            "id": self.id,
            "type": f"membership.{self.event.kind}",
            "occurred_at": self.event.at.isoformat(),
            "membership": {
                "id": membership_id(self.member),
                "community": self.community,
                "member": self.member.told(),
            },
        }


def membership_id(member: Person) -> str:
    """Return the id of somebody's membership."""
    return f"M-{member.email}"


def happen(scene: Scene, kind: str, name: str, community: str) -> Membership:
    """Let something happen to a membership, now."""
    now = scene.ground.now
    booking = scene.platform.book(name, community, now, now)
    member = scene.platform.person(name)
    return Membership(scene.platform.happen(kind, booking), community, member)


def tell(scene: Scene, told: Membership) -> None:
    """Tell of it where the first resource is told of."""
    scene.platform.send(scene.platform.prepare(told))  # type: ignore[arg-type]


def couple(scene: Scene, community: str, resource: str) -> Answer:
    """Ask for a rule that lets members open the lock of a resource."""
    connection = scene.site(resource).connection
    ids = scene.desk.lock_ids(connection, scene.ground.place(resource).door)
    rule = {name: RULE[name] for name in ("channel",)}
    wish = {"community": community, "locks": ids, **rule}
    return scene.asked(scene.desk.add_rule(connection, wish))


@given(phrase('members of "{community}" may open {resource:Resource}'))
def members_may_open(scene: Scene, community: str, resource: str) -> None:
    answer = couple(scene, community, resource)
    assert answer.ok, f"the rule was not made: {answer.status} {answer.text}"


@when(
    phrase('the owner tries to let members of "{community}" open {resource:Resource}')
)
def tries_community(scene: Scene, community: str, resource: str) -> None:
    couple(scene, community, resource)


@given(phrase('{name:Who} joins "{community}"'))
@when(phrase('{name:Who} joins "{community}"'))
def joins(scene: Scene, name: str, community: str) -> None:
    tell(scene, happen(scene, "started", name, community))


@when(phrase('{name:Who} leaves "{community}"'))
def leaves(scene: Scene, name: str, community: str) -> None:
    tell(scene, happen(scene, "ended", name, community))


@when(
    phrase(
        'the events of {name:Who}\'s membership of "{community}" arrive as "{order}"'
    )
)
def membership_events_arrive(
    scene: Scene, name: str, community: str, order: str
) -> None:
    kinds = order.split(", ")
    history = {
        kind: happen(scene, kind, name, community) for kind in NATURAL if kind in kinds
    }
    for kind in kinds:
        tell(scene, history[kind])


@then(phrase("{name:Who}'s membership is shown as ended, and its access as {so}"))
def membership_is_shown(scene: Scene, name: str, so: str) -> None:
    connection = next(iter(scene.sites.values())).connection
    member = scene.platform.person(name)
    told = scene.asked(scene.desk.membership(connection, membership_id(member))).json()
    assert told["ended_at"], "it is not shown as ended"
    (access,) = told["accesses"]
    if so == "removed":
        assert access["status"] == "removed", f"it is shown as {access['status']}"
        return
    assert access["status"] == "created", f"it is shown as {access['status']}"
    assert access["notice"], "it does not say that access has not ended yet"
