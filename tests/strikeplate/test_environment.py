"""Whose doors a scenario hangs: the vendor of its folder, its words or its profile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strikeplate import FEATURES
from strikeplate.config import Options, resolve_config
from strikeplate.environment import Environment, TargetContext
from strikeplate.profile import Profile
from strikeplate.subjects.vendor import fakes_app, fakes_in
from strikeplate.transcript import Transcript
from strikeplate.verdict import HarnessFault, NotApplicable
from strikeplate.vocabulary import read

ALL = Profile("all", "all", "1", (), default_vendor="igloohome")
ONE = replace(ALL, supported=("igloohome",))


@pytest.fixture(scope="module")
def target_context() -> TargetContext:
    fakes = fakes_in(fakes_app())
    return TargetContext(fakes, None, ALL, read(FEATURES), "7", vendor="igloohome")


def environment(target_context: TargetContext) -> Environment:
    return Environment(target_context, "s1", Transcript())


def test_door_without_words_is_the_scenarios_own_vendors(
    target_context: TargetContext,
) -> None:
    assert environment(target_context).add_door("Gate").door.vendor == "igloohome"
    assert (
        environment(replace(target_context, vendor="nuki")).add_door("Gate").door.vendor
        == "nuki"
    )


def test_words_of_a_vendor_turn_the_scenario_to_it(
    target_context: TargetContext,
) -> None:
    played = environment(target_context)
    assert played.add_door("Gate", "a Nuki lock").door.vendor == "nuki"
    assert played.add_door("Shed").door.vendor == "nuki"
    assert "api_token" in played.credentials


def test_scenario_without_a_vendor_says_so(target_context: TargetContext) -> None:
    with pytest.raises(HarnessFault, match="default_vendor"):
        environment(replace(target_context, vendor="")).add_door("Gate")


def test_vendor_that_is_not_supported_is_not_applicable(
    target_context: TargetContext,
) -> None:
    played = environment(replace(target_context, profile=ONE))
    assert played.add_door("Gate").door.vendor == "igloohome"
    with pytest.raises(NotApplicable, match="names igloohome as what it supports"):
        played.add_door("Shed", "a Nuki lock")


def test_what_a_door_does_not_take_is_our_own_fault(
    target_context: TargetContext,
) -> None:
    played = environment(target_context)
    place = played.add_door("Gate")
    with pytest.raises(HarnessFault, match="leave out link"):
        played.try_code(place, "123456", played.now, link="https://x.test")


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ("reference", None),
        (
            "reference-igloohome",
            "its profile names igloohome as what it supports, not nuki",
        ),
    ],
)
def test_rules_of_a_vendors_folder_apply_to_who_supports_it(
    profile: str, reason: str | None
) -> None:
    run_config = resolve_config(Options(profile=profile))
    rules = {rule.id: rule for rule in run_config.catalogue.rules}
    nuki, plain = rules["NUK-02"], rules["MSG-01"]
    assert run_config.not_applicable_reason(nuki, nuki.scenarios[1]) == reason
    assert run_config.not_applicable_reason(plain, plain.scenarios[0]) is None
    assert (run_config.vendor("nuki"), run_config.vendor("messages")) == (
        "nuki",
        "igloohome",
    )
