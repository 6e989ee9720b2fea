"""Which world a credential belongs to, over all vendors and worlds.

Invariants: a call finds its world in one look-up, and no credential leads to two
worlds.
"""

from __future__ import annotations

from typing import Generic, TypeVar

W = TypeVar("W")
Key = tuple[str, str]  # vendor, credential


class CredentialTakenError(ValueError):
    """A credential that another world holds."""


class CredentialIndex(Generic[W]):
    """The owner of every valid credential."""

    def __init__(self) -> None:
        self._owner: dict[Key, W] = {}

    def find(self, vendor: str, credential: str) -> W | None:
        """Return the owner in one look-up."""
        return self._owner.get((vendor, credential))

    def register(self, owner: W, keys: set[Key]) -> None:
        """Bind credentials to an owner: all of them, or none if one is taken."""
        for key in keys:
            if self._owner.get(key, owner) is not owner:
                raise CredentialTakenError(
                    f"a credential of {key[0]} belongs to another world"
                )
        self._owner.update(dict.fromkeys(keys, owner))

    def drop(self, owner: W, keys: set[Key]) -> None:
        """Forget credentials of an owner; those of others stay."""
        for key in keys:
            if self._owner.get(key) is owner:
                del self._owner[key]
