from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from strikeplate.transcript import Transcript, TranscriptEntry
from strikeplate.verdict import HarnessFault


def test_lines_are_kept_in_the_order_of_adding() -> None:
    transcript = Transcript()
    transcript.add("caller", "sends", at=datetime(2026, 12, 7, 15, 20, tzinfo=UTC))
    transcript.step = 1
    transcript.add("door", "opens", data={"by": "code"})
    assert transcript.entries == [
        TranscriptEntry("caller", "2026-12-07T15:20:00Z", "sends", None, None),
        TranscriptEntry("door", None, "opens", {"by": "code"}, 1),
    ]


def test_instants_of_any_zone_are_written_in_utc() -> None:
    transcript = Transcript()
    kolkata = timezone(timedelta(hours=5, minutes=30))
    transcript.add("vendor", "x", at=datetime(2026, 12, 7, 5, 30, tzinfo=kolkata))
    assert transcript.entries[0].at == "2026-12-07T00:00:00Z"


def test_instant_without_zone_is_a_fault() -> None:
    with pytest.raises(HarnessFault, match="aware instant, got 2026-12-07"):
        Transcript().add("vendor", "x", at=datetime(2026, 12, 7))  # noqa: DTZ001


def test_unknown_lane_is_a_fault() -> None:
    with pytest.raises(HarnessFault, match="unknown lane 'fakes'; known: caller, "):
        Transcript().add("fakes", "x")  # type: ignore[arg-type]
