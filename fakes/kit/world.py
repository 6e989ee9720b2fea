"""A world: one tenant with its own accounts, doors, clock, faults and records.

Law: worlds share nothing but the process. A call finds its world by its credential
in one look-up. Whoever reads or changes a world holds its lock; webhooks alone go
out without it, so that a receiver may call back.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from threading import Lock
from threading import RLock
from typing import Any
from typing import TypeVar

from fakes.kit.clock import Clock
from fakes.kit.fake import Door
from fakes.kit.fake import Fake
from fakes.kit.fake import Fakes
from fakes.kit.ids import LOWER
from fakes.kit.ids import Ids
from fakes.kit.ids import derive
from fakes.kit.ids import spell
from fakes.kit.quirks import Quirks

S = TypeVar("S")
DEMO = "demo"


class Claims:
    """Which world a credential belongs to, over all vendors and worlds."""

    def __init__(self) -> None:
        self._owner: dict[tuple[str, str], World] = {}

    def find(self, vendor: str, credential: str) -> World | None:
        """Return the world in one look-up."""
        return self._owner.get((vendor, credential))

    def take(self, world: World, vendor: str, credential: str) -> None:
        """Bind a credential to a world; one that another world holds is refused."""
        owner = self._owner.setdefault((vendor, credential), world)
        if owner is not world:
            raise ValueError(
                f"a {vendor} credential of {world.id} is held by {owner.id}"
            )
        world.claimed.add((vendor, credential))

    def drop(self, world: World, keys: Iterable[tuple[str, str]]) -> None:
        """Forget credentials of a world; those of others stay."""
        for key in list(keys):
            if self._owner.get(key) is world:
                del self._owner[key]
            world.claimed.discard(key)


@dataclass
class World:
    """One tenant. Vendors keep all they know in their state, reached by its type."""

    id: str
    name: str
    seed: str
    clock: Clock
    fakes: Fakes
    index: Claims
    key_seed: str
    lock: Any = field(default_factory=RLock)  # typeshed has no public type for it
    moving: Lock = field(default_factory=Lock)
    claimed: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ids = Ids(self.seed)
        self.quirks = Quirks({name: fake.quirks for name, fake in self.fakes.items()})
        self._states: dict[type, Any] = {}

    def state(self, kind: type[S]) -> S:
        """Return a vendor's state, named by the type that its `Fake` declares."""
        state: S = self._states[kind]
        return state

    def key(self, vendor: str, name: str, size: int = 32, alphabet: str = LOWER) -> str:
        """Return a credential that is this world's alone and never changes.

        In the demo world it is a dummy that anybody may know: `demo-<vendor>-<name>`.
        """
        if self.id == DEMO:
            return f"{DEMO}-{vendor}-{name}"
        return spell(derive(self.key_seed, self.id, vendor, name), size, alphabet)

    def claim(self, vendor: str, credential: str) -> None:
        """Let a credential lead to this world, from now on."""
        self.index.take(self, vendor, credential)

    def release(self, vendor: str, credential: str) -> None:
        """Let a credential lead nowhere, from now on."""
        self.index.drop(self, [(vendor, credential)])

    def doors(self) -> Iterable[tuple[Fake[Any], Door]]:
        """Yield every door with its vendor."""
        for fake in self.fakes.values():
            for door in fake.doors(self.state(fake.state)).values():
                yield fake, door

    def door(self, door_id: str) -> tuple[Fake[Any], Door] | None:
        """Return a door with its vendor, without walking over the others."""
        for fake in self.fakes.values():
            door = fake.doors(self.state(fake.state)).get(door_id)
            if door is not None:
                return fake, door
        return None

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task by name; its arguments are JSON values."""
        self.clock.call_at(at, task, **args)

    def install(self, states: Mapping[str, Any]) -> None:
        """Take over the vendors' states, and the credentials that they claim."""
        self._states = {self.fakes[name].state: each for name, each in states.items()}
        self.index.drop(self, self.claimed)
        for name, state in states.items():
            for credential in self.fakes[name].claims(state):
                self.claim(name, credential)

    @property
    def now(self) -> datetime:
        """The instant at which this world stands (aware, UTC)."""
        return self.clock.now
