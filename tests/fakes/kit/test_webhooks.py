from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fakes.kit.app import create_app
from fakes.kit.webhooks import Deliveries, Delivery, Outgoing, PushError, push
from tests.fakes.kit.conftest import Sim, Tenant

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.app import Options

HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def hooked(world: Any) -> Any:
    """Make a world whose vendor sends one webhook half a minute from now."""
    world.acme("PUT", "/hook", {"url": HOOK})
    world.make_code("4829")
    return world


def attempts(world: Any) -> list[tuple[str, int | None, bool]]:
    made = world.get("/deliveries")[0]["attempts"]
    return [(row["at"], row["status"], row["replay"]) for row in made]


def first(world: Any) -> str:
    return str(world.get("/deliveries")[0]["id"])


def signed_for(world: Any, outgoing: Outgoing) -> str:
    """Return the instant that the signature is good for."""
    key = world.made["credentials"]["acme"]["key"].encode()
    text = f"{outgoing.headers['acme-at']}.{outgoing.body.decode()}"
    good = hmac.digest(key, text.encode(), "sha256").hex()
    assert outgoing.headers["acme-signature"] == good
    return outgoing.headers["acme-at"]


def test_webhook_goes_out_when_its_instant_comes(hooked: Any, receiver: Any) -> None:
    hooked.advance("PT29S")
    assert receiver.took == []
    ran = hooked.advance("PT1S")["ran"]
    assert [row["what"] for row in ran] == ["acme.sync", "push.attempt"]
    assert ran[1]["status"] == 204
    assert receiver.took[0].body == b'{"ref":"code-1"}'


def test_failed_webhook_is_tried_again_on_virtual_time(
    hooked: Any, receiver: Any
) -> None:
    receiver.answers = [500, 302, 200]
    hooked.advance("PT1H")
    assert attempts(hooked) == [
        ("2026-12-01T09:00:30Z", 500, False),
        ("2026-12-01T09:01:30Z", 302, False),
        ("2026-12-01T09:06:30Z", 200, False),
    ]
    assert hooked.get("/deliveries")[0]["arrived"] is True


def test_webhook_is_given_up_after_its_last_retry(hooked: Any, receiver: Any) -> None:
    receiver.answers = [500] * 9
    hooked.advance("P1D")
    assert len(receiver.took) == 3
    assert hooked.get("/deliveries")[0]["arrived"] is False


def test_every_attempt_is_signed_anew(hooked: Any, receiver: Any) -> None:
    receiver.answers = [500, 500, 500]
    hooked.advance("PT1H")
    hooked.post(f"/deliveries/{first(hooked)}/replay")
    assert [signed_for(hooked, taken) for taken in receiver.took] == [
        "2026-12-01T09:00:30+00:00",
        "2026-12-01T09:01:30+00:00",
        "2026-12-01T09:06:30+00:00",
        "2026-12-01T10:00:00+00:00",
    ]
    assert len({taken.headers["acme-signature"] for taken in receiver.took}) == 4


def test_replay_sends_at_once_and_is_kept_as_such(hooked: Any, receiver: Any) -> None:
    hooked.advance("PT1H")
    shown = hooked.post(f"/deliveries/{first(hooked)}/replay")
    assert [row["replay"] for row in shown["attempts"]] == [False, True]
    assert [taken.body for taken in receiver.took] == [b'{"ref":"code-1"}'] * 2


def test_replay_that_arrives_ends_the_retries(hooked: Any, receiver: Any) -> None:
    receiver.answers = [500, 200]
    hooked.advance("PT31S")
    hooked.post(f"/deliveries/{first(hooked)}/replay")
    hooked.advance("PT1H")
    assert [(status, replay) for _, status, replay in attempts(hooked)] == [
        (500, False),
        (200, True),
    ]


def test_replay_of_no_such_delivery_is_named(hooked: Any) -> None:
    hooked.advance("PT1H")
    near = first(hooked)[:-1] + "x"
    refused = hooked.ask("POST", f"/deliveries/{near}/replay")
    assert refused.status_code == 404
    assert f"did you mean '{first(hooked)}'" in refused.json["detail"]


def ids_of(worlds: list[Any]) -> list[str]:
    for world in worlds:
        world.acme("PUT", "/hook", {"url": HOOK})
        world.make_code("4829")
        world.advance("PT1M")
    return [first(world) for world in worlds]


@pytest.mark.parametrize("client_clock", ["real", "world"])
def test_no_two_worlds_give_out_one_delivery_id(
    new_world: Any, client_clock: str
) -> None:
    worlds = [new_world(seed=7, client_clock=client_clock) for _ in range(2)]
    one, two = ids_of(worlds)
    assert one != two


def test_delivery_id_is_not_given_out_again_after_a_restart(
    options: Options, receiver: Any
) -> None:
    found = set()
    for _ in range(2):
        sim = Sim(create_app(options, send=receiver))
        demo = Tenant(sim.app, "/_sim/worlds/demo")
        demo.made = sim.get("/worlds/demo")
        demo.post("/clock", {"mode": "stopped"})
        found |= set(ids_of([demo]))
    assert len(found) == 2


def test_same_world_on_its_own_clock_gives_out_the_same_ids_again(
    new_world: Any,
) -> None:
    world = new_world(client_clock="world")
    before = ids_of([world])
    world.post("/reset", {})
    assert ids_of([world]) == before


def test_receiver_may_call_the_vendor_back(hooked: Any, receiver: Any) -> None:
    received: list[Any] = []

    def call_back(_: Outgoing) -> int:
        received.append(hooked.acme("GET", "/codes").json)
        received.append(hooked.get("/clock")["now"])
        return 200

    receiver.answers = [call_back]
    hooked.advance("PT1H")
    assert received == [["code-1"], "2026-12-01T09:00:30Z"]


def test_receiver_that_does_not_answer_is_told_of(hooked: Any, receiver: Any) -> None:
    def refuse(_: Outgoing) -> int:
        raise PushError("127.0.0.1: connection refused")

    receiver.answers = [refuse]
    hooked.advance("PT31S")
    made = hooked.get("/deliveries")[0]["attempts"][0]
    assert (made["status"], made["error"]) == (None, "127.0.0.1: connection refused")


def test_delivery_shows_no_pin(hooked: Any, app: Flask) -> None:
    world = app.extensions["strikeplate.worlds"].get(hooked.made["id"])
    push(world, "acme", HOOK, '{"ref":"code-1","pin":"4829"}')
    assert hooked.get("/deliveries")[0]["body"] == {"ref": "code-1", "pin": "•••"}


def test_running_clock_waits_for_no_receiver(options: Options, receiver: Any) -> None:
    callbacks: list[Any] = []
    app = create_app(
        options, send=receiver, submit=lambda _, run: callbacks.append(run)
    )
    world = app.extensions["strikeplate.worlds"].create()
    push(world, "acme", HOOK, "{}")
    world.catch_up()
    world.catch_up()
    assert (len(callbacks), receiver.took) == (1, [])
    callbacks[0]()
    assert len(receiver.took) == 1


def test_only_the_latest_thousand_deliveries_are_kept() -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    kept = Deliveries(Delivery(str(n), "acme", HOOK, "{}", at) for n in range(1000))
    kept.add(Delivery("1000", "acme", HOOK, "{}", at))
    assert [each.id for each in kept] == [str(n) for n in range(1, 1001)]


def hook_fault(world: Any, effect: dict[str, Any], **more: Any) -> None:
    body = {"vendor": "acme", "phase": "webhook", "effect": effect, **more}
    made = world.ask("POST", "/faults", body)
    assert made.status_code == 201, made.text


def bodies(receiver: Any) -> list[bytes]:
    return [each.body for each in receiver.took]


def test_lost_webhook_counts_as_delivered(hooked: Any, receiver: Any) -> None:
    hook_fault(hooked, {"lost": True}, times=1)
    hooked.make_code("1111")
    hooked.advance("PT1H")
    assert bodies(receiver) == [b'{"ref":"code-2"}']
    (lost, _) = hooked.get("/deliveries")
    assert lost["arrived"] is True
    assert lost["attempts"][0]["error"] == "lost by a fault"


def test_late_webhook_is_sent_so_much_later(hooked: Any, receiver: Any) -> None:
    hook_fault(hooked, {"late": "PT10M"})
    hooked.advance("PT10M29S")
    assert receiver.took == []
    hooked.advance("PT1S")
    assert bodies(receiver) == [b'{"ref":"code-1"}']
    hooked.advance("PT2H")
    assert len(receiver.took) == 1


def test_doubled_webhook_is_sent_twice_under_one_id(hooked: Any, receiver: Any) -> None:
    hook_fault(hooked, {"copies": 2}, path="/hook")
    hooked.advance("PT1H")
    assert bodies(receiver) == [b'{"ref":"code-1"}'] * 2
    assert [each["replay"] for each in hooked.get("/deliveries")[0]["attempts"]] == [
        False,
        True,
    ]


def test_reordered_webhook_is_overtaken_by_the_next(hooked: Any, receiver: Any) -> None:
    hook_fault(hooked, {"reordered": True}, times=1)
    hooked.advance("PT1M")
    assert receiver.took == []
    hooked.make_code("1111")
    hooked.advance("PT3H")
    assert bodies(receiver) == [b'{"ref":"code-2"}', b'{"ref":"code-1"}']


def test_reordered_webhook_that_nothing_overtakes_is_sent_at_last(
    hooked: Any, receiver: Any
) -> None:
    hook_fault(hooked, {"reordered": True})
    hooked.advance("PT1H29S")
    assert receiver.took == []
    hooked.advance("PT1S")
    assert bodies(receiver) == [b'{"ref":"code-1"}']


def test_wrongly_signed_webhook_has_the_signature_of_another_body(
    hooked: Any, receiver: Any
) -> None:
    hook_fault(hooked, {"wrong_signature": True}, times=1)
    receiver.answers = [401]
    hooked.advance("PT1H")
    wrong, right = receiver.took
    with pytest.raises(AssertionError):
        signed_for(hooked, wrong)
    signed_for(hooked, right)


@pytest.mark.parametrize(
    ("phase", "effect", "said"),
    [
        ("webhook", {"drop": True}, "phase webhook takes lost, late"),
        ("before", {"lost": True}, "goes with phase webhook"),
    ],
)
def test_effect_on_a_webhook_goes_with_its_phase(
    world: Any, phase: str, effect: dict[str, Any], said: str
) -> None:
    body = {"vendor": "acme", "phase": phase, "effect": effect}
    refused = world.ask("POST", "/faults", body)
    assert refused.status_code == 422
    assert said in refused.json["detail"]
