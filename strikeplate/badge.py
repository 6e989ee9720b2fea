"""badge.json: the outcome as an endpoint badge, as shields.io reads it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate.summary import CONFORMANT, NOT_CONFORMANT

if TYPE_CHECKING:
    from strikeplate.summary import Summary

COLOURS = {CONFORMANT: "brightgreen", NOT_CONFORMANT: "red"}
UNKNOWN = "lightgrey"
LIMITED = "yellow"
"""Conformant but for known failures."""


def badge(summary: Summary) -> dict[str, object]:
    """Return the figures of the MUST that apply, in a colour that says how it went."""
    held = sum(requirement.holds for requirement in summary.binding)
    colour = COLOURS.get(summary.exit_code, UNKNOWN)
    limited = summary.exit_code == CONFORMANT and summary.expected
    return {
        "schemaVersion": 1,
        "label": "strikeplate",
        "message": f"{held}/{len(summary.binding)} MUST",
        "color": LIMITED if limited else colour,
    }
