"""The log, one JSON object a line, and the metrics at /metrics.

Invariants: a log line holds ids and words of ours; never a code, a token, an address, a
name, or the text of an error that came from elsewhere. A metric's label is a word of
ours, never an id or a value that a sender chose, so the number of series stays small.
Nothing is logged until `write_logs` is called, as `python -m service` does.
"""

from __future__ import annotations

import json
import logging
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

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
).bind()  # otherwise every line would bind anew


def write_logs(level: str = "info") -> None:
    """Write the log to standard error: our lines, and warnings of libraries.

    `level` is debug, info, warning or error; debug adds a line for each job. Nothing
    below a warning of a library is written.
    """
    lowest = logging.getLevelNamesMapping()[level.upper()]
    written = logging.StreamHandler()
    written.setFormatter(_OneObjectALine())
    logging.basicConfig(handlers=[written], level=max(lowest, logging.WARNING))
    logging.getLogger(NAME).setLevel(lowest)


class _OneObjectALine(logging.Formatter):
    """Passes on our own lines; of a library's it says whose it is, and not its text.

    That may hold a URL, or what a vendor has answered.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        if record.name == NAME:
            return record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        said = {"library": record.name, "level": record.levelname.lower()}
        if error is not None:
            said["fault"] = fault_of(error)
        return json.dumps({**said, "event": "a library warns"})


def fault_of(fault: BaseException) -> str:
    """Return the kind and place of a fault in our code, without its text or data."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(fault).__name__
    if trace is None:
        return kind
    return f"{kind} in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}"


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.webhooks = Counter(
            "strikeplate_webhooks",
            "Webhooks answered, by outcome.",
            ["answer"],
            registry=self.registry,
        )
        self.jobs = Counter(
            "strikeplate_jobs",
            "Calls to vendors and mail servers, by kind of job and outcome.",
            ["job_type", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "strikeplate_job_seconds",
            "Seconds from the call until its answer was stored.",
            ["job_type"],
            registry=self.registry,
        )
        self.due = Gauge(
            "strikeplate_work_due",
            "Jobs and bookings that are due in this store.",
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "strikeplate_work_in_flight",
            "Jobs that a process holds a lease on.",
            registry=self.registry,
        )
