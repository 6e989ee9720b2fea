"""The harness on the command line: `python -m strikeplate COMMAND`."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "run": "judge a subject by the documented rules, and write the report",
    "diff": "tell what changed between two results, rule by rule",
    "lock": "write features/requirements.lock, the list of all rules, anew",
    "mutants": "prove the rules: each known-bad subject breaks exactly those it names",
    "stability": "judge again and again, in other orders and by other seeds",
    "vendor": "write the folders of a new vendor from templates",
    "up": "serve fakes, service and a mail sink together, for trying things out",
}
"""Each command with its sentence; the module of that name holds `main(arguments)`."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name, and return its exit code."""
    width = max(map(len, COMMANDS))
    table = "\n".join(f"  {name:{width}}  {text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate",
        description=f"commands:\n{table}\n\nEach explains itself: COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    chosen = parser.parse_args(arguments[:1])
    module = importlib.import_module(f"strikeplate.{chosen.command}")
    code: int = module.main(arguments[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
