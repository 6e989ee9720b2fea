"""Fault kind `advance`: the world's clock moves on with a call.

So a state is reached after a number of reads: with `skip` 2 and `times` 1 the third
read finds what is due so much later. In phase `before` it moves before the vendor acts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from fakes.kit.json_api import Duration, Strict

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOVE = "strikeplate.move_clock"
"""Where a call keeps the function that moves its world's clock on."""


class Advance(Strict):
    """How far the clock moves on."""

    advance: Annotated[Duration, Field(gt=timedelta(0))] | None = None


def is_set(effect: Advance) -> bool:
    """Whether the effect has this kind."""
    return effect.advance is not None


def wait(effect: Advance, environ: WSGIEnvironment) -> None:
    """Let the time pass in the world; nobody waits for it."""
    move = environ.get(MOVE)
    if move is not None:
        move(effect.advance)
