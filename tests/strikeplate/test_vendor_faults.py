from __future__ import annotations

import pytest

from strikeplate.vendor_faults import fault
from strikeplate.verdict import HarnessFault


def test_status_that_asks_for_a_wait_says_so_in_seconds() -> None:
    made = fault("429 for 30 minutes")
    assert made["effect"]["status"] == 429
    assert made["effect"]["headers"] == {"Retry-After": "1800"}
    assert made["phase"] == "before"


def test_plain_status_asks_for_no_wait() -> None:
    assert fault("503 after the vendor acted") == {
        "phase": "after",
        "effect": {"status": 503, "body": {}},
    }


def test_empty_list_is_an_answer_and_an_empty_body_is_none() -> None:
    assert fault("an empty list")["effect"] == {"status": 200, "body": []}
    assert fault("empty")["effect"] == {"status": 200, "body": ""}


def test_unknown_fault_is_named() -> None:
    with pytest.raises(HarnessFault, match="for a while"):
        fault("429 for a while")
