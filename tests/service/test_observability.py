"""The log: one JSON object a line, whoever writes it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from service import observability

if TYPE_CHECKING:
    import pytest


def test_each_line_of_the_log_is_json_and_repeats_no_text_of_a_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    ours = logging.getLogger(observability.NAME)
    monkeypatch.setattr(ours, "level", ours.level)
    observability.write_logs()
    observability.log.info("purged", deleted=3)
    logging.getLogger("urllib3.connectionpool").warning("Retrying %s", "/doors/7")
    try:
        int("its words")
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving %s", "/x")
    own, retried, failed = map(json.loads, capsys.readouterr().err.splitlines())
    assert (own["event"], own["deleted"]) == ("purged", 3)
    assert retried["library"] == "urllib3.connectionpool"
    assert set(retried) == {"library", "level", "event"}
    assert failed["fault"].startswith("ValueError in ")
    assert "words" not in json.dumps(failed)
