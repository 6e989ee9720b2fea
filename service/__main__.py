"""Serves the reference integration, or runs its workers alone.

    python -m service         webhooks, API and worker threads, on one port
    python -m service work    worker threads alone, beside others that serve
    python -m service token   make, list, rotate and revoke API tokens (see --help)
    python -m service user    make a user of the admin, or set a password (see --help)
    python -m service reseal  seal every secret with the first of several secret keys

    --json               print one line of JSON when calls are answered
    --ready-file PATH    write that line into a file as well
    --log-level LEVEL    what is logged to stderr: debug (a line for each job), info,
                         warning or error (default: info); of "work" too
    --help, --version    print this, or the version, and end

Everything else is set by environment variables, listed in service/README.md. SIGTERM
and Ctrl-C end it: calls under way finish, for at most a second and a half.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import serving


def main(words: Sequence[str]) -> int:
    """Return the exit code; 2 means a wrong command, setting or address."""
    if words and words[0] in {"token", "user", "reseal"}:
        from service import maintenance  # noqa: PLC0415 - start fast

        return maintenance.main(words)
    try:
        asked = _parser().parse_args(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    from service.serve import WRONGLY_SET, serve, work  # noqa: PLC0415 - start fast

    try:
        if asked.work:
            work(log_level=asked.log_level)
        else:
            serve(
                as_json=asked.json,
                ready_file=asked.ready_file,
                log_level=asked.log_level,
            )
    except WRONGLY_SET as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    name = serving.called_as("service")
    parser = argparse.ArgumentParser(
        name,
        usage=f"{name} [--json] [--ready-file PATH] [--log-level LEVEL]\n"
        f"       {name} work [--log-level LEVEL]\n"
        f"       {name} token|user|reseal",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("work", nargs="?", choices=["work"], help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ready-file", help=argparse.SUPPRESS)
    levels = ("debug", "info", "warning", "error")
    parser.add_argument(
        "--log-level", choices=levels, default="info", help=argparse.SUPPRESS
    )
    parser.add_argument("--version", action="version", version=serving.version())
    return parser


if __name__ == "__main__":
    serving.exit_at_signals()
    sys.exit(main(sys.argv[1:]))
