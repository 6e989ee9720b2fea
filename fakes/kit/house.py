"""What the worlds of one process share: the vendors, the credentials, the way out.

Law: nothing here belongs to one world, and nothing here changes but the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fakes.kit.claims import Claims
from fakes.kit.redact import Blanks

if TYPE_CHECKING:
    from fakes.kit.fake import Fakes, Task
    from fakes.kit.transport import Send
    from fakes.kit.world import World

# Lets a webhook of a running clock go out; the answer is not waited for
Later = Callable[[Callable[[], object]], None]


def at_once(errand: Callable[[], object]) -> None:
    """Run an errand here and now."""
    errand()


@dataclass(frozen=True)
class House:
    """The surroundings of every world."""

    seed: str
    fakes: Fakes
    send: Send
    later: Later = at_once
    claims: Claims[World] = field(default_factory=Claims)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every vendor's tasks by full name."""
        tasks: dict[str, Task] = {}
        for fake in self.fakes.values():
            tasks.update(fake.tasks)
        return tasks

    @cached_property
    def blanks(self) -> dict[str, Blanks]:
        """What is blanked in the records of each vendor."""
        fakes = self.fakes.items()
        return {name: Blanks(fake.secret_fields) for name, fake in fakes}
