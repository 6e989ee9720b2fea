"""`check`: one judgement from the command line, told in a few lines.

Exit codes: 0 conformant, or as the profile expects; 1 a MUST failed; 2 wrong usage;
3 the tool failed, or nothing was judged; 4 nothing failed, but MUSTs that apply, or
rules of the core, could not be judged.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import click
import pytest

from strikeplate import FEATURES, HOME
from strikeplate.config import Options, resolve_config
from strikeplate.dry_run import dry_run as try_out
from strikeplate.summary import (
    CONFORMANT,
    HARNESS_ERROR,
    NOT_CONFORMANT,
    PARTLY_JUDGED,
    PARTLY_SESSION,
    USAGE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLUGINS = (
    "pytest_bdd.plugin",
    "strikeplate.reporters",  # before hooks, which imports it
    "strikeplate.hooks",
    "strikeplate.parallel",
    "strikeplate.explore.judge",
    "no:cacheprovider",
    "no:unraisableexception",
)
"""All plugins that take part; none is loaded because it happens to be installed."""

TOLERANT = ("-W", "ignore")
"""What the subject warns of is its own affair; our tests are stricter."""

CODES = {
    CONFORMANT: CONFORMANT,
    NOT_CONFORMANT: NOT_CONFORMANT,
    PARTLY_SESSION: PARTLY_JUDGED,
    int(pytest.ExitCode.USAGE_ERROR): USAGE,
}
"""What the exit codes of the session mean; any other is a fault of the harness."""

EXAMPLES = """\b
Examples:
  python -m strikeplate check --profile mine.toml --dry-run
  python -m strikeplate check --profile mine.toml
  python -m strikeplate check --profile mine.toml --only IGL --only CON-11
"""


@click.command("check", epilog=EXAMPLES)
@click.option(
    "--profile",
    default="reference",
    show_default=True,
    help="A name in features/profiles, or the path of a .toml.",
)
@click.option(
    "--subject",
    multiple=True,
    metavar="CONNECT",
    help="Instead of the profile's: inprocess:service, a URL, mutant:NAME.",
)
@click.option(
    "--vendor",
    multiple=True,
    metavar="CONNECT",
    help="A vendor's server, instead of the profile's: fake, a URL.",
)
@click.option(
    "--lock",
    multiple=True,
    metavar="NAME",
    help="A lock of the vendor's server that may be used, by name or id.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PREFIX[: TITLE]",
    help="Only rules whose ids begin so: IGL, CON-01; of these only scenarios with"
    ' such words in their titles: "CON-11: another court".',
)
@click.option("--name", metavar="NAME", help="What is judged, by its own name.")
@click.option("--release", metavar="TEXT", help="The version of what is judged.")
@click.option("--seed", default=7, show_default=True, help="Seeds every random choice.")
@click.option(
    "--shuffle", type=int, metavar="SEED", help="Take scenarios in another order."
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that share the scenarios of a subject that we start (6).",
)
@click.option(
    "--explore",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Explore so many histories of each vendor beside the scenarios (0).",
)
@click.option(
    "--sweep",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Sweep so many single faults of each vendor beside the scenarios (0).",
)
@click.option("--results", metavar="FOLDER", help="The folder to write into.")
@click.option(
    "--history",
    metavar="FILE",
    help="Add a line for this run to a file, which `history` shows.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Tell one booking, show all that is seen, and which rules will be judged.",
)
def command(*, dry_run: bool, **asked: object) -> int:
    """Judge an integration by the documented rules."""
    if dry_run:
        return try_out(resolve_config(_config_options(asked)))
    return run(_options(asked))


def main(arguments: Sequence[str]) -> int:
    """Run the scenarios as the arguments say, and return the exit code."""
    code: int = command.main([*arguments], standalone_mode=False)
    return code


def run(options: Sequence[str], more: Sequence[object] = ()) -> int:
    """Run the scenarios, print the results, and return the exit code.

    `more` are further plugins.
    """
    plugins = [part for name in PLUGINS for part in ("-p", name)]
    home = [f"--rootdir={HOME}", f"--config-file={FEATURES / 'pytest.toml'}"]
    fixed = ["--disable-plugin-autoload", "--tb=no", *TOLERANT, *plugins, *home]
    try:
        code = pytest.main([*fixed, *options, str(FEATURES)], more)
    except Exception:  # noqa: BLE001 - whatever broke, it was not the subject
        traceback.print_exc()
        return HARNESS_ERROR
    return exit_code(code)


def exit_code(code: int) -> int:
    """Return the exit code for pytest's."""
    return CODES.get(code, HARNESS_ERROR)


def _config_options(asked: Mapping[str, Any]) -> Options:
    """Return the options as the configuration of a run takes them."""
    return Options(
        profile=asked["profile"],
        subjects=asked["subject"],
        vendors=asked["vendor"],
        locks=asked["lock"],
        seed=asked["seed"],
        only=asked["only"],
    )


def _options(asked: Mapping[str, object]) -> list[str]:
    """Return the options as pytest takes them; those not given are left out."""
    given = (
        (name, value)
        for name, values in asked.items()
        for value in (values if isinstance(values, tuple) else (values,))
    )
    return [f"--{name}={value}" for name, value in given if value is not None]
