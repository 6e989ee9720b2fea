"""Meters: the figures at /metrics.

Invariants: a label holds a word of ours, never an id, an address or anything a sender
chose, so the figures stay few and tell nothing about anybody.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.webhooks = Counter(
            "strikeplate_webhooks",
            "Webhooks answered, by what became of them.",
            ["answer"],
            registry=self.registry,
        )
        self.jobs = Counter(
            "strikeplate_jobs",
            "Calls to vendors and mail servers, by what for and how they went.",
            ["job_type", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "strikeplate_job_seconds",
            "How long such a call took, its answer written down.",
            ["job_type"],
            registry=self.registry,
        )
        self.due = Gauge(
            "strikeplate_work_due",
            "Pieces of work that are due in this store.",
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "strikeplate_work_in_flight",
            "Pieces of work that some process is doing.",
            registry=self.registry,
        )
