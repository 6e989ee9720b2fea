"""Ways of breaking the judge, each of which turns a test of it red.

A breakage replaces a part of the oracle, of exploration, of the sweep or of the vendor
side; the check is a test that passes as they are, and must not pass then.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from strikeplate.cause import SILENT, STALE, WRONG_DOOR
from strikeplate.explore import compare, generate, judge, owners, session, variations
from strikeplate.explore import single_faults as faults
from strikeplate.explore import vendor_news as news
from strikeplate.explore import vendor_side as side
from strikeplate.explore.history import FaultStep, History
from strikeplate.explore.play import Player
from strikeplate.explore.session import Exploration
from strikeplate.oracle import (
    codes,
    doors,
    events,
    messages,
    notices,
    overview,
    schedules,
)
from strikeplate.oracle.answers import Answer, always
from strikeplate.oracle.windows import Window
from tests.strikeplate.explore import (
    test_generate,
    test_judge,
    test_owners,
    test_play,
    test_single_faults,
    test_variations,
    test_vendor_side,
)
from tests.strikeplate.oracle import (
    test_codes,
    test_notices,
    test_recurring,
    test_situations,
    test_windows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strikeplate.explore.compare import Difference
    from strikeplate.explore.history import Step
    from strikeplate.oracle.answers import Timeline
    from strikeplate.oracle.codes import CodeStatement

    Check = Callable[[pytest.MonkeyPatch], None]

started = contextmanager(test_play.shared)

RED = (AssertionError, ValueError, KeyError, pytest.fail.Exception)
"""How a test ends that is red."""


class Breakage(NamedTuple):
    """What is replaced by what, and the check that must notice."""

    where: object
    name: str
    broken: object
    check: Check


def nothing(*_: object, **__: object) -> tuple[()]:
    """Return nothing at all."""
    return ()


def either(window: Window, **_: object) -> Timeline:
    return always(Answer.EITHER, window.rule)


def without_faults(
    history: History, difference: Difference, *_: object
) -> tuple[Difference, History]:
    steps = tuple(step for step in history.steps if not isinstance(step, FaultStep))
    return difference, history.model_copy(update={"steps": steps})


def well_typed(*given: object) -> Iterator[CodeStatement]:
    said = codes.codes(*given)  # type: ignore[arg-type]  # as it was called
    return (each for each in said if not each.how)


def windows_are_strict(_: pytest.MonkeyPatch) -> None:
    for case in test_windows.CASES:
        test_windows.test_timeline_is_strict_a_second_outside_and_a_second_inside(case)


def histories_go_everywhere(_: pytest.MonkeyPatch) -> None:
    test_generate.test_histories_go_everywhere("nuki")


def much_is_asked(_: pytest.MonkeyPatch) -> None:
    ask = test_play.test_reference_shows_no_difference_though_much_is_asked_of_it
    with started("inprocess:service") as target:
        ask(target, "nuki", ("confirmed", "cancelled"))


def broken_service(mutant: str, vendor: str, kinds: str, rule: str) -> Check:
    """Return the check that a known-bad service is found."""
    found = test_play.test_broken_integration_shows_the_rule_that_it_breaks

    def check(_: pytest.MonkeyPatch) -> None:
        with started(f"mutant:{mutant}") as target:
            found(target, vendor, kinds, rule)

    return check


def broken_by_a_fault(
    breakage: Callable[[pytest.MonkeyPatch], None],
) -> Check:
    """Return the check that a service is found which a single fault breaks."""

    def check(patch: pytest.MonkeyPatch) -> None:
        found = (
            test_single_faults.test_service_that_a_fault_breaks_is_found_with_its_harm
        )
        found(breakage, patch)

    return check


def shortest_shows_it(patch: pytest.MonkeyPatch) -> None:
    test_single_faults.test_shortest_history_shows_the_harm_again(patch)


def faults_are_played(_: pytest.MonkeyPatch) -> None:
    clean = test_single_faults.test_no_single_fault_makes_the_reference_harm_anybody
    with started("inprocess:service") as target:
        clean(target, "nuki")


def calls_meet_each_fault(_: pytest.MonkeyPatch) -> None:
    test_variations.test_each_call_meets_each_fault_once()


def events_meet_each_fault(_: pytest.MonkeyPatch) -> None:
    test_variations.test_each_event_meets_each_fault_that_has_a_meaning()


def members_are_said(_: pytest.MonkeyPatch) -> None:
    test_situations.test_member_opens_while_a_member_and_no_longer()


def changed_hours_are_said(_: pytest.MonkeyPatch) -> None:
    test_recurring.test_changed_hour_is_the_only_one_that_opens()


def owners_give_and_renew(_: pytest.MonkeyPatch) -> None:
    test_owners.test_owners_give_rules_away_and_renew_credentials("nuki")


def owners_act(_: pytest.MonkeyPatch) -> None:
    test_generate.test_owners_change_rules_and_codes_are_taken_away_and_refused("nuki")


def step_has_its_effect(step: Step, *rules: str) -> Check:
    """Return the check that the reference does what follows of a step."""

    def check(_: pytest.MonkeyPatch) -> None:
        does = test_play.test_reference_does_what_follows_of_a_step_that_is_no_event
        with started("inprocess:service") as target:
            does(target, "nuki", step, {*rules})

    return check


def situations_are_said(_: pytest.MonkeyPatch) -> None:
    for case in test_situations.CASES:
        test_situations.test_oracle_says_what_was_worked_out_by_hand(case)


def missing_code_is_said(_: pytest.MonkeyPatch) -> None:
    for case in test_notices.CASES:
        test_notices.test_missing_code_is_noticed_by_the_rules(case)


def wrong_door_by_chance_is_none(_: pytest.MonkeyPatch) -> None:
    chance = test_play.test_door_that_opens_by_chance_is_no_difference
    with started("inprocess:service") as target:
        chance(target, WRONG_DOOR, 0)
        chance(target, STALE, 1)


def differences_count(_: pytest.MonkeyPatch) -> None:
    run_config = test_judge.resolve_config(test_judge.Options())
    test_judge.test_difference_is_a_run_of_its_rule_that_failed(run_config)


def codes_open_in_their_window(vendor: str, rule: str) -> Check:
    def check(_: pytest.MonkeyPatch) -> None:
        test_codes.test_code_opens_its_door_in_its_window_alone(vendor, rule)

    return check


def codes_are_changed(_: pytest.MonkeyPatch) -> None:
    test_vendor_side.test_codes_are_changed_and_deleted_where_the_vendor_can("nuki")


def broken_vendor(mutant: str, vendor: str, rule: str) -> Check:
    """Return the check that a known-bad vendor is found."""

    def check(patch: pytest.MonkeyPatch) -> None:
        found = test_vendor_side.test_broken_vendor_shows_the_rule_that_it_breaks
        found(mutant, vendor, rule, patch)

    return check


ROUNDED = "rounds_to_the_nearest_hour", "igloohome", "confirmed", "IGL-02"
REMOVED = (
    *("calls_cancelled_codes_removed", "igloohome"),
    *("confirmed cancelled", "IGL-08"),
)
GOES_ON = ("does_not_report_codes_that_stay_valid", *REMOVED[1:])
STALE_CODE = broken_by_a_fault(test_single_faults.gives_up_what_was_refused_once)
SECOND_CODE = broken_by_a_fault(
    test_single_faults.orders_another_code_after_a_lost_answer
)

ORACLE = {
    "the oracle always says either": Breakage(
        Window, "timeline", either, windows_are_strict
    ),
    "whatever is seen is allowed": Breakage(
        Answer, "allows", lambda *_, **__: True, broken_service(*ROUNDED)
    ),
    "a fault excuses everything for ever": Breakage(
        events, "AFTER_FAULT", timedelta(days=900), STALE_CODE
    ),
    "no door is asked": Breakage(compare, "doors", nothing, much_is_asked),
    "no message is read": Breakage(compare, "messages", nothing, much_is_asked),
    "no code is counted": Breakage(compare, "stock", nothing, SECOND_CODE),
    "no missing code is noticed": Breakage(
        compare, "missing", nothing, step_has_its_effect(test_play.TAKEN, "CON-13")
    ),
    "nothing that was refused is tried again": Breakage(
        messages,
        "tried_again_by",
        lambda *_: events.NEVER,
        step_has_its_effect(test_play.REFUSED, "CON-14"),
    ),
    "the owner need not be told for years": Breakage(
        notices, "TOLD", timedelta(days=900), missing_code_is_said
    ),
    "nobody notices for years": Breakage(
        notices, "NOTICED", timedelta(days=900), missing_code_is_said
    ),
    "the owner's changes are left open": Breakage(
        doors, "_edited_late", lambda *_: True, situations_are_said
    ),
    "nobody is a member": Breakage(
        events, "of_community", lambda *_: None, members_are_said
    ),
    "a recurring key is left open": Breakage(
        doors,
        "recurring",
        lambda *_: always(Answer.EITHER, "NUK-10"),
        changed_hours_are_said,
    ),
    "no code is said to go on opening": Breakage(
        overview, "_goes_on", lambda *_: False, broken_service(*GOES_ON)
    ),
    "no overview is read": Breakage(
        compare, "accesses", nothing, broken_service(*REMOVED)
    ),
}
EXPLORATION = {
    "exploration plays nothing": Breakage(Player, "_played", nothing, much_is_asked),
    "exploration never moves a booking": Breakage(
        generate._Draw,  # noqa: SLF001 - what is broken
        "_change",
        nothing,
        histories_go_everywhere,
    ),
    "no owner does anything": Breakage(
        generate._Draw,  # noqa: SLF001 - what is broken
        "_owner_acts",
        nothing,
        owners_act,
    ),
    "no owner gives a rule away": Breakage(
        owners, "_give_away", nothing, owners_give_and_renew
    ),
    "no credentials are renewed": Breakage(
        owners, "_renew", nothing, owners_give_and_renew
    ),
    "no rule is changed": Breakage(
        Player, "_edit", nothing, step_has_its_effect(test_play.WIDER, "CON-16")
    ),
    "no code is taken away": Breakage(
        Player, "_take_away", nothing, step_has_its_effect(test_play.TAKEN, "CON-13")
    ),
    "a chance is a difference": Breakage(
        Exploration, "_by_chance", lambda *_: False, wrong_door_by_chance_is_none
    ),
    "every difference is a chance": Breakage(
        Exploration, "_by_chance", lambda *_: True, wrong_door_by_chance_is_none
    ),
    "shrinking loses the fault": Breakage(
        session, "shortest", without_faults, shortest_shows_it
    ),
    "differences do not count": Breakage(judge, "runs", nothing, differences_count),
}
SWEEP = {
    "a sweep plays no fault": Breakage(Player, "_begin", nothing, faults_are_played),
    "a sweep refuses no call": Breakage(
        variations,
        "AT_CALLS",
        {"answer lost": "lost after the vendor acted"},
        calls_meet_each_fault,
    ),
    "a sweep varies no event": Breakage(
        variations, "AT_EVENTS", (), events_meet_each_fault
    ),
    "a sweep calls every harm silent": Breakage(
        compare, "_harm", lambda **_: SILENT, STALE_CODE
    ),
    "a sweep counts no seconds": Breakage(
        faults, "open_seconds", lambda *_: 0, STALE_CODE
    ),
    "a sweep has no variation": Breakage(faults, "variations", nothing, STALE_CODE),
}
VENDOR_SIDE = {
    **{
        f"the oracle asks nothing of {vendor}'s windows": Breakage(
            codes,
            "OPENS",
            {**codes.OPENS, vendor: lambda *_: always(Answer.EITHER, "")},
            codes_open_in_their_window(vendor, codes.RULES[vendor].window),
        )
        for vendor in codes.RULES
    },
    "no code is changed": Breakage(
        side.CLIENTS["nuki"], "changes", False, codes_are_changed
    ),
    "no code is mistyped": Breakage(
        side, "codes", well_typed, broken_vendor("opens_to_any_pin", "exivo", "EXV-04")
    ),
    "no code is typed": Breakage(
        side,
        "codes",
        nothing,
        broken_vendor("opens_to_revoked_visits", "exivo", "EXV-06"),
    ),
    "no report is read": Breakage(
        news,
        "reports",
        nothing,
        broken_vendor("reports_no_opened_door", "exivo", "EXV-04"),
    ),
    "no mail to a manager is read": Breakage(
        news,
        "notices",
        nothing,
        broken_vendor("says_nothing_of_returned_keys", "livionkey", "LIV-06"),
    ),
    "any signature will do": Breakage(
        side.CLIENTS["nuki"],
        "is_genuine",
        lambda *_: True,
        broken_vendor("signs_with_another_secret", "nuki", "NUK-07"),
    ),
    "nothing is asked that must be refused": Breakage(
        side.VendorRun,
        "_ask_wrongly",
        nothing,
        broken_vendor("takes_any_mask_of_weekdays", "nuki", "NUK-05"),
    ),
    "every weekday is the same": Breakage(
        schedules,
        "_falls",
        lambda *_: True,
        broken_vendor("opens_on_every_day", "nuki", "NUK-05"),
    ),
}
BREAKAGES = ORACLE | EXPLORATION | SWEEP | VENDOR_SIDE


@pytest.mark.parametrize("name", BREAKAGES)
def test_broken_judge_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, broken, check = BREAKAGES[name]
    monkeypatch.setattr(where, what, broken)
    with pytest.raises(RED):
        check(monkeypatch)
