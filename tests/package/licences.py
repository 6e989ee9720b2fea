"""Lists the licences of the packages that an image holds, from what is installed.

`python -m tests.package.licences` writes docs/licences.md anew.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements-image.lock"
CLASSIFIER = "License :: OSI Approved :: "
LONGEST = 60
HEAD = """# Licences

What the image holds beside Python, from the packages' own metadata.
`make audit` looks for known vulnerabilities; this page is written anew by
`python -m tests.package.licences`.

| package | licence |
|---|---|
"""


def locked() -> list[str]:
    """Return the names of the packages that the image's lock holds."""
    return re.findall(
        r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", LOCK.read_text(), re.MULTILINE
    )


def licence(package: str) -> str:
    """Return the package's licence in its own words; `unknown` without any."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return "not installed here"
    named = said.get("License-Expression") or ", ".join(_classified(said))
    if named:
        return named
    text = (said.get("License") or "").strip().split("\n")[0]
    return text[:LONGEST] or "unknown"


def page() -> str:
    """Return the page of all licences."""
    rows = (f"| {name} | {licence(name)} |\n" for name in locked())
    return HEAD + "".join(rows)


def _classified(said: PackageMetadata) -> list[str]:
    found = said.get_all("Classifier") or []
    return [each.removeprefix(CLASSIFIER) for each in found if CLASSIFIER in each]


if __name__ == "__main__":
    PAGE.write_text(page())
