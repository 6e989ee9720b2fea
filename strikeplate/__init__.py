"""Strikeplate: the tool that tests an integration against the documented rules.

`python -m strikeplate` is its command line; README.md describes the package.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

HOME = Path(__file__).parent.parent
"""The folder that holds pyproject.toml."""

FEATURES = HOME / "features"
"""The folder that holds the rules."""


def version() -> str:
    """Return the version of the suite."""
    table = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    return str(table["project"]["version"])
