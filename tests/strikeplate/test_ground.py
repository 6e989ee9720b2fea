"""Whose doors a scenario hangs: the vendor of its folder, its words or its profile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strikeplate import suite
from strikeplate.dialect import read
from strikeplate.ground import Ground, Stage
from strikeplate.profile import Profile
from strikeplate.setting import Options, settle
from strikeplate.transcript import Transcript
from strikeplate.verdict import HarnessFault, NotApplicable
from strikeplate.world_inprocess import fakes_app, fakes_in

ALL = Profile("all", "all", "1", (), default_vendor="igloohome")
ONE = replace(ALL, supported=("igloohome",))


@pytest.fixture(scope="module")
def stage() -> Stage:
    fakes = fakes_in(fakes_app())
    return Stage(fakes, None, ALL, read(suite.FEATURES), "7", vendor="igloohome")


def ground(stage: Stage) -> Ground:
    return Ground(stage, "s1", Transcript())


def test_door_without_words_is_the_scenarios_own_vendors(stage: Stage) -> None:
    assert ground(stage).add_door("Gate").door.vendor == "igloohome"
    assert ground(replace(stage, vendor="nuki")).add_door("Gate").door.vendor == "nuki"


def test_words_of_a_vendor_turn_the_scenario_to_it(stage: Stage) -> None:
    played = ground(stage)
    assert played.add_door("Gate", "a Nuki lock").door.vendor == "nuki"
    assert played.add_door("Shed").door.vendor == "nuki"
    assert "api_token" in played.credentials


def test_scenario_without_a_vendor_says_so(stage: Stage) -> None:
    with pytest.raises(HarnessFault, match="default_vendor"):
        ground(replace(stage, vendor="")).add_door("Gate")


def test_vendor_that_is_not_supported_is_not_applicable(stage: Stage) -> None:
    played = ground(replace(stage, profile=ONE))
    assert played.add_door("Gate").door.vendor == "igloohome"
    with pytest.raises(NotApplicable, match="names igloohome as what it supports"):
        played.add_door("Shed", "a Nuki lock")


def test_what_a_door_does_not_take_is_our_own_fault(stage: Stage) -> None:
    played = ground(stage)
    place = played.add_door("Gate")
    with pytest.raises(HarnessFault, match="leave out link"):
        played.try_code(place, "123456", played.now, link="https://x.test")


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ("reference", None),
        ("hall", "its profile names igloohome as what it supports, not nuki"),
    ],
)
def test_rules_of_a_vendors_folder_apply_to_who_supports_it(
    profile: str, reason: str | None
) -> None:
    setting = settle(Options(profile=profile))
    rules = {rule.id: rule for rule in setting.register.rules}
    nuki, plain = rules["NUK-02"], rules["MSG-01"]
    assert setting.lack(nuki, nuki.scenarios[1]) == reason
    assert setting.lack(plain, plain.scenarios[0]) is None
    assert (setting.vendor("nuki"), setting.vendor("messages")) == ("nuki", "igloohome")
