"""A stranger that declares all is judged by nearly every rule, with no API of ours.

The stranger is the reference service, started and set up as its profile says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.applicability import applicability_of
from strikeplate.config import Options, resolve_config
from strikeplate.explore.command import begun
from strikeplate.explore.generate import generate
from strikeplate.explore.history import Customer, EventStep, History, MarginsStep
from strikeplate.explore.session import offers
from strikeplate.needs import ACTIONS
from strikeplate.oracle.windows import HOUR
from tests.strangers import full
from tests.strangers.judging import judge

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.config import RunConfig

VENDORS = tuple(full.OWN)
SERVICE_RULES = 55
TWO_ACCOUNTS = {"CON-02", "RES-03"}
"""Rules about two accounts at one vendor; a profile has one."""

ABOUT_OTHERS = {"CON-13", "CON-17", "MSG-05"}
"""Rules of all whose scenarios are about some vendors alone."""

AT_THE_DOOR = {
    "igloohome": ("IGL-03: widen the code so far", "CON-07: switched off gets"),
    "nuki": ("NUK-11", "RES-06: replaced"),
    "exivo": ("EXV-01: Lead and lag are kept", "EXV-01: open every lock"),
    "livionkey": ("LIV-06: its unit is free", "LIV-06: comes back twice"),
}


def written(vendor: str, folder: Path) -> Path:
    path = folder / f"{vendor}.toml"
    path.write_text(full.profile(vendor), encoding="utf-8")
    return path


def configured(vendor: str, folder: Path) -> RunConfig:
    return resolve_config(Options(profile=str(written(vendor, folder))))


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_rule_that_speaks_of_a_vendor_is_applicable_but_two(
    vendor: str, tmp_path: Path
) -> None:
    config = configured(vendor, tmp_path)
    found = applicability_of(config)
    left = {
        rule.id: reason
        for reason, rules in found.left_out.items()
        for rule in rules
        if config.profile.supports(config.vendor(rule.area))
        and rule.id not in ABOUT_OTHERS
    }
    assert set(left) == TWO_ACCOUNTS
    assert set(left.values()) == {
        f'no resource is declared with vendor = "{vendor}", account = "other"'
    }


def test_all_rules_but_two_are_applicable_to_strangers(tmp_path: Path) -> None:
    configs = [configured(vendor, tmp_path) for vendor in VENDORS]
    service = {rule.id for rule in configs[0].rules if "service" in rule.on}
    judged = {rule.id for each in configs for rule in applicability_of(each).judged}
    assert len(service) == SERVICE_RULES
    assert service - judged == TWO_ACCOUNTS


def test_owner_can_act_by_each_call_that_a_profile_may_have() -> None:
    assert set(full.API) == set(ACTIONS)


@pytest.mark.parametrize("vendor", VENDORS)
def test_traits_are_judged_at_the_door(vendor: str, tmp_path: Path) -> None:
    path = written(vendor, tmp_path)
    outcome = judge(path, AT_THE_DOOR[vendor], tmp_path)
    rules = {each[:6] for each in AT_THE_DOOR[vendor]}
    assert outcome.of("pass") == rules, outcome.printed


def test_margins_are_drawn_where_the_profile_has_a_call_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn() -> int:
        (offer,) = offers(configured("nuki", tmp_path))
        histories = (generate(seed, offer) for seed in range(20))
        every = [step for history in histories for step in history.steps]
        return sum(isinstance(step, MarginsStep) for step in every)

    assert drawn() > 3
    monkeypatch.delitem(full.API, "margins")
    assert drawn() == 0


def test_margins_that_the_owner_gives_by_a_call_hold_at_the_door(
    tmp_path: Path,
) -> None:
    config = configured("nuki", tmp_path)
    (offer,) = offers(config)
    begin = generate(0, offer).begin
    booked = EventStep(
        at=begin + HOUR,
        kind="confirmed",
        booking="b1",
        resource="plain-1",
        start=begin + 24 * HOUR,
        end=begin + 26 * HOUR,
    )
    history = History(
        vendor="nuki",
        begin=begin,
        resources={"plain-1": offer.resources["plain-1"]},
        people={"b1": Customer(name="Ada Novak")},
        steps=(MarginsStep(at=begin, before=HOUR, after=3 * HOUR), booked),
    )
    with begun(config) as exploration:
        assert exploration.explore(history) == []
    assert exploration.counts.statements["NUK-02"] >= 2
