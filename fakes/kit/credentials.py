"""Which world a credential belongs to; no credential leads to two worlds.

A vendor that gives out several credentials beside each other says how (`Several`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.kit.world import World

W = TypeVar("W")
Key = tuple[str, str]  # vendor, credential


@dataclass(frozen=True)
class Several:
    """A vendor's credentials beside each other, each under an id that is no secret."""

    # Makes one more and returns its id
    add: Callable[[World], str]
    # The client settings of each, by id, given the base URL of the mount
    held: Callable[[World, str], Mapping[str, dict[str, str]]]
    # The id of the one that a presented credential is, or was made by
    owner: Callable[[World, str], str | None]


class CredentialTakenError(ValueError):
    """The credential belongs to another world."""


class CredentialIndex(Generic[W]):
    """The world of every valid credential, found in one look-up."""

    def __init__(self) -> None:
        self._owner: dict[Key, W] = {}

    def find(self, vendor: str, credential: str) -> W | None:
        """Return the owner of a credential, if any."""
        return self._owner.get((vendor, credential))

    def register(self, owner: W, keys: set[Key]) -> None:
        """Register credentials for an owner: all of them, or none if one is taken."""
        for key in keys:
            if self._owner.get(key, owner) is not owner:
                raise CredentialTakenError(
                    f"a credential of {key[0]} belongs to another world"
                )
        self._owner.update(dict.fromkeys(keys, owner))

    def drop(self, owner: W, keys: set[Key]) -> None:
        """Remove credentials of an owner; other owners' stay."""
        for key in keys:
            if self._owner.get(key) is owner:
                del self._owner[key]
