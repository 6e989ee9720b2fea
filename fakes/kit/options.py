"""How one process of fakes is set up; the command line fills it, tests may too.

Invariants: frozen. A control token comes from the option, else from the environment,
else it is made up and printed.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TOKEN_VARIABLE = "STRIKEPLATE_CONTROL_TOKEN"  # noqa: S105 - a name, no secret


def control_token() -> str:
    """Return the token of the environment, or a fresh one."""
    return os.environ.get(TOKEN_VARIABLE) or secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Options:
    """Seed, time, guards and vendors of one process.

    `now` is where the demo world stands; `vendors` is the package whose folders are
    the vendors, so that a vendor may live outside this repository too.
    """

    seed: str = "7"
    now: datetime | None = None
    control_token: str = field(default_factory=control_token, repr=False)
    allow_push: tuple[str, ...] = ()
    vendors: str = "fakes.vendors"
