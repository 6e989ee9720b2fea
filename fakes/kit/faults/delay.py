"""Fault kind `delay`: the answer is late.

Invariants: real time passes here and nowhere else in the fakes. A caller in the same
process that passes `strikeplate.delay` in its WSGI environ decides itself what a delay
means, and does not wait. At a socket the wait ends early when the caller is gone or the
fault was deleted, and another thread serves meanwhile.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from fakes.kit.json_api import Strict

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LONGEST_MS = 60_000
LOOK_SECONDS = 0.05  # between two looks at whether the wait has lost its reason


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
        with environ.get("strikeplate.one_more", nullcontext)():
            _sleep(effect.delay_ms / 1000, environ)


def _sleep(seconds: float, environ: WSGIEnvironment) -> None:
    gone = environ.get("waitress.client_disconnected", _never)
    ended = environ.get("strikeplate.fault_ended", _never)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not gone() and not ended():
        time.sleep(min(left, LOOK_SECONDS))


def _never() -> bool:
    return False
