"""Vendors' servers asked for codes: our fakes are right, broken ones are found."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fakes.vendors.livionkey import contracts
from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore import vendor_side
from strikeplate.explore.compare import Counts
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_command import command
from strikeplate.explore.vendor_side import generate, play
from strikeplate.subjects.vendor import start_vendor
from strikeplate.verdict import Misuse
from tests.strikeplate.subjects.test_vendor import environment, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fakes.kit.world import World
    from fakes.vendors.livionkey.contracts import Terms
    from fakes.vendors.livionkey.state import Contract
    from strikeplate.explore.compare import Difference

SEEDS = range(1, 13)


@contextmanager
def server(connect: str, *locks: str) -> Iterator[TargetContext]:
    run_config = resolve_config(Options(vendors=(connect,)))
    (target,) = run_config.targets["vendor"]
    with start_vendor(target, run_config.vocabularies, locks) as fakes:
        profile, known = run_config.profile, run_config.vocabularies
        yield TargetContext(fakes, None, profile, known, "7")


@pytest.mark.parametrize("vendor", CLIENTS)
def test_our_vendors_show_no_difference_though_much_is_asked(vendor: str) -> None:
    counts = Counts()
    with server("fake") as shared:
        for seed in SEEDS:
            found, played = play(generate(seed, vendor), shared)
            assert found == []
            assert played.unjudged == set()
            counts.add_all(played.counts)
    assert sum(counts.statements.values()) >= 500
    assert counts.probes >= 500


@pytest.mark.parametrize("vendor", CLIENTS)
def test_one_seed_has_one_run(vendor: str) -> None:
    assert generate(3, vendor) == generate(3, vendor)
    assert generate(3, vendor) != generate(4, vendor)


@pytest.mark.parametrize("vendor", CLIENTS)
def test_codes_are_changed_and_deleted_where_the_vendor_can(vendor: str) -> None:
    asked = [each for seed in SEEDS for each in generate(seed, vendor).asked]
    made = {(each.code, each.times) for each in asked}
    deleted = [each for each in asked if each.times is None]
    assert bool(deleted) is (vendor in {"exivo", "livionkey", "nuki"})
    assert made
    runs = (generate(seed, vendor).asked for seed in SEEDS)
    changed = any(
        sum(each.code == "c1" and each.times is not None for each in run) > 1
        for run in runs
    )
    assert changed is (vendor in {"livionkey", "nuki"})


@pytest.mark.parametrize(
    ("mutant", "vendor", "rule"),
    [
        ("says_deleted_and_keeps_the_code", "nuki", "NUK-03"),
        ("opens_to_revoked_visits", "exivo", "EXV-06"),
        ("opens_doors_of_other_rooms", "exivo", "EXV-04"),
        ("opens_to_any_pin", "exivo", "EXV-04"),
        ("shares_one_secret", "igloohome", "IGL-01"),
        ("needs_the_server_to_open", "igloohome", "IGL-01"),
        ("opens_a_minute_longer", "igloohome", "IGL-04"),
        ("accepts_every_pin_only_once", "igloohome", "IGL-04"),
        ("keeps_unused_daily_pins_alive", "igloohome", "IGL-05"),
        ("expires_used_pins_after_a_day", "igloohome", "IGL-05"),
        ("refuses_hourly_pins_of_28_days", "igloohome", "IGL-06"),
        ("keeps_deleted_contracts", "livionkey", "LIV-02"),
        ("keeps_the_old_times", "livionkey", "LIV-01"),
    ],
)
def test_broken_vendor_shows_the_rule_that_it_breaks(
    mutant: str, vendor: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mutant in BROKEN:
        name, broken = BROKEN[mutant]
        monkeypatch.setattr(contracts, name, broken)
    connect = "fake" if mutant in BROKEN else f"mutant:{mutant}"
    with server(connect) as shared:
        assert rule in {each.rule for each in differences(shared, vendor)}


CHANGE = contracts.change


def change_all_but_times(world: World, contract: Contract, terms: Terms) -> None:
    CHANGE(world, contract, replace(terms, start=contract.start, end=contract.end))


BROKEN = {
    "keeps_deleted_contracts": ("remove", lambda *_: None),
    "keeps_the_old_times": ("change", change_all_but_times),
}
"""What a broken cabinet does instead of a function of `contracts`."""


def differences(shared: TargetContext, vendor: str) -> Iterator[Difference]:
    for seed in SEEDS:
        yield from play(generate(seed, vendor), shared)[0]


def test_lists_of_a_vendors_own_server_are_judged_and_its_doors_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_side, "wait", lambda _: None)
    with serving(tmp_path) as account:
        for name, text in environment(account, "exivo").items():
            monkeypatch.setenv(name, text)
        url = account.credentials["exivo"]["api_url"]
        with server(f"http:{url}", "Studio 1", "Studio 2") as shared:
            found, played = play(generate(1, "exivo"), shared)
    assert found == []
    assert any("keypad that we could type at" in why for why in played.unjudged)
    assert sum(played.counts.statements.values()) >= 2


def test_command_tells_a_broken_vendor_and_how_to_see_it_again() -> None:
    asked = ["--server=mutant:opens_to_revoked_visits", "--vendor=exivo", "--runs=6"]
    done = CliRunner().invoke(command, asked, standalone_mode=False)
    assert done.return_value == 1, done.output
    assert "EXV-06 at " in done.output
    assert "codes --server mutant:opens_to_revoked_visits --runs 1" in done.output
    sound = CliRunner().invoke(command, ["--runs=1"], standalone_mode=False)
    assert sound.return_value == 0, sound.output
    assert sound.output.endswith("0 differences\n")


def test_wrong_words_are_refused_with_the_fix() -> None:
    refused = CliRunner().invoke(command, ["--vendor", "nukki"])
    assert isinstance(refused.exception, Misuse)
    assert "nuki" in str(refused.exception)
