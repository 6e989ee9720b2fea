"""Fault kinds of phase `webhook`: what becomes of a vendor's own webhooks.

Invariants: `lost` never reaches the receiver, and the vendor takes it for delivered.
`late` is sent so long after its instant, `reordered` after the vendor's next one, or
after an hour if none comes. `copies` sends it so often, under one id.
`wrong_signature` sends the signature of another body.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from fakes.kit.json_api import Duration, Strict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.kit.webhooks import Delivery

MOST_COPIES = 10
HELD = timedelta(hours=1)
"""How long one waits at most for the next one to overtake it."""


class Webhook(Strict):
    """What becomes of one webhook."""

    lost: bool = False
    late: Annotated[Duration, Field(gt=timedelta(0))] | None = None
    reordered: bool = False
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] = 1
    wrong_signature: bool = False


def is_set(effect: Webhook) -> bool:
    """Whether the effect has one of these kinds."""
    waits = effect.reordered or effect.late is not None
    return effect.lost or waits or effect.copies > 1 or effect.wrong_signature


def wait_of(effect: Webhook) -> timedelta | None:
    """Return how long the first attempt is held back, if it is."""
    return effect.late or (HELD if effect.reordered else None)


def forged(
    sign: Callable[[Delivery], Mapping[str, str]], delivery: Delivery
) -> dict[str, str]:
    """Return the signature of another body; a fixed value is changed instead."""
    right = sign(delivery)
    wrong = sign(replace(delivery, body=f"{delivery.body} "))
    if wrong == right:
        return {name: value[::-1] + "x" for name, value in right.items()}
    return dict(wrong)
