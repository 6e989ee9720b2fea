"""`python -m fakes`: serve every fake vendor on one port.

Invariants: it listens on loopback unless `--host` is given, and prints the URL and the
control token at the start.
"""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ELSE_VARIABLE = "else $STRIKEPLATE_CONTROL_TOKEN, else generated and printed"


def instant(text: str) -> datetime:
    """Return an aware instant from ISO 8601 text; ValueError without an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return at


def parse_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return the parsed command line; a wrong one ends with a usage message."""
    parser = argparse.ArgumentParser("python -m fakes", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", default=8700, type=int, help="port to listen on (%(default)s)")
    add("--seed", default="7", help="seed of all ids and chances (%(default)s)")
    add("--control-token", help=ELSE_VARIABLE)
    add("--now", type=instant, help="stop the demo world's clock at this instant")
    push = "let webhooks go to this host beside loopback; may be repeated"
    add("--allow-push", action="append", default=[], metavar="HOST", help=push)
    add("--vendors", default="fakes.vendors", help="package of vendors (%(default)s)")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    """Serve until a signal ends it."""
    arguments = parse_arguments(given)
    # Imported here, so that a usage error is answered fast
    from fakes.kit.app import Options, control_token  # noqa: PLC0415
    from fakes.serve import serve  # noqa: PLC0415

    options = Options(
        seed=arguments.seed,
        now=arguments.now,
        control_token=arguments.control_token or control_token(),
        allow_push=tuple(arguments.allow_push),
        vendors=arguments.vendors,
    )
    print(f"fakes: http://{arguments.host}:{arguments.port}")  # noqa: T201
    print(f"control token: {options.control_token}", flush=True)  # noqa: T201
    serve(options, arguments.host, arguments.port)


if __name__ == "__main__":
    gc.disable()  # a start makes little garbage; collecting takes a tenth of it
    main(sys.argv[1:])
