"""Copies that the owner lacks of customers' messages are found by histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.play import play
from strikeplate.oracle.events import Situation
from strikeplate.oracle.messages import messages
from strikeplate.profiles.shape import Resource
from tests.mutants.service import sends_owners_no_copies, sends_the_owner_empty_copies
from tests.strikeplate.explore.test_generate import CALLS, VENDORS
from tests.strikeplate.explore.test_play import plain
from tests.strikeplate.oracle.test_messages import CONFIRMED, day

if TYPE_CHECKING:
    from types import ModuleType

    from strikeplate.environment import TargetContext
    from strikeplate.explore.history import History


def copied(vendor: str) -> History:
    """Return a history of one booking, of whose messages the owner has copies."""
    history = plain(vendor, "confirmed")
    court = {**history.resources["court-1"], "copy_to_owner": True}
    return history.model_copy(update={"resources": {"court-1": court}})


@pytest.mark.parametrize("vendor", VENDORS)
def test_reference_sends_its_owner_copies(
    reference: TargetContext, vendor: str
) -> None:
    outcome = play(copied(vendor), reference)
    assert outcome.differences == ()
    assert outcome.counts.statements["MSG-03"] >= 1


@pytest.mark.parametrize(
    "mutant", [sends_owners_no_copies, sends_the_owner_empty_copies]
)
def test_copies_that_are_missing_are_found(
    reference: TargetContext, monkeypatch: pytest.MonkeyPatch, mutant: ModuleType
) -> None:
    mutant.apply(monkeypatch)
    found = play(copied("nuki"), reference).differences
    assert {each.rule for each in found} == {"MSG-03"}


@pytest.mark.parametrize(
    ("traits", "clock", "copies"),
    [
        ({"copy_to_owner": True}, "09:05", [True]),
        ({"copy_to_owner": True}, "09:04", [False]),
        ({}, "09:05", [False]),
        ({"copy_to_owner": True, "send_before": "2h"}, "09:05", [False]),
    ],
)
def test_owner_must_have_copies(
    traits: dict[str, object], clock: str, copies: list[bool]
) -> None:
    court = {"vendor": "nuki", "zone": "Europe/Berlin", **traits}
    known = Situation({"court-1": Resource.model_validate(court)}, [CONFIRMED])
    assert [each.copied for each in messages(known, day(1, clock))] == copies


@pytest.mark.parametrize("vendor", VENDORS)
def test_copies_are_drawn(vendor: str) -> None:
    drawn = [generate(seed, Offer(vendor, CALLS, switches=True)) for seed in range(50)]
    told = [each for each in drawn if "copy_to_owner" in each.dumps()]
    assert len(told) > 5
