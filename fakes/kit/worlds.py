"""All worlds of this process, by id; the world `demo` is always among them.

Invariants: ids follow from the server's seed and the order of creation; an id is never
used twice.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from fakes.kit.ids import Ids
from fakes.kit.problem import Problem, unknown
from fakes.kit.world import DEMO, Portfolio, World, WorldConfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fakes.kit.context import AppContext


class Worlds:
    """The tenants; `now` is where the demo world stands, None is the real present."""

    def __init__(self, context: AppContext, *, now: datetime | None = None) -> None:
        self.context = context
        self._ids = Ids(context.seed)
        self._lock = Lock()
        demo = WorldConfig(DEMO, context.seed, name=DEMO, now=now, portfolio="demo")
        self._worlds = {DEMO: World(context, demo)}

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._worlds.values()))

    def __len__(self) -> int:
        return len(self._worlds)

    def create(
        self,
        *,
        name: str = "",
        seed: str | None = None,
        now: datetime | None = None,
        portfolio: Portfolio = "empty",
    ) -> World:
        """Return a new world; without a seed of its own it has one by its id."""
        with self._lock:
            world_id = f"w{self._ids.hex('world', 12)}"
        own_seed = f"{self.context.seed}.{world_id}" if seed is None else seed
        config = WorldConfig(world_id, own_seed, name or world_id, now, portfolio)
        world = World(self.context, config)
        self._worlds[world_id] = world
        return world

    def get(self, world_id: str) -> World:
        """Return a world; a Problem (404) if there is none of that id."""
        world = self._worlds.get(world_id)
        if world is None:
            raise Problem(404, unknown("world", world_id, list(self._worlds)))
        return world

    def drop(self, world_id: str) -> None:
        """End a world: its credentials lead nowhere, its schedule never runs."""
        if world_id == DEMO:
            raise Problem(409, "world 'demo' always exists; reset it instead")
        self.get(world_id).leave()
        self._worlds.pop(world_id, None)
