"""The log: one JSON object a line, through Python's own logging.

Invariants: a line names ids and words of ours. It never holds a code, a token, an
address, a name, or the text of an error that came from elsewhere. Nothing is written
until somebody asks for it, as `python -m service` does.
"""

from __future__ import annotations

import logging
from typing import Final

import structlog

NAME: Final = "strikeplate"

log: Final[structlog.stdlib.BoundLogger] = structlog.wrap_logger(
    logging.getLogger(NAME),
    wrapper_class=structlog.stdlib.BoundLogger,
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ],
).bind()  # once for all, which each line would do anew


def write_logs() -> None:
    """Write the log to standard error from now on."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger(NAME).setLevel(logging.INFO)


def fault_of(fault: BaseException) -> str:
    """Return where in our code it went wrong, and nothing of what it was about."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(fault).__name__
    if trace is None:
        return kind
    return f"{kind} in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}"
