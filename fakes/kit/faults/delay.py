"""Fault kind `delay`: the answer is late.

Invariants: real time passes here and nowhere else in the fakes. A caller in the same
process that passes `strikeplate.delay` in its WSGI environ decides itself what a delay
means, and does not wait.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from fakes.kit.json_api import Strict

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LONGEST_MS = 60_000


class Delay(Strict):
    """How late the answer is, in milliseconds of real time."""

    delay_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)] = 0


def is_set(effect: Delay) -> bool:
    """Whether the effect has this kind."""
    return effect.delay_ms > 0


def wait(effect: Delay, environ: WSGIEnvironment) -> None:
    """Wait at the socket, or call what the caller in this process has passed."""
    in_process = environ.get("strikeplate.delay")
    if in_process is not None:
        in_process(effect.delay_ms)
    else:
        time.sleep(effect.delay_ms / 1000)
