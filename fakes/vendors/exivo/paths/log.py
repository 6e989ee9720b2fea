"""The access log: what happened at the doors, by door and by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import shapes
from fakes.vendors.exivo.operation import logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Fact


def of_components(asked: Asked) -> Sequence[Fact]:
    """List what happened at any door."""
    return asked.state.facts


def of_component(asked: Asked, component_id: str) -> Sequence[Fact]:
    """List what happened at one door."""
    component = asked.find(asked.state.components, component_id, "component")
    return [fact for fact in asked.state.facts if fact.component == component.id]


def of_persons(asked: Asked) -> Sequence[Fact]:
    """List what any person did."""
    return [fact for fact in asked.state.facts if fact.person is not None]


def of_person(asked: Asked, person_id: str) -> Sequence[Fact]:
    """List what one person did."""
    person = asked.find(asked.state.persons, person_id, "person")
    return [fact for fact in asked.state.facts if fact.person == person.id]


OPERATIONS = (
    logs("/accesslog/component", "getComponentAccessLog", of_components, shapes.fact),
    logs(
        "/accesslog/component/{componentId}",
        "getComponentAccessLogForOne",
        of_component,
        shapes.fact,
    ),
    logs("/accesslog/person", "getPersonAccessLog", of_persons, shapes.fact),
    logs(
        "/accesslog/person/{personId}",
        "getPersonAccessLogForOne",
        of_person,
        shapes.fact,
    ),
)
