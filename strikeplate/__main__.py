"""Strikeplate on the command line: `python -m strikeplate COMMAND`.

Invariants: a command's module is imported only when the command is called. The exit
code is the command's own; 2 is wrong usage, told with the nearest word that exists.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from strikeplate import HOME, INSTALLED, module, variables, version
from strikeplate.subjects import need
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "check": "judge an integration by the documented rules, and write the report",
    "explore": "play seeded histories, and hold them against the rules",
    "sweep": "play one booking with each single fault, and tell whom it harms",
    "codes": "order codes at a vendor's server, and try them at its doors",
    "init": "write a commented profile, from flags and samples of today's events",
    "rules": "list every rule: text, source, who must obey, what it needs of a profile",
    "diff": "tell what changed between two results, rule by rule",
    "compare": "put several runs side by side, on one page",
    "history": "show the runs of a `check --history` file on one page, with a badge",
    "lock": "write features/requirements.lock, the list of all rules, anew",
    "mutants": "prove the rules: each known-bad subject breaks exactly those it names",
    "stability": "judge again and again, in other orders and by other seeds",
    "vendor": "write the folders of a new vendor from templates",
    "up": "serve fakes, service and inbox together, on one clock, with an example",
    "env": "print the addresses and dummy credentials of a world, for your client",
    "fakes": "serve the fake vendors",
    "serve": "serve the reference integration",
    "load": "load an integration with bookings, and audit it at the doors",
}
"""Each command with its sentence."""

ALIASES = {"run": "check"}

CLICK = {
    "check": "run",
    "compare": "compare",
    "env": "env",
    "explore": "explore.command",
    "history": "history",
    "sweep": "explore.single_faults_command",
    "codes": "explore.vendor_command",
    "init": "init",
    "mutants": "mutants.command",
    "rules": "rules",
}
"""Commands that are click's own, each with the module whose `command` it is.

Of any other, the module of its name holds `main(arguments)`.
"""

PROGRAMS = {"fakes": "fakes", "serve": "service", "load": "loadtests"}
"""Commands that are programs of the suite, each with its module."""

UNVERSIONED = {*COMMANDS, *ALIASES} - {*PROGRAMS}
"""Commands that do not tell a version themselves."""

EXTRAS = {"serve": "service", "up": "service", "load": "load"}
"""Commands that need an optional part of the installation."""

NAME = "strikeplate" if INSTALLED else "python -m strikeplate"


class Forwarded(click.Command):
    """A command that reads its arguments itself."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave all arguments, `--help` and `--` too, to the module."""
        ctx.args = list(args)
        return ctx.args

    def invoke(self, ctx: click.Context) -> int:
        """Return the exit code of the module's `main`; a program takes over."""
        if self.name in EXTRAS:
            need(EXTRAS[self.name])
        if self.name in PROGRAMS:
            words = [*module(PROGRAMS[self.name]), *ctx.args]
            called = {"CALLED_AS": f"{NAME} {self.name}"}
            env = variables() | called
            os.execve(sys.executable, words, env)  # noqa: S606 - our own words
        code: int = importlib.import_module(f"strikeplate.{self.name}").main(ctx.args)
        return code


class Commands(click.Group):
    """All commands, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names, in the order of the help."""
        del ctx
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name or of an alias."""
        del ctx
        name = ALIASES.get(cmd_name, cmd_name)
        if name in CLICK:
            module = importlib.import_module(f"strikeplate.{CLICK[name]}")
            found: click.Command = module.command
            return found
        return self.commands.get(name)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write each command with its sentence."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(
    cls=Commands,
    epilog="Each explains itself: COMMAND --help",
    context_settings={"max_content_width": 100},
)
@click.version_option(version(), prog_name="strikeplate")
def commands() -> None:
    """Judge smart-lock integrations by their documented rules, without any lock."""


for _name in COMMANDS:
    commands.add_command(Forwarded(_name))


def main(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name, and return its exit code.

    The suite comes first on the path, before modules of the folder that it runs in.
    """
    if sys.path[0] != str(HOME):
        sys.path.insert(0, str(HOME))
    if [*arguments[1:]] == ["--version"] and arguments[0] in UNVERSIONED:
        arguments = ["--version"]
    try:
        code = commands.main([*arguments], prog_name=NAME, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Misuse as misuse:
        click.echo(f"Error: {misuse}", err=True)
        return click.UsageError.exit_code
    except click.Abort:
        return 130
    return int(code or 0)


def script() -> NoReturn:
    """Run `strikeplate`, the installed command."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    script()
