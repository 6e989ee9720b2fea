"""`run`: one judgement from the command line, told in a few lines.

Exit codes: 0 conformant as the profile expects, 1 not, 2 wrong usage, 3 the harness
itself failed or nothing was judged.
"""

from __future__ import annotations

import argparse
import traceback
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME
from strikeplate.summary import CONFORMANT, HARNESS_ERROR, NOT_CONFORMANT, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

PLUGINS = (
    "pytest_bdd.plugin",
    "strikeplate.reporters",  # before hooks, which imports it
    "strikeplate.hooks",
    "strikeplate.parallel",
    "no:cacheprovider",
    "no:unraisableexception",
)
"""All plugins that take part; none is loaded because it happens to be installed."""

TOLERANT = ("-W", "ignore")
"""What the subject warns of is its own affair; our tests are stricter."""

CODES = {
    CONFORMANT: CONFORMANT,
    NOT_CONFORMANT: NOT_CONFORMANT,
    int(pytest.ExitCode.USAGE_ERROR): USAGE,
}
"""What the exit codes of the session mean; any other is a fault of the harness."""

REPEATABLE = {
    "subject": "an integration: inprocess:service, http:URL, mutant:NAME",
    "vendor": "a vendor's server: fake, http:URL",
    "only": "rules whose ids begin so, as IGL or CON-01",
}
"""Options that may be given more than once; the first two replace the profile's."""


def main(arguments: Sequence[str]) -> int:
    """Run the scenarios, print the results, and return the exit code."""
    asked = _parser().parse_args(arguments)
    plugins = [part for name in PLUGINS for part in ("-p", name)]
    home = [f"--rootdir={HOME}", f"--config-file={HOME / 'pyproject.toml'}"]
    fixed = ["--disable-plugin-autoload", "--tb=no", *TOLERANT, *plugins, *home]
    try:
        code = pytest.main([*fixed, *_options(asked), str(FEATURES)])
    except Exception:  # noqa: BLE001 - whatever broke, it was not the subject
        traceback.print_exc()
        return HARNESS_ERROR
    return exit_code(code)


def exit_code(code: int) -> int:
    """Return the exit code for pytest's."""
    return CODES.get(code, HARNESS_ERROR)


def _options(asked: argparse.Namespace) -> list[str]:
    single = [f"--profile={asked.profile}", f"--seed={asked.seed}"]
    given = (
        name for name in ("results", "shuffle") if getattr(asked, name) is not None
    )
    return [
        *single,
        *(f"--{name}={getattr(asked, name)}" for name in given),
        *(f"--{name}={value}" for name in REPEATABLE for value in getattr(asked, name)),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate run",
        description="Judge a subject by the documented rules.",
    )
    parser.add_argument(
        "--profile", default="reference", help="a name in features/profiles, or a file"
    )
    for name, text in REPEATABLE.items():
        parser.add_argument(f"--{name}", action="append", default=[], help=text)
    parser.add_argument("--seed", type=int, default=7, help="seeds every random choice")
    parser.add_argument(
        "--shuffle",
        type=int,
        metavar="SEED",
        help="take the scenarios in another order",
    )
    parser.add_argument("--results", help="the folder to write into")
    return parser
