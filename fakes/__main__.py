"""`python -m fakes`: serve every fake vendor on one port.

Invariants: it listens on loopback unless `--host` is given. Once calls are answered it
prints the URL, and the control token if none was given. What cannot be served is
refused in one line, with exit code 2, before anything is printed.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import serving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

ELSE_VARIABLE = "else $STRIKEPLATE_CONTROL_TOKEN, else generated and printed"


def instant(text: str) -> datetime:
    """Return an aware instant from ISO 8601 text; refuse one without an offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        fix = "write it with an offset, such as 2026-12-01T09:00:00Z"
        raise argparse.ArgumentTypeError(f"{text!r} is no instant; {fix}")
    return at


def parse_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return the parsed command line; a wrong one ends with a usage message."""
    parser = argparse.ArgumentParser("python -m fakes", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add(
        "--port",
        default=8700,
        type=int,
        help="port to listen on, 0 for a free one (%(default)s)",
    )
    add("--seed", default="7", help="seed of all ids and chances (%(default)s)")
    add("--control-token", metavar="TOKEN", help=ELSE_VARIABLE)
    add("--now", type=instant, help="stop the demo world's clock at this instant")
    push = "let webhooks go to this host beside loopback; may be repeated"
    add("--allow-push", action="append", default=[], metavar="HOST", help=push)
    add("--vendors", default="fakes.vendors", help="package of vendors (%(default)s)")
    add("--json", action="store_true", help="print one line of JSON when ready")
    add("--ready-file", metavar="PATH", help="write that line into a file as well")
    add("--version", action="version", version=serving.version())
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Serve until a signal ends the process; return 2 if that is not possible."""
    arguments = parse_arguments(given)
    try:
        _check_vendors(arguments.vendors)
        with serving.listener(arguments.host, arguments.port) as bound:
            _serve(arguments, bound)
    except serving.RefusedError as refused:
        print(f"fakes: {refused}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _check_vendors(package: str) -> None:
    try:
        found = find_spec(package)
    except (ModuleNotFoundError, ValueError):
        found = None
    if found is None or not found.submodule_search_locations:
        fix = "name one on the Python path that holds a folder for each vendor"
        raise serving.RefusedError(f"--vendors {package!r} is no package; {fix}")


def _serve(arguments: argparse.Namespace, bound: socket) -> None:
    # Imported here, so that a usage error and a port in use are answered fast
    from fakes.kit.app import TOKEN_VARIABLE, Options, control_token  # noqa: PLC0415
    from fakes.serve import serve  # noqa: PLC0415

    given = arguments.control_token or os.environ.get(TOKEN_VARIABLE)
    options = Options(
        seed=arguments.seed,
        now=arguments.now,
        control_token=given or control_token(),
        allow_push=tuple(arguments.allow_push),
        vendors=arguments.vendors,
    )
    facts = {"fakes": serving.url_of(bound)}
    if not given:
        facts["control token"] = options.control_token
    shape = {"as_json": arguments.json, "file": arguments.ready_file}
    serve(options, bound, partial(serving.announce, facts, **shape))


if __name__ == "__main__":
    serving.exit_at_signals()
    gc.disable()  # a start makes little garbage; collecting takes a tenth of it
    sys.exit(main(sys.argv[1:]))
