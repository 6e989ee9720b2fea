"""The log: one JSON object a line, whoever writes it."""

from __future__ import annotations

import json
import logging

import pytest

from service import observability
from service.__main__ import main


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("debug", ["job done", "purged", "worker failed"]),
        ("info", ["purged", "worker failed"]),
        ("warning", ["worker failed"]),
        ("error", ["worker failed"]),
    ],
)
def test_level_says_which_lines_are_written(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    level: str,
    written: list[str],
) -> None:
    root, ours = logging.getLogger(), logging.getLogger(observability.NAME)
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(ours, "level", ours.level)
    observability.write_logs(level)
    observability.log.debug("job done")
    observability.log.info("purged")
    observability.log.error("worker failed")
    logging.getLogger("urllib3").info("a secret")
    lines = map(json.loads, capsys.readouterr().err.splitlines())
    assert [each["event"] for each in lines] == written


def test_log_level_is_in_the_help_and_a_wrong_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    assert "--log-level LEVEL" in capsys.readouterr().out
    assert main(["--log-level", "loud"]) == 2
    assert "'loud'" in capsys.readouterr().err


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
