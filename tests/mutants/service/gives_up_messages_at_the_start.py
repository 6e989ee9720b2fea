"""A message that no mail server took by the booking's start is given up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service import worker
from service.store import bookings

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    *others, mails = worker.JOB_TYPES

    def prepare(tx: Any, deps: Any, row_id: str, lease: Any) -> Any:
        job: Any = mails.prepare(tx, deps, row_id, lease)
        if job is None or job.until is None:
            return job
        of = job.message.connection_id, job.message.booking_ref
        start = bookings.get(tx, *of).details.start
        return replace(job, until=start) if start > lease.since else job

    patched = replace(mails, prepare=prepare)
    patch.setattr(worker, "JOB_TYPES", (*others, patched))
