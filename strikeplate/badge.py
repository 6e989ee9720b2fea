"""badge.json: the outcome as an endpoint badge, as shields.io reads it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate.summary import CONFORMANT, NOT_CONFORMANT

if TYPE_CHECKING:
    from strikeplate.summary import Outcome

COLOURS = {CONFORMANT: "brightgreen", NOT_CONFORMANT: "red"}
UNKNOWN = "lightgrey"
LIMITED = "yellow"
"""Conformant but for known failures."""


def badge(outcome: Outcome) -> dict[str, object]:
    """Return the figures of the MUST that apply, in a colour that says how it went."""
    held = sum(ruling.holds for ruling in outcome.binding)
    colour = COLOURS.get(outcome.exit_code, UNKNOWN)
    limited = outcome.exit_code == CONFORMANT and outcome.expected
    return {
        "schemaVersion": 1,
        "label": "strikeplate",
        "message": f"{held}/{len(outcome.binding)} MUST",
        "color": LIMITED if limited else colour,
    }
