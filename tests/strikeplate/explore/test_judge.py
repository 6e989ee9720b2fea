"""What exploration found counts into the verdict of the rule that it breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from strikeplate.cause import STALE
from strikeplate.config import Options, resolve_config
from strikeplate.explore import judge
from strikeplate.explore.command import as_json, command
from strikeplate.explore.compare import Difference
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.session import Found, offers
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from strikeplate.config import RunConfig
    from strikeplate.requirements import Rule

HISTORY = generate(1, Offer("nuki"))


def found(rule: str) -> list[dict[str, str]]:
    difference = Difference(rule, "b1", HISTORY.begin, "b1's code opens", STALE)
    shown: list[dict[str, str]] = json.loads(as_json([Found(difference, HISTORY)]))
    return shown


@pytest.fixture(scope="module")
def run_config() -> RunConfig:
    return resolve_config(Options())


def levels(run_config: RunConfig) -> dict[str, Rule]:
    """Return one rule of each level."""
    return {rule.level: rule for rule in run_config.rules if rule.level}


def test_difference_is_a_run_of_its_rule_that_failed(run_config: RunConfig) -> None:
    ((run, detail),) = judge.runs(run_config, "inprocess", found("CON-10"))
    assert (run.rule, run.verdict, run.target) == ("CON-10", Verdict.FAIL, "inprocess")
    assert run.scenario == "Explored history nuki 1 holds"
    assert run.reason == f"b1's code opens; {STALE}"
    assert detail.message.startswith("  @CON-10\n  Scenario: b1's code opens\n")


def test_difference_under_a_single_fault_is_a_run_of_its_rule(
    run_config: RunConfig,
) -> None:
    ((run, _),) = judge.runs(run_config, "inprocess", found("RES-01"), "sweep")
    assert (run.rule, run.verdict) == ("RES-01", Verdict.FAIL)
    assert run.scenario == "Swept history nuki 1 holds"


def test_difference_from_what_should_be_warns(run_config: RunConfig) -> None:
    should = levels(run_config)["SHOULD"]
    ((run, _),) = judge.runs(run_config, "inprocess", found(should.id))
    assert run.verdict is Verdict.WARN


def test_rules_that_were_not_asked_for_are_left_out(run_config: RunConfig) -> None:
    assert [*judge.runs(run_config, "inprocess", found("ABC-01"))] == []
    asked = resolve_config(Options(only=("IGL",)))
    assert [*judge.runs(asked, "inprocess", found("CON-10"))] == []


def test_nothing_is_explored_unless_it_is_asked_for(run_config: RunConfig) -> None:
    assert judge.start(run_config, 0) is None
    assert judge.start(run_config, 0, "sweep") is None


def test_a_vendor_alone_is_not_explored() -> None:
    vendor = resolve_config(Options(vendors=("fake",)))
    assert judge.start(vendor, 3) is None


def test_every_vendor_of_a_profile_is_explored(run_config: RunConfig) -> None:
    assert {offer.vendor for offer in offers(run_config)} == {
        *("exivo", "igloohome", "livionkey", "nuki")
    }
    alone = resolve_config(Options(profile="reference-nuki"))
    assert [offer.vendor for offer in offers(alone)] == ["nuki"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--vendor", "nukki"], "nuki"),
        (["--for", "soon"], "duration"),
        (["--history", "nowhere.json"], "cannot be read"),
    ],
)
def test_wrong_words_are_refused_with_the_fix(arguments: list[str], says: str) -> None:
    refused = CliRunner().invoke(command, arguments)
    assert isinstance(refused.exception, Misuse)
    assert says in str(refused.exception)
