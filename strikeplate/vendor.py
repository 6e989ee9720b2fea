"""The `vendor` command: writes a new vendor's folders, and lists its first rule.

Invariants: nothing that exists is changed but `features/requirements.lock`, and nothing
is written unless all of it can be. What is written stands in `templates/vendor`, one
folder for each of `PARTS`; `$name`, `$Name`, `$label` and `$prefix` are filled in. It
passes `make check` and the contract tests as it is.
"""

from __future__ import annotations

import argparse
import keyword
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from strikeplate import FEATURES, HOME, lock, requirements
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

TEMPLATES = Path(__file__).parent / "templates" / "vendor"
PARTS = {
    "fakes": HOME / "fakes" / "vendors",
    "service": HOME / "service" / "vendors",
    "features": FEATURES,
}
"""Where the folder of each template goes."""

NAME = re.compile(r"[a-z][a-z0-9_]{2,19}")  # longer ones would break lines of 88
SUFFIX = ".in"
USAGE = 2
NEXT = """
{count} files are written, and rule {prefix}-01 is in features/requirements.lock. Next:
  make conformance ONLY={prefix}
  .venv/bin/pytest tests/contracts -k {name}
Then replace them piece by piece by what is known of the vendor; see CONTRIBUTING.md.
"""


def main(arguments: Sequence[str]) -> int:
    """Write the folders and return 0; 2 where the name cannot be a vendor's."""
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate vendor",
        description="Write the folders of a new vendor, which pass as they are.",
    )
    parser.add_argument("name", help="of its folders, such as acme or acme_locks")
    name = parser.parse_args(arguments).name
    try:
        check(name)
        words = words_of(name, prefixes())
    except Misuse as misuse:
        sys.stderr.write(f"{misuse}\n")
        return USAGE
    written = [*write(words)]
    _format(written)
    sys.stdout.write("".join(f"{path.relative_to(HOME)}\n" for path in written))
    code = lock.main([])
    sys.stdout.write(NEXT.format(count=len(written), **words))
    return code


def check(name: str) -> None:
    """Return if a vendor can be called that; Misuse if not."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Misuse(
            f"NAME is {name!r}; give 3 to 20 lower-case letters, digits and _, a letter"
            " first, no Python keyword: make vendor NAME=acme"
        )
    for folder in (home / name for home in PARTS.values()):
        if folder.exists():
            taken = folder.relative_to(HOME)
            raise Misuse(f"NAME is {name!r}, but {taken} exists; give another name")


def prefixes() -> set[str]:
    """Return the beginnings of all rule ids that there are or were."""
    listed = {rule.id for rule in requirements.read(FEATURES).rules}
    return {each.partition("-")[0] for each in listed | lock.stored(FEATURES).keys()}


def words_of(name: str, taken: Collection[str]) -> Mapping[str, str]:
    """Return what is filled in for the words of the templates."""
    parts = [part for part in name.split("_") if part]
    letters = [letter for letter in name.upper() if letter.isalpha()]
    found = ("".join(three) for three in combinations(letters, 3))
    prefix = next((each for each in found if each not in taken), None)
    if prefix is None:
        raise Misuse(
            f"NAME is {name!r}; no three of its letters make a new beginning for rule"
            f" ids (taken: {', '.join(sorted(taken))}); give another name"
        )
    label = " ".join(part.capitalize() for part in parts)
    return {
        "name": name,
        "Name": label.replace(" ", ""),
        "label": label,
        "prefix": prefix,
    }


def write(words: Mapping[str, str]) -> Iterator[Path]:
    """Write every file of the templates, and yield where each went."""
    for part, home in PARTS.items():
        for template in sorted((TEMPLATES / part).glob(f"*{SUFFIX}")):
            path = home / words["name"] / template.name.removesuffix(SUFFIX)
            path.parent.mkdir(exist_ok=True)
            text = Template(template.read_text(encoding="utf-8"))
            path.write_text(text.substitute(words), encoding="utf-8")
            yield path


def _format(written: Sequence[Path]) -> None:
    """Break lines as the formatter does, since that depends on the name's length."""
    modules = [str(path) for path in written if path.suffix == ".py"]
    command = [sys.executable, "-m", "ruff", "format", "--quiet", *modules]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
