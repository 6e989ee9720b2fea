"""Vendors' servers asked for codes: our fakes are right, broken ones are found."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from fakes.doors.algopin import PinMeaning
from fakes.doors.codebook import Codebook
from fakes.kit.dispatch import current_world
from fakes.vendors.exivo import delivery as exivo_delivery
from fakes.vendors.exivo import device_events
from fakes.vendors.exivo import routes as exivo_routes
from fakes.vendors.exivo.routes import persons
from fakes.vendors.exivo.state import state_of
from fakes.vendors.igloohome import issue
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey import delivery as livion_delivery
from fakes.vendors.livionkey import webhooks as livion_webhooks
from fakes.vendors.livionkey.routes import portal
from fakes.vendors.livionkey.state import PushTarget
from fakes.vendors.nuki import webhooks as nuki_webhooks
from fakes.vendors.nuki.routes import auths
from fakes.vendors.nuki.state import Limits
from fakes.vendors.nuki.state import state_of as nuki_state_of
from strikeplate.config import Options, resolve_config
from strikeplate.environment import TargetContext
from strikeplate.explore import vendor_side
from strikeplate.explore.counts import Counts
from strikeplate.explore.vendor_clients import CLIENTS
from strikeplate.explore.vendor_command import command
from strikeplate.explore.vendor_generate import generate
from strikeplate.explore.vendor_hooks import Receiver
from strikeplate.explore.vendor_side import play
from strikeplate.subjects.vendor import start_vendor
from strikeplate.verdict import Misuse
from tests.strikeplate.subjects.test_vendor import environment, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from fakes.doors.codebook import StoredCode
    from fakes.doors.keycode import Memory
    from fakes.kit.world import World
    from fakes.vendors.livionkey.contracts import Terms
    from fakes.vendors.livionkey.state import Contract
    from strikeplate.explore.compare import Difference

SEEDS = range(1, 21)
RARE = {"keeps_who_left_while_a_door_was_away": (36, 60)}
"""Which seeds find what one in forty finds: a person deleted while a door is away."""

AT_ONCE = {
    "opens_on_every_day",
    "opens_to_any_pin",
    "opens_to_revoked_visits",
    "reports_no_opened_door",
    "says_nothing_of_returned_keys",
    "signs_with_another_secret",
    "takes_any_mask_of_weekdays",
}
"""Found in the first two runs, so that no more are played to a judge that is broken."""


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
    with server("fake") as shared, closing(Receiver()) as receiver:
        for seed in SEEDS[:6]:
            found, played = play(generate(seed, vendor), shared, receiver)
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
    made = {(each.code, each.start, each.end) for each in asked}
    deleted = [each for each in asked if each.do == "delete"]
    assert bool(deleted) is (vendor in {"exivo", "livionkey", "nuki"})
    assert made
    runs = (generate(seed, vendor).asked for seed in SEEDS)
    changed = any(
        sum(each.code == "c1" and each.do != "delete" for each in run) > 1
        for run in runs
    )
    assert changed is (vendor in {"livionkey", "nuki"})


@pytest.mark.parametrize(
    ("mutant", "vendor", "rule"),
    [
        ("opens_doors_of_other_rooms", "exivo", "EXV-03"),
        ("opens_to_any_pin", "exivo", "EXV-04"),
        ("opens_to_revoked_visits", "exivo", "EXV-06"),
        ("accepts_every_pin_only_once", "igloohome", "IGL-04"),
        ("expires_used_pins_after_a_day", "igloohome", "IGL-05"),
        ("issues_pins_without_a_keypad", "igloohome", "IGL-11"),
        ("keeps_unused_daily_pins_alive", "igloohome", "IGL-05"),
        ("needs_the_server_to_open", "igloohome", "IGL-01"),
        ("never_counts_wrong_tries", "igloohome", "IGL-01"),
        ("one_time_opens_twice", "igloohome", "IGL-10"),
        ("opens_a_minute_longer", "igloohome", "IGL-04"),
        ("refuses_hourly_pins_of_28_days", "igloohome", "IGL-06"),
        ("shares_one_secret", "igloohome", "IGL-01"),
        ("takes_pins_back", "igloohome", "IGL-08"),
        ("truncates_minutes_silently", "igloohome", "IGL-06"),
        ("uses_the_servers_clock_at_the_lock", "igloohome", "IGL-01"),
        ("waits_for_ever_for_its_first_use", "igloohome", "IGL-05"),
        ("forgets_static_codes_with_the_contract", "livionkey", "LIV-04"),
        ("gives_keys_out_for_static_codes", "livionkey", "LIV-04"),
        ("gives_keys_out_within_grace", "livionkey", "LIV-03"),
        ("ignores_grace_at_the_cabinet", "livionkey", "LIV-03"),
        ("lets_the_default_checkout_win", "livionkey", "LIV-01"),
        ("reports_late_keys_at_once", "livionkey", "LIV-05"),
        ("reports_one_late_key_of_a_contract", "livionkey", "LIV-05"),
        ("says_nothing_of_returned_keys", "livionkey", "LIV-06"),
        ("takes_keys_back_for_ever", "livionkey", "LIV-02"),
        ("tells_cabinets_of_grace_with_the_next_contract", "livionkey", "LIV-03"),
        ("keeps_what_an_update_leaves_out", "nuki", "NUK-08"),
        ("lets_every_token_do_everything", "nuki", "NUK-12"),
        ("lets_tokens_that_read_write", "nuki", "NUK-12"),
        ("numbers_codes_by_how_many_there_are", "nuki", "NUK-08"),
        ("opens_on_every_day", "nuki", "NUK-05"),
        ("reads_minutes_in_utc", "nuki", "NUK-06"),
        ("reads_the_week_backwards", "nuki", "NUK-05"),
        ("requires_seconds_in_dates", "nuki", "NUK-04"),
        ("restricts_without_a_first_day", "nuki", "NUK-07"),
        ("says_deleted_and_keeps_the_code", "nuki", "NUK-03"),
        ("takes_any_mask_of_weekdays", "nuki", "NUK-05"),
        ("takes_any_minute_of_the_day", "nuki", "NUK-06"),
        ("takes_codes_without_a_keypad", "nuki", "NUK-01"),
        ("takes_dates_without_a_time", "nuki", "NUK-04"),
        ("keeps_deleted_contracts", "livionkey", "LIV-02"),
        ("keeps_the_old_times", "livionkey", "LIV-01"),
        ("reports_no_contract", "livionkey", "LIV-01"),
        ("signs_with_no_header", "livionkey", "LIV-01"),
        ("reports_no_key_as_taken", "livionkey", "LIV-07"),
        ("signs_with_another_secret", "nuki", "NUK-07"),
        ("reports_no_deletion", "nuki", "NUK-03"),
        ("reports_codes_without_their_times", "nuki", "NUK-02"),
        ("reports_no_opened_door", "exivo", "EXV-04"),
        ("counts_early_tries_as_use", "igloohome", "IGL-05"),
        ("deletes_for_every_token", "nuki", "NUK-12"),
        ("keeps_switched_off_codes", "nuki", "NUK-08"),
        ("forgets_deletions_that_waited", "nuki", "NUK-03"),
        ("keeps_the_digits_of_before", "nuki", "NUK-08"),
        ("keeps_the_pin_of_before", "livionkey", "LIV-01"),
        ("ends_updates_without_an_end_at_the_checkout", "livionkey", "LIV-01"),
        ("keeps_who_left_while_a_door_was_away", "exivo", "EXV-02"),
        ("tells_no_door_of_new_hours", "exivo", "EXV-02"),
        ("limits_lists_before_it_skips", "exivo", "EXV-03"),
        ("takes_no_exit_dates", "exivo", "EXV-02"),
        ("repeats_the_first_page_of_codes", "nuki", "NUK-07"),
        ("gives_one_pin_for_every_variance", "igloohome", "IGL-05"),
        ("keeps_old_pins_beside_new_ones", "livionkey", "LIV-01"),
        ("shows_returned_keys_as_out", "livionkey", "LIV-06"),
        ("opens_the_first_door_of_a_visit", "exivo", "EXV-03"),
        ("makes_the_first_of_many_codes", "nuki", "NUK-07"),
        ("changes_the_first_of_many_codes", "nuki", "NUK-08"),
        ("deletes_the_first_of_many_codes", "nuki", "NUK-03"),
        ("lets_shortened_contracts_open_till_their_old_end", "livionkey", "LIV-02"),
    ],
)
def test_broken_vendor_shows_the_rule_that_it_breaks(
    mutant: str, vendor: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mutant in BROKEN:
        monkeypatch.setattr(*BROKEN[mutant])
    connect = "fake" if mutant in BROKEN else f"mutant:{mutant}"
    seeds = RARE.get(mutant, SEEDS[:2] if mutant in AT_ONCE else SEEDS)
    with server(connect) as shared:
        assert any(each.rule == rule for each in differences(shared, vendor, seeds))


CHANGE = contracts.change


def change_all_but_times(world: World, contract: Contract, terms: Terms) -> None:
    CHANGE(world, contract, replace(terms, start=contract.start, end=contract.end))


SEND_AUTH = nuki_webhooks.send_auth
KEY_STATUS = livion_webhooks.key_status


def of_returned_keys(world: World, key: Any, action: str, *rest: Any) -> None:
    if action != "key-fetched":
        KEY_STATUS(world, key, action, *rest)


def shown_without_times(
    world: World, device: Any, auth: Any, *, deleted: bool = False, **_: Any
) -> None:
    settings = replace(auth.settings, limits=Limits())
    SEND_AUTH(world, device, replace(auth, settings=settings), deleted=deleted)


def not_of_deletions(
    world: World, device: Any, auth: Any, *, deleted: bool = False, **_: Any
) -> None:
    if not deleted:
        SEND_AUTH(world, device, auth)


def only_who_is_there(world: World, component: Any, refs: Iterable[str] = ()) -> None:
    state = state_of(world)
    named = list(refs) or [*state.persons, *state.key_visits]
    if named:
        INSTRUCT(world, component, named)


def first_the_limit(asked: Any, row: Any, rows: Any, query: Mapping[str, str]) -> Any:
    skip = int(query.get("skip", "0"))
    rest = {name: text for name, text in query.items() if name != "skip"}
    return SELECT(asked, row, rows, rest)[skip:]


def beside_the_old(book: Codebook, number: int, code: StoredCode) -> None:
    if book.codes[number].digits != code.digits:
        book.codes[max(book.codes) + 1000] = book.codes[number]
    CHANGE_CODE(book, number, code)


def new_in_the_record_alone(world: World, contract: Contract) -> str:
    del contract
    return str(world.ids.digits("livionkey.pin", 6))


def of_named_people_alone(world: World, *refs: str) -> None:
    if refs:
        SPREAD(world, *refs)


def but_exit_dates(asked: Any) -> dict[str, Any]:
    return {k: v for k, v in FIELDS(asked).items() if k != "exit_date"}


def of_the_first_page(*, results: Any, pagination: Any) -> Any:
    world = current_world()
    rows = [*auths._shown(world, nuki_state_of(world).devices.values())]  # noqa: SLF001 - what it shows
    size = pagination.page_size if results else 0
    return PAGE(results=rows[:size], pagination=pagination)


def of_the_first_variance(kind: str, hour: int, duration: int, _: int) -> PinMeaning:
    return PinMeaning(kind, hour, duration, 1)


def beside_every_pin_before() -> Callable[..., Memory]:
    had: dict[str, set[str]] = {}

    def remember(*where: Any) -> Memory:
        memory = MEMORY(*where)
        for grant in list(memory.grants):
            pins = had.setdefault(grant.ref, set())
            memory.grants += [replace(grant, pin=pin) for pin in pins - {grant.pin}]
            pins.add(grant.pin)
        return memory

    return remember


FIELDS = persons._fields
PAGE, MEMORY = auths.AuthPage, livion_delivery.memory_of
DEVICES, CHANGES = auths._devices, auths.read_many  # noqa: SLF001 - what is broken
SPREAD = exivo_delivery.spread
INSTRUCT, SELECT = exivo_delivery.instruct, exivo_routes.select_rows
CHANGE_CODE = Codebook.change
BROKEN: Mapping[str, tuple[Any, str, Any]] = {
    "keeps_deleted_contracts": (contracts, "remove", lambda *_: None),
    "keeps_the_old_times": (contracts, "change", change_all_but_times),
    "reports_no_contract": (livion_webhooks, "contract_update", lambda *_: None),
    "signs_with_no_header": (
        portal,
        "PushTarget",
        lambda url, _headers: PushTarget(url, {}),
    ),
    "reports_no_key_as_taken": (livion_webhooks, "key_status", of_returned_keys),
    "signs_with_another_secret": (nuki_webhooks, "_secret", lambda *_: "another"),
    "reports_no_deletion": (nuki_webhooks, "send_auth", not_of_deletions),
    "reports_codes_without_their_times": (
        nuki_webhooks,
        "send_auth",
        shown_without_times,
    ),
    "keeps_who_left_while_a_door_was_away": (
        exivo_delivery,
        "instruct",
        only_who_is_there,
    ),
    "tells_no_door_of_new_hours": (exivo_delivery, "spread", of_named_people_alone),
    "limits_lists_before_it_skips": (exivo_routes, "select_rows", first_the_limit),
    "takes_no_exit_dates": (persons, "_fields", but_exit_dates),
    "repeats_the_first_page_of_codes": (auths, "AuthPage", of_the_first_page),
    "gives_one_pin_for_every_variance": (issue, "PinMeaning", of_the_first_variance),
    "keeps_old_pins_beside_new_ones": (
        livion_delivery,
        "memory_of",
        beside_every_pin_before(),
    ),
    "makes_the_first_of_many_codes": (
        auths,
        "_devices",
        lambda world, ids: DEVICES(world, ids)[:1],
    ),
    "changes_the_first_of_many_codes": (
        auths,
        "read_many",
        lambda shape: CHANGES(shape)[:1],
    ),
    "keeps_the_digits_of_before": (Codebook, "change", beside_the_old),
    "keeps_the_pin_of_before": (contracts, "renew_pin", new_in_the_record_alone),
    "reports_no_opened_door": (device_events, "send_event", lambda *_: None),
}
"""What a broken vendor does instead of a function of its module."""


def differences(
    shared: TargetContext, vendor: str, seeds: Iterable[int]
) -> Iterator[Difference]:
    with closing(Receiver()) as receiver:
        for seed in seeds:
            yield from play(generate(seed, vendor), shared, receiver)[0]


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
    assert "codes --server mutant:opens_to_revoked_visits --history" in done.output
    sound = CliRunner().invoke(command, ["--runs=1"], standalone_mode=False)
    assert sound.return_value == 0, sound.output
    assert sound.output.endswith("0 differences\n")


def test_wrong_words_are_refused_with_the_fix() -> None:
    refused = CliRunner().invoke(command, ["--vendor", "nukki"])
    assert isinstance(refused.exception, Misuse)
    assert "nuki" in str(refused.exception)
