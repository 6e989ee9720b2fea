"""What is judged again is judged alike; what is not is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate import stability
from strikeplate.results import Header, Results, lines
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import requirement, run

if TYPE_CHECKING:
    from strikeplate.results import RunResult
    from tests.strikeplate.conftest import RulesFolder


def found(seed: int, *runs: RunResult) -> list[str]:
    header = Header("a", "a", "sha256:0", "1", seed, "2026-12-01T08:00:00Z", ("http",))
    finished = Results(header, runs, (requirement(),), f"a is so; seed {seed}.", 0)
    return list(lines(stability.unseeded(finished)))


def test_seed_explains_where_it_is_named_itself() -> None:
    assert list(stability.changes(found(7, run()), found(8, run()))) == []


def test_run_that_ends_otherwise_is_shown_as_it_was_and_as_it_is() -> None:
    changed = list(stability.changes(found(7, run()), found(8, run(Verdict.FAIL))))
    assert [line[0] for line in changed] == ["-", "+"]
    assert "pass" in changed[0]
    assert "fail" in changed[1]


def test_another_order_of_scenarios_gives_the_same_bytes(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.take_sample()
    given = rules_folder.run().text("results.ndjson")
    for seed in ("1", "2"):
        assert rules_folder.run("--shuffle", seed).text("results.ndjson") == given


def test_repetitions_of_our_fakes_are_alike(capfd: pytest.CaptureFixture[str]) -> None:
    options = ["--times", "2", "--", "--vendor", "fake", "--only", "IGL-01"]
    assert stability.main(options) == 0
    printed = capfd.readouterr().out
    assert "1 of 2: alike" in printed
    assert "2 of 2: alike" in printed


def test_repetition_that_cannot_be_judged_ends_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert stability.main(["--", "--only", "NONE-99"]) == 3
    assert "1 of 3: could not be judged" in capfd.readouterr().out


def test_no_repetition_is_wrong_usage(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        stability.main(["--times", "0"])
    assert ended.value.code == 2
    assert (
        "--times 0: nothing would be judged; give 1 or more" in capfd.readouterr().err
    )
