"""A badge: how many of the judged MUST hold, as shields.io reads it and as a picture.

Invariants: green is only what is conformant; partly judged, or not judged, is grey.
The picture needs nothing else: it says the same in text, for a screen reader too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import escape

from strikeplate.summary import CONFORMANT, NOT_CONFORMANT, PARTLY_JUDGED

if TYPE_CHECKING:
    from strikeplate.summary import Summary

LABEL = "strikeplate"
COLOURS = {CONFORMANT: "brightgreen", NOT_CONFORMANT: "red"}
UNKNOWN = "lightgrey"
"""Not judged, or partly judged."""

LIMITED = "yellow"
"""As expected, with known failures."""

FILLS = {
    "brightgreen": "#14703f",
    "red": "#b3201f",
    UNKNOWN: "#5b6470",
    LIMITED: "#8a5300",
}
"""The colours of the picture, dark enough for white text."""

Badge = dict[str, object]


def badge(summary: Summary) -> Badge:
    """Return the count of judged MUST that hold, with a colour."""
    held = sum(requirement.holds for requirement in summary.decided)
    known = len(summary.expected)
    return badge_of(summary.exit_code, held, len(summary.decided), known)


def badge_of(exit_code: int, held: int, judged: int, known: int) -> Badge:
    """Return the badge of a run that ended so; `known` failures were expected."""
    limited = exit_code == CONFORMANT and known
    partly = ", partly judged" if exit_code == PARTLY_JUDGED else ""
    expected = f", {known} known" if known else ""
    return {
        "schemaVersion": 1,
        "label": LABEL,
        "message": f"{held}/{judged} MUST{expected}{partly}",
        "color": LIMITED if limited else COLOURS.get(exit_code, UNKNOWN),
    }


HEIGHT, PADDING = 20, 7
WIDTHS = {**dict.fromkeys("fijlrt/,: ", 4.4), **dict.fromkeys("MUmw", 8.6)}
LETTER = 6.8
"""In pixels: how wide letters of the usual fonts are at 11 pixels, and all others."""


def svg(found: Badge) -> str:
    """Return a badge as a picture."""
    label, message = str(found["label"]), str(found["message"])
    left, right = (_width(text) for text in (label, message))
    fill = FILLS[str(found["color"])]
    name = escape(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" '
        f'height="{HEIGHT}" role="img" aria-label="{name}"><title>{name}</title>'
        f'<rect width="{left + right}" height="{HEIGHT}" rx="3" fill="{fill}"/>'
        f'<path d="M3 0h{left - 3}v{HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" '
        'fill="#333a41"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(label, PADDING)}{_text(message, left + PADDING)}</g></svg>\n"
    )


def _width(text: str) -> int:
    return round(sum(WIDTHS.get(each, LETTER) for each in text)) + 2 * PADDING


def _text(text: str, x: int) -> str:
    length = _width(text) - 2 * PADDING
    return f'<text x="{x}" y="14" textLength="{length}">{escape(text)}</text>'
