"""What the worlds of one process share: the vendors, the credentials, the way out.

Invariants: nothing here belongs to one world, and nothing here changes but the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fakes.kit.credentials import CredentialIndex
from fakes.kit.redact import Redactor

if TYPE_CHECKING:
    from fakes.kit.fake import Fakes, Task
    from fakes.kit.transport import Send
    from fakes.kit.world import World

# Lets a webhook of a running clock go out; the answer is not waited for
Submit = Callable[[Callable[[], object]], None]


def run_inline(callback: Callable[[], object]) -> None:
    """Run an errand here and now."""
    callback()


@dataclass(frozen=True)
class AppContext:
    """The surroundings of every world."""

    seed: str
    fakes: Fakes
    send: Send
    submit: Submit = run_inline
    credential_index: CredentialIndex[World] = field(default_factory=CredentialIndex)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every vendor's tasks by full name."""
        tasks: dict[str, Task] = {}
        for fake in self.fakes.values():
            tasks.update(fake.tasks)
        return tasks

    @cached_property
    def redactors(self) -> dict[str, Redactor]:
        """What is blanked in the records of each vendor."""
        fakes = self.fakes.items()
        return {name: Redactor(fake.secret_fields) for name, fake in fakes}
