"""`python -m fakes`: serve every fake vendor on one port.

Invariants: it listens on loopback unless `--host` is given. Once calls are answered it
prints the URL, and, if no control token was given, one and a link that signs in once.
What cannot be served is refused in one line, with exit code 2, before anything is
printed.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from contextlib import ExitStack
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

import serving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

    from fakes.kit.app import App

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
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
    name = serving.called_as("fakes")
    parser = argparse.ArgumentParser(name, description=__doc__)
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
    add("--public-url", metavar="URL", help="how callers reach it, for links")
    hosts = "answer https://api.nuki.io and the like as well, by TLS"
    add("--vendor-hosts", action="store_true", help=hosts)
    add("--tls-port", type=int, default=443, help="of --vendor-hosts (%(default)s)")
    signed = "where --vendor-hosts writes whom clients must trust (%(default)s)"
    add("--ca-file", metavar="PATH", default="strikeplate-ca.pem", help=signed)
    lines = "print the lines for a hosts file that lead vendors' hosts here, and end"
    add("--hosts-file", action="store_true", help=lines)
    add("--json", action="store_true", help="print one line of JSON when ready")
    add("--ready-file", metavar="PATH", help="write that line into a file as well")
    levels = ("debug", "info", "warning", "error")
    says = "what is logged to stderr; info: each call to a vendor (%(default)s)"
    add("--log-level", choices=levels, default="warning", help=says)
    add("--version", action="version", version=serving.version())
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Serve until a signal ends the process; return 2 if that is not possible."""
    arguments = parse_arguments(given)
    logging.basicConfig(level=arguments.log_level.upper(), format=LOG_FORMAT)
    try:
        _check_vendors(arguments.vendors)
        if arguments.hosts_file:
            _print_hosts(arguments)
            return 0
        with ExitStack() as ports:
            bound = ports.enter_context(
                serving.listener(arguments.host, arguments.port)
            )
            tls = None
            if arguments.vendor_hosts:
                tls = serving.listener(arguments.host, arguments.tls_port)
                ports.enter_context(tls)
            _serve(arguments, bound, tls)
    except serving.RefusedError as refused:
        print(f"fakes: {refused}", file=sys.stderr)  # noqa: T201 - for the terminal
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


def _print_hosts(arguments: argparse.Namespace) -> None:
    from fakes.kit.address import hosts_file  # noqa: PLC0415 - start fast
    from fakes.kit.app import discover  # noqa: PLC0415 - loaded when needed

    print(hosts_file(discover(arguments.vendors), arguments.host), end="")  # noqa: T201 - for the terminal


def _serve(arguments: argparse.Namespace, bound: socket, tls: socket | None) -> None:
    # Imported here, so that a usage error and a port in use are answered fast
    from fakes.kit.app import (  # noqa: PLC0415 - loaded when needed
        COMPANION_VARIABLE,
        TOKEN_VARIABLE,
        Options,
        control_token,
    )
    from fakes.serve import serve  # noqa: PLC0415 - loaded when needed
    from fakes.wall import sign_in_path  # noqa: PLC0415 - loaded when needed

    given = arguments.control_token or os.environ.get(TOKEN_VARIABLE)
    options = Options(
        seed=arguments.seed,
        now=arguments.now,
        control_token=given or control_token(),
        allow_push=tuple(arguments.allow_push),
        vendors=arguments.vendors,
        public_url=arguments.public_url,
        companion=os.environ.get(COMPANION_VARIABLE),
    )
    facts = {"fakes": serving.url_of(bound)}
    if tls:
        from fakes.tls import serve_vendor_hosts  # noqa: PLC0415 - loaded when needed

        port = serve_vendor_hosts(tls, options.vendors, arguments.ca_file, bound)
        facts |= {"tls port": str(port), "ca file": arguments.ca_file}
    if not given:
        facts["control token"] = options.control_token

    def ready(app: App) -> None:
        if not given:  # what must not be printed is no link either
            facts["wall"] = facts["fakes"] + sign_in_path(app)
        serving.announce(facts, as_json=arguments.json, file=arguments.ready_file)

    serve(options, bound, ready)


if __name__ == "__main__":
    serving.exit_at_signals()
    gc.disable()  # a start makes little garbage; collecting takes a tenth of it
    sys.exit(main(sys.argv[1:]))
