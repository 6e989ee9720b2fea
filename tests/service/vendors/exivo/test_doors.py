"""Which components are doors, and what is said of the others."""

from __future__ import annotations

from typing import Any

import pytest

from service.vendors.exivo.mapping import vendor_locks

SITE = {"name": "House", "timeZone": "Europe/Zurich"}


def component(**change: Any) -> dict[str, Any]:
    plain = {
        "id": "c-1",
        "identifier": "Studio",
        "labelling": None,
        "templateIdentifier": "electric-lock",
        "ready": True,
        "mode": "normal",
    }
    return plain | change


def test_door_is_in_the_zone_of_its_site() -> None:
    (lock,) = vendor_locks([component()], SITE)
    assert (lock.name, lock.usable, lock.warning) == ("Studio", True, None)
    assert lock.timezone == "Europe/Zurich"


@pytest.mark.parametrize("zone", [None, 1, "Mars/Olympus", ""])
def test_zone_that_is_none_is_left_to_the_connection(zone: object) -> None:
    (lock,) = vendor_locks([component()], {"timeZone": zone})
    assert lock.timezone is None


@pytest.mark.parametrize("template", ["wireless-gateway", "Gateway-2"])
def test_gateway_is_listed_and_not_usable(template: str) -> None:
    (lock,) = vendor_locks([component(templateIdentifier=template)], SITE)
    assert not lock.usable
    assert "choose a door" in (lock.unusable_reason or "")


@pytest.mark.parametrize("change", [{"templateIdentifier": None}, {"mode": "unheard"}])
def test_words_that_nobody_knows_are_tolerated(change: dict[str, Any]) -> None:
    (lock,) = vendor_locks([component(**change)], SITE)
    assert lock.usable


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ready": False}, "no door"),
        ({"templateIdentifier": "electric-lock-with-alarm"}, "alarm"),
    ],
)
def test_what_may_pass_or_is_not_certain_warns(
    change: dict[str, Any], says: str
) -> None:
    (lock,) = vendor_locks([component(**change)], SITE)
    assert lock.usable
    assert says in (lock.warning or "")


def test_component_without_an_id_is_left_out_and_one_without_a_name_has_its_id() -> (
    None
):
    found = vendor_locks([component(id=None), component(identifier=None)], SITE)
    assert [lock.name for lock in found] == ["c-1"]
