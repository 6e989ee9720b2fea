"""Pages that are one file each: templates, one stylesheet, and what may run in them.

Invariants: a page loads nothing. Its Content-Security-Policy allows only the style and
the script that are written into it, by their hashes: a text that a subject sent can
run nothing. `templates/base.css` is the stylesheet that all of them share.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from strikeplate.days import dated
from strikeplate.requirements import LEVEL, readable_source
from strikeplate.summary import LEVELS
from strikeplate.verdict import MEANING, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATES = Path(__file__).parent / "templates"
BASE = "base.css"
GLYPHS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✕",
    Verdict.WARN: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.UNTESTED: "○",
    Verdict.ERROR: "⚡",
}
ORDER = tuple(MEANING)
"""Verdicts as pages list them: what was judged first, what was not last."""


def render(
    name: str,
    *,
    styles: Sequence[str],
    scripts: Sequence[str] = (),
    own: Path = TEMPLATES,
    **shown: object,
) -> str:
    """Return the page of a template, with these styles and scripts written into it.

    The templates of the folder `own` come before those that all reports share.
    """
    templates = _templates(own)
    style = _joined(templates, (BASE, *styles))
    script = _joined(templates, scripts)
    return templates.get_template(name).render(
        style=style, script=script, policy=policy(style, script), **shown
    )


def policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy that allows one style and one script."""
    run = _hashed(script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {_hashed(style)}; script-src {run}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def _joined(templates: Environment, names: Sequence[str]) -> Markup:
    texts = (templates.get_template(name).render() for name in names)
    return Markup("\n".join(texts))  # noqa: S704 - our own files


@cache
def _templates(own: Path) -> Environment:
    templates = Environment(
        loader=FileSystemLoader([own, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals |= {
        "verdicts": ORDER,
        "meaning": MEANING,
        "glyphs": GLYPHS,
        "levels": LEVELS,
    }
    templates.filters |= {
        "emphasised": emphasised,
        "json": pretty,
        "instant": instant,
        "source": readable_source,
        "dated": dated,
    }
    return templates


def emphasised(text: str) -> Markup:
    """Return a rule's text as HTML, with its level in bold."""
    marked = LEVEL.sub(lambda found: f"<strong>{found[0]}</strong>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped just above


def pretty(data: object) -> str:
    """Return data for people: texts as they are, the rest as JSON."""
    if isinstance(data, str):
        return data
    return json.dumps(data, ensure_ascii=False, indent=2)


def instant(at: str | None) -> str:
    """Return an instant as its date and its time, to a tenth of a second at most."""
    whole, _, rest = (at or "").replace("T", " ").removesuffix("Z").partition(".")
    return f"{whole}.{rest[0]}" if rest else whole
