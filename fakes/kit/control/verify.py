"""What a test says of the calls that vendors received: how many, in which order.

For tests in any language; pytest has the same words in `strikeplate/calls.py`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from fakes.kit.control import call, opened
from fakes.kit.json_api import Strict, show

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.journal import JournalEntry
    from fakes.kit.world import World

MOST = 100
LISTED = 20
BRIEF = ("vendor", "method", "path", "status")


class Verification(Strict):
    """The calls that are meant (globs), and what must hold of them.

    `in_order` has lines such as "PUT /smartlock/*/auth"; other calls may lie between.
    """

    vendor: str = "*"
    method: str = "*"
    path: str = "*"
    exactly: Annotated[int | None, Field(ge=0)] = None
    in_order: Annotated[tuple[str, ...], Field(max_length=MOST)] = ()


@call("POST", "/worlds/<world_id>/requests/verify", body=Verification)
def verify(world_id: str, body: Verification) -> Response:
    """Say whether it holds of the calls so far, and why not; show the last ones."""
    with opened(world_id) as world:
        found = meant(world, body)
        shown = found or list(world.journal)
    why = why_not(body, found)
    last = [{name: getattr(each, name) for name in BRIEF} for each in shown[-LISTED:]]
    return show({"holds": why is None, "why": why, "found": len(found), "calls": last})


def meant(world: World, body: Verification) -> list[JournalEntry]:
    """Return the calls that fit the globs."""
    globs = (body.vendor, body.method, body.path)
    return [
        each
        for each in world.journal
        if all(map(fnmatchcase, (each.vendor, each.method, each.path), globs))
    ]


def why_not(body: Verification, found: list[JournalEntry]) -> str | None:
    """Return why it does not hold of these calls; None if it holds."""
    if body.exactly is not None and len(found) != body.exactly:
        return f"{body.exactly} expected, there were {len(found)}"
    rest = iter(f"{each.method} {each.path}" for each in found)
    for number, wanted in enumerate(body.in_order, 1):
        if not any(fnmatchcase(made, wanted) for made in rest):
            return f"no call {wanted!r} (number {number} of {len(body.in_order)})"
    return None
