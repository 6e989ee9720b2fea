"""Which declared resources a scenario is given, by the traits that it wants. Pure.

Invariants: a resource with a trait that is not wanted is never given, since it would
change what is judged; no door is given twice unless two names are to share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.needs import PLAIN, STATED, Trait, device
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.needs import Needs, Wanted
    from strikeplate.profiles.shape import Resource
    from strikeplate.vocabulary import Fields, VendorVocabulary

NAMED = ("app", "community", "account")
"""Traits that are names of the subject's own: only whether there is one counts."""


@dataclass(frozen=True)
class Bound:
    """The declared resource that stands for a name of a scenario, and which door."""

    resource: str
    door: int = 0
    community: bool = False
    """Whether the name is that of the resource's community."""


def allot(
    needs: Needs,
    resources: Mapping[str, Resource],
    vocabularies: Mapping[str, VendorVocabulary],
) -> dict[str, Bound]:
    """Return the declared resource for each name of a scenario.

    Raises `NotApplicable` that names what is not declared.
    """
    fitting = {
        name: [key for key in resources if fits(wanted, resources[key], vocabularies)]
        for name, wanted in needs.resources.items()
    }
    for name, wanted in needs.resources.items():
        if not fitting[name]:
            raise NotApplicable(f"no resource is declared with {wanted.described()}")
    chosen = _chosen(needs, resources, fitting, {})
    if chosen is None:
        *_, last = needs.resources.values()
        text = f"no further resource is declared with {last.described()}"
        same = "" if last.zone else ", in the zone of the others"
        raise NotApplicable(text + same)
    bound = {name: Bound(resource) for name, resource in chosen.items()}
    for number, (door, resource) in enumerate(needs.parts.items(), 1):
        bound[door] = Bound(chosen[resource], number)
    for name, wanted in needs.resources.items():
        if community := wanted.traits.get("community"):
            bound[community] = Bound(chosen[name], community=True)
    return bound


def _chosen(
    needs: Needs,
    resources: Mapping[str, Resource],
    fitting: Mapping[str, list[str]],
    chosen: dict[str, str],
) -> dict[str, str] | None:
    """Return a resource for each name, no door twice unless it is to be shared."""
    left = [name for name in needs.resources if name not in chosen]
    if not left:
        return chosen
    name, zones = left[0], {resources[each].zone for each in chosen.values()}
    beside, zone = needs.resources[name].beside, needs.resources[name].zone
    for key in fitting[name]:
        if zones and not zone and resources[key].zone not in zones:
            continue  # the times of a scenario are those of one place
        taken = {each for each in chosen if _share(key, chosen[each], resources)}
        if key not in chosen.values() and taken == ({beside} if beside else set()):
            found = _chosen(needs, resources, fitting, {**chosen, name: key})
            if found:
                return found
    return None


def _share(one: str, other: str, resources: Mapping[str, Resource]) -> bool:
    """Say whether two resources have one door."""
    return (resources[one].door or one) == (resources[other].door or other)


def fits(
    wanted: Wanted, resource: Resource, vocabularies: Mapping[str, VendorVocabulary]
) -> bool:
    """Say whether a declared resource is exactly as wanted."""
    if resource.vendor != wanted.vendor:
        return False
    words = vocabularies[wanted.vendor]
    return (
        wanted.zone in {None, resource.zone}
        and wanted.device == device(fields_of(resource, words))
        and all(
            _same(name, wanted.traits.get(name, plain), getattr(resource, name, None))
            for name, plain in PLAIN.items()
        )
        and (STATED not in wanted.traits or STATED in resource.model_fields_set)
        and (resource.return_codes or not wanted.return_codes)
        and (resource.owner_email is not None or not wanted.owner)
    )


def _same(name: str, wanted: Trait, declared: Trait) -> bool:
    return bool(wanted) == bool(declared) if name in NAMED else wanted == declared


def fields_of(resource: Resource, words: VendorVocabulary) -> Fields:
    """Return the fields of a resource's device, as the fake takes them."""
    if resource.kind is None:
        return {}
    name = words_of(resource, words)
    return {"kind": resource.kind} if name is None else words.doors[name]


def words_of(resource: Resource, words: VendorVocabulary) -> str | None:
    """Return what its vendor's vocabulary calls a resource's device, if it does."""
    named = (f"{article} {resource.kind}" for article in ("a", "an"))
    return next((name for name in named if name in words.doors), None)
