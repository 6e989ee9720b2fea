"""Fault kind `delay`: the answer is late.

Invariants: real time passes in `pause` and nowhere else in the fakes. A caller in the
same process that passes `strikeplate.delay` in its WSGI environ decides itself what a
delay means, and does not wait. At a socket the wait ends early when the caller is gone
or the fault was deleted, and another thread serves meanwhile.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from fakes.kit.json_api import Strict

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment

LONGEST_MS = 60_000
CHANCE = "strikeplate.chance"
"""Where a call keeps the number in [0, 1) that was drawn for its fault."""

LOOK_SECONDS = 0.05  # between two looks at whether the wait has lost its reason


class Delay(Strict):
    """How late the answer is, in milliseconds of real time.

    With `delay_p99_ms` the delays of the calls are spread log-normally: half of them
    are later than `delay_ms`, one in a hundred is later than `delay_p99_ms`.
    """

    delay_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)] = 0
    delay_p99_ms: Annotated[int, Field(gt=0, le=LONGEST_MS)] | None = None

    @model_validator(mode="after")
    def has_a_median(self) -> Delay:
        """Refuse a spread without a median below it."""
        if self.delay_p99_ms is not None and not 0 < self.delay_ms < self.delay_p99_ms:
            raise ValueError("delay_p99_ms goes with a smaller delay_ms, the median")
        return self


def is_set(effect: Delay) -> bool:
    """Whether the effect has this kind."""
    return effect.delay_ms > 0


def wait(effect: Delay, environ: WSGIEnvironment) -> None:
    """Wait at the socket, or call what the caller in this process has passed."""
    pause(drawn_ms(effect, environ.get(CHANCE, 0.5)), environ)


def drawn_ms(effect: Delay, chance: float) -> int:
    """Return the delay of one call, by its number in [0, 1)."""
    if effect.delay_p99_ms is None:
        return effect.delay_ms
    curve = NormalDist()
    spread = log(effect.delay_p99_ms / effect.delay_ms) / curve.inv_cdf(0.99)
    drawn = effect.delay_ms * exp(spread * curve.inv_cdf(chance or 0.5))
    return min(round(drawn), LONGEST_MS)


def pause(
    most_ms: int, environ: WSGIEnvironment, ended: Callable[[], bool] | None = None
) -> None:
    """Wait while another thread serves, unless the caller goes or the wait has ended.

    Without `ended` it has when the fault was deleted.
    """
    in_process = environ.get("strikeplate.delay")
    if in_process is not None:
        in_process(most_ms)
        return
    ended = ended or environ.get("strikeplate.fault_ended", _never)
    gone = environ.get("waitress.client_disconnected", _never)
    with environ.get("strikeplate.one_more", nullcontext)():
        end = time.monotonic() + most_ms / 1000
        while (left := end - time.monotonic()) > 0 and not gone() and not ended():
            time.sleep(min(left, LOOK_SECONDS))  # the delay itself: real time


def _never() -> bool:
    return False
