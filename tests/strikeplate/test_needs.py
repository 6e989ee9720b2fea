"""What a scenario wants of a profile, and which declared resources it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from strikeplate import FEATURES, vocabulary
from strikeplate.allotment import Bound, allot
from strikeplate.needs import needs_of
from strikeplate.profiles.shape import Resource
from strikeplate.requirements import Scenario, Step
from strikeplate.verdict import NotApplicable

WORDS = vocabulary.read(FEATURES)
HOUR = timedelta(hours=1)


def given(*steps: str | tuple[str, ...], **example: str) -> Scenario:
    """Return a scenario of Givens; a tuple is a step with the rows of its table."""
    found = []
    for each in steps:
        text, *rows = (each,) if isinstance(each, str) else each
        table = tuple(tuple(row.split(" | ")) for row in rows)
        found.append(Step("Context", text, table))
    return Scenario("It opens", 1, (), (), tuple(found), (example,))


def allotted(scenario: Scenario, **resources: Resource) -> dict[str, Bound]:
    needs = needs_of(scenario, scenario.examples[0], "igloohome", WORDS)
    return allot(needs, resources, WORDS)


def igloohome(**traits: object) -> Resource:
    return Resource.model_validate({"vendor": "igloohome", **traits})


PLAIN = given("court-1 has a lock in Europe/Stockholm")
WIDE = given(
    "court-1 has a lock in Europe/Stockholm",
    ("the owner sets the rule of court-1 to", "margin before, hours | 1"),
)


def test_resource_with_a_trait_is_not_taken_where_none_is_wanted() -> None:
    wide, plain = igloohome(margin_before=HOUR), igloohome()
    assert allotted(PLAIN, wide=wide, plain=plain) == {"court-1": Bound("plain")}
    assert allotted(WIDE, wide=wide, plain=plain) == {"court-1": Bound("wide")}


def test_what_is_missing_is_told_in_words_of_a_profile() -> None:
    with pytest.raises(NotApplicable) as told:
        allotted(WIDE, plain=igloohome())
    words = 'no resource is declared with vendor = "igloohome", margin_before = "1h"'
    assert str(told.value) == words


def test_trigger_must_be_stated_where_a_scenario_states_it() -> None:
    waits = given(
        "court-1 has a lock in A/B",
        ("the owner sets the rule of court-1 to", "trigger | confirmed"),
    )
    with pytest.raises(NotApplicable, match='trigger = "confirmed"'):
        allotted(waits, plain=igloohome())
    stated = igloohome(trigger="confirmed")
    assert allotted(waits, stated=stated) == {"court-1": Bound("stated")}


def test_two_courts_are_two_resources() -> None:
    both = given("court-1 has a lock in A/B", "court-2 has a lock in A/B")
    found = allotted(both, one=igloohome(), other=igloohome())
    assert found == {"court-1": Bound("one"), "court-2": Bound("other")}
    with pytest.raises(NotApplicable, match="no further resource is declared with"):
        allotted(both, one=igloohome())


def test_courts_that_share_a_door_are_not_two_doors() -> None:
    both = given("court-1 has a lock in A/B", "court-2 has a lock in A/B")
    resources = {"one": igloohome(door="gate"), "other": igloohome(door="gate")}
    with pytest.raises(NotApplicable):
        allotted(both, **resources)
    shared = given(
        "court-1 has a lock in A/B",
        "the owner makes a rule that lets bookings of court-2 open court-1",
    )
    assert {*allotted(shared, **resources)} == {"court-1", "court-2"}


def test_courts_of_one_scenario_are_in_one_zone() -> None:
    both = given("court-1 has a lock in A/B", "court-2 has a lock in A/B")
    far, near = igloohome(zone="Europe/Lisbon"), igloohome()
    found = allotted(both, one=igloohome(), far=far, near=near)
    assert found == {"court-1": Bound("one"), "court-2": Bound("near")}
    with pytest.raises(NotApplicable, match="in the zone of the others"):
        allotted(both, one=igloohome(), far=far)


def test_zone_is_wanted_where_it_is_a_column_of_examples() -> None:
    oslo = igloohome(zone="Europe/Oslo")
    assert allotted(PLAIN, oslo=oslo) == {"court-1": Bound("oslo")}
    zoned = given("court-1 has a lock in <zone>", zone="Asia/Kolkata")
    with pytest.raises(NotApplicable, match='zone = "Asia/Kolkata"'):
        allotted(zoned, oslo=oslo)


def test_setting_that_a_when_changes_is_no_trait() -> None:
    (lock, sets) = WIDE.steps
    later = Scenario(
        "It opens", 1, (), (), (lock, Step("Action", sets.text, sets.table))
    )
    assert allotted(later, plain=igloohome()) == {"court-1": Bound("plain")}


def test_further_door_is_that_of_the_resource() -> None:
    two = given(
        "court-1 has a lock in A/B",
        'the account has a lock "Side door"',
        ("the owner sets the rule of court-1 to", "locks | court-1, Side door"),
    )
    found = allotted(two, one=igloohome(), pair=igloohome(doors=2))
    assert found == {"court-1": Bound("pair"), "Side door": Bound("pair", 1)}


def test_keys_of_a_cabinet_are_slots_of_one_door() -> None:
    keys = given("flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki")
    cabinet = {"vendor": "livionkey", "kind": "key cabinet", "door": "lobby"}
    low, high = (Resource.model_validate({**cabinet, "slot": n}) for n in (0, 1))
    found = allotted(keys, high=high, low=low)
    assert found == {"flat-1": Bound("low"), "flat-2": Bound("high")}


def test_community_goes_by_the_name_of_the_scenario() -> None:
    members = given(
        "court-1 has an Exivo door in Europe/Zurich",
        'the owner makes a rule that lets members of "gold" open court-1',
    )
    club = Resource(vendor="exivo", community="club-7")
    found = allotted(members, club=club)
    assert found == {"court-1": Bound("club"), "gold": Bound("club", community=True)}


def test_rule_of_a_community_is_set_at_the_resource_whose_door_it_opens() -> None:
    members = given(
        "court-1 has an Exivo door in Europe/Zurich",
        'the owner makes a rule that lets members of "gold" open court-1',
        ("the owner sets the rule of gold to", "channel | sms"),
    )
    club = Resource(vendor="exivo", community="club-7")
    with pytest.raises(NotApplicable, match="sms"):
        allotted(members, club=club)
    texted = Resource(vendor="exivo", community="club-7", channel="sms")
    assert allotted(members, club=texted)["court-1"] == Bound("club")


@pytest.mark.parametrize(
    "step", ['the owner\'s message says "15:20"', "the owner's code opens court-1"]
)
def test_what_the_owner_reads_needs_an_address(step: str) -> None:
    told = given(
        "court-1 has a lock in A/B",
        ("the owner sets the rule of court-1 to", "copy to the owner | yes"),
        step,
    )
    with pytest.raises(NotApplicable, match="owner_email"):
        allotted(told, copied=igloohome(copy_to_owner=True))


def test_message_to_the_owner_needs_an_address() -> None:
    told = given(
        "court-1 has a lock in A/B",
        ("the owner sets the rule of court-1 to", "copy to the owner | yes"),
        "the owner has received 1 message",
    )
    copied = igloohome(copy_to_owner=True)
    with pytest.raises(NotApplicable, match="owner_email"):
        allotted(told, copied=copied)
    reached = igloohome(copy_to_owner=True, owner_email="owner@example.org")
    assert allotted(told, reached=reached) == {"court-1": Bound("reached")}
