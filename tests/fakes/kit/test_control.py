from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer guessed"}])
def test_control_wants_its_token(app: Flask, header: dict[str, str]) -> None:
    refused = Client(app).get("/_sim/worlds", headers=header)
    assert refused.status_code == 401
    assert refused.content_type == "application/problem+json"
    assert refused.json["title"] == "Unauthorized"


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/metrics"])
def test_open_pages_need_no_token(app: Flask, path: str) -> None:
    assert Client(app).get(path).status_code == 200


def test_figures_count_calls_by_vendor_and_status(app: Flask, world: Any) -> None:
    world.make_code("4829")
    text = Client(app).get("/metrics").text
    assert 'strikeplate_fakes_calls_total{status="200",vendor="acme"} 1.0' in text
    assert "strikeplate_fakes_worlds 2.0" in text


def test_clock_tells_what_is_due_next(world: Any) -> None:
    assert world.get("/clock")["next_at"] is None
    world.make_code("4829")
    assert world.get("/clock") == {
        "now": "2026-12-01T09:00:00Z",
        "mode": "stopped",
        "next_at": "2026-12-01T09:00:30Z",
        "client_clock": "real",
        "speed": 1.0,
    }


def test_clock_stops_where_something_is_due_if_asked_to(world: Any) -> None:
    world.make_code("4829")
    onwards = {"advance": "PT1H", "until_due": True}
    stops = [world.post("/clock", onwards) for _ in range(2)]
    assert stops[0]["now"] == "2026-12-01T09:00:30Z"
    assert [each["next_at"] for each in stops] == [None, None]
    assert stops[1]["now"] == "2026-12-01T10:00:30Z"


def test_clock_goes_to_an_instant_of_any_offset(world: Any) -> None:
    moved = world.post("/clock", {"now": "2026-12-01T12:00:00+02:00"})
    assert moved["now"] == "2026-12-01T10:00:00Z"


def test_clock_is_stopped_and_set_running(world: Any) -> None:
    assert world.post("/clock", {"mode": "running"})["mode"] == "running"
    stopped = world.post("/clock", {"mode": "stopped", "advance": "PT1H"})
    assert stopped["mode"] == "stopped"
    assert stopped["now"] > "2026-12-01T10:00:00"
    assert world.get("/clock")["now"] == stopped["now"]


def test_clock_refuses_to_go_back_and_names_both_instants(world: Any) -> None:
    refused = world.ask("POST", "/clock", {"now": "2026-12-01T08:00:00Z"})
    assert refused.status_code == 409
    assert "2026-12-01T09:00:00+00:00" in refused.json["detail"]
    assert "2026-12-01T08:00:00+00:00" in refused.json["detail"]


def test_world_of_no_such_id_is_named(sim: Any) -> None:
    refused = sim.ask("GET", "/worlds/demp/clock")
    assert refused.status_code == 404
    assert "unknown world 'demp'; did you mean 'demo'?" in refused.json["detail"]


@pytest.mark.parametrize("path", ["/nothing", "/worlds/demo/nothing"])
def test_path_of_no_such_name_is_a_problem(sim: Any, path: str) -> None:
    assert sim.ask("GET", path).content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/clock", {"now": "2026-12-01T10:00:00"}, "now"),
        ("/clock", {"advance": "three hours"}, "advance"),
        ("/clock", {"mode": "slow"}, "mode"),
        ("/clock", {"nwo": "2026-12-01T10:00:00Z"}, "nwo"),
        ("/doors", {"name": "Back"}, "vendor"),
        ("/doors", {"vendor": "acne", "name": "Back"}, "vendor"),
        ("/doors", {"vendor": "acme", "name": ""}, "name"),
        ("/doors", {"vendor": "acme", "name": "B", "timezone": "Mars/X"}, "timezone"),
        ("/doors", {"vendor": "acme", "name": "B", "battery": 101}, "battery"),
        ("/doors", {"vendor": "acme", "name": "B", "online": "yes"}, "online"),
        (
            "/faults",
            {"vendor": "acme", "phase": "now", "effect": {"drop": True}},
            "phase",
        ),
        ("/faults", {"vendor": "acme", "phase": "after", "effect": {}}, "effect"),
        (
            "/faults",
            {"vendor": "acme", "phase": "after", "effect": {"delay_ms": 60_001}},
            "effect.delay_ms",
        ),
        (
            "/faults",
            {"vendor": "acne", "phase": "after", "effect": {"drop": True}},
            "vendor",
        ),
        (
            "/faults",
            {
                "vendor": "acme",
                "phase": "after",
                "effect": {"drop": True},
                "probability": 0,
            },
            "probability",
        ),
        (
            "/faults",
            {
                "vendor": "acme",
                "phase": "after",
                "effect": {"drop": True},
                "ttl": "PT0S",
            },
            "ttl",
        ),
    ],
)
def test_wrong_field_is_named(
    world: Any, path: str, body: dict[str, Any], field: str
) -> None:
    refused = world.ask("POST", path, body)
    assert refused.status_code == 422
    assert field in [error["field"] for error in refused.json["errors"]]
    assert all(error["fix"] for error in refused.json["errors"])


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        (
            "POST",
            "/clock",
            {"now": "2026-12-02T09:00:00Z", "advance": "PT1H"},
            "give either now or advance, not both",
        ),
        (
            "POST",
            "/faults",
            {
                "vendor": "acme",
                "phase": "after",
                "effect": {"drop": True, "headers": {"x": "y"}},
            },
            "headers go with a status or a body",
        ),
        ("PATCH", "/quirks", ["acme"], "give an object"),
    ],
)
def test_body_that_makes_no_sense_is_told_why(
    world: Any, method: str, path: str, body: Any, said: str
) -> None:
    refused = world.ask(method, path, body)
    assert refused.status_code == 422
    assert said in refused.json["detail"]


def test_body_that_is_not_json_is_told_so(world: Any, app: Flask) -> None:
    for method, path in [("POST", "/clock"), ("PATCH", "/quirks"), ("PUT", "/state")]:
        refused = Client(app).open(
            f"{world.base}{path}",
            method=method,
            data=b"{now",
            headers={"Authorization": "Bearer control"},
        )
        assert refused.status_code == 400


def test_code_of_the_wrong_type_is_not_repeated(world: Any) -> None:
    refused = world.ask("POST", f"/doors/{world.door}/entries", {"code": 48291234})
    assert refused.status_code == 422
    assert "48291234" not in refused.text


def test_door_that_does_not_know_a_field_says_so(world: Any) -> None:
    body = {"code": "4829", "then": "take"}
    refused = world.ask("POST", f"/doors/{world.door}/entries", body)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "then"


def test_door_refuses_what_has_no_key_on_it_without_repeating_it(world: Any) -> None:
    refused = world.ask("POST", f"/doors/{world.door}/probe", {"code": "48x29"})
    assert refused.status_code == 422
    assert refused.json["detail"] == "this keypad has the digits 0 to 9"
    assert "48x29" not in refused.text


def test_door_is_hung_changed_and_shown(world: Any) -> None:
    door = world.post("/doors", {"vendor": "acme", "name": "Back"})
    path = f"/doors/{door['id']}"
    changed = world.ask("PATCH", path, {"online": False}).json
    assert changed == {**door, "online": False}
    assert world.get(path) == changed
    assert [each["name"] for each in world.get("/doors")] == ["Front", "Back"]
    assert "did you mean 'door-2'" in world.get("/doors/dor-2")["detail"]


def test_probe_asks_about_another_instant_and_leaves_no_trace(world: Any) -> None:
    asked = {"code": "4829", "at": "2026-12-24T18:00:00Z"}
    answer = world.post(f"/doors/{world.door}/probe", asked)
    assert answer == {"opens": False, "reason": "wrong-code", "rule": "ACM-01"}
    assert world.get(f"/doors/{world.door}/log") == []


def test_faults_are_listed_with_what_they_did_and_ended(world: Any) -> None:
    body = {"vendor": "acme", "phase": "after", "effect": {"status": 500}}
    first = world.post("/faults", body | {"times": 1, "ttl": "PT5M"})
    assert first["expires_at"] == "2026-12-01T09:05:00Z"
    world.post("/faults", body)
    world.make_code("4829")
    listed = world.get("/faults")
    assert [(row["seen"], row["struck"], row["lives"]) for row in listed] == [
        (1, 1, False),
        (1, 0, True),
    ]
    assert world.ask("DELETE", f"/faults/{first['id']}").status_code == 204
    assert world.ask("DELETE", f"/faults/{first['id']}").status_code == 404
    assert world.ask("DELETE", "/faults").status_code == 204
    assert world.get("/faults") == []


def test_quirks_are_a_ledger_and_a_panel_of_switches(world: Any) -> None:
    changed = world.ask("PATCH", "/quirks", {"acme": {"sync-seconds": 5}}).json
    assert changed["acme"]["sync-seconds"]["value"] == 5
    assert changed["acme"]["sync-seconds"]["confidence"] == "invented"
    world.make_code("4829")
    assert world.get("/clock")["next_at"] == "2026-12-01T09:00:05Z"


def test_outbox_shows_what_vendors_sent_to_people(
    app: Flask, new_world: Callable[..., Any]
) -> None:
    tenant = new_world()
    world = app.extensions["strikeplate.worlds"].get(tenant.made["id"])
    world.mail("acme", "sms", "+46701234567", "", "Your key is late.")
    assert tenant.get("/outbox") == [
        {
            "id": "mail-1",
            "at": "2026-12-01T09:00:00Z",
            "vendor": "acme",
            "channel": "sms",
            "to": "+46701234567",
            "subject": "",
            "body": "Your key is late.",
        }
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/clock", {"advance": "3h"}, 422, 'such as "PT3H"'),
        ("POST", "/clock", {"advnce": "PT3H"}, 422, "did you mean 'advance'?"),
        ("POST", "/clock", {"advance": "P99Y", "mode": "off"}, 422, "mode: "),
        ("POST", "/clock", {"now": "2026"}, 422, "with an offset"),
        ("POST", "/clock", {"now": "2026-12-01T09:00:00"}, 422, "with an offset"),
        ("POST", "/clock", {"now": "9999-12-31T23:59:59-14:00"}, 422, "1970 to 2300"),
        ("GET", "/requests?vendr=acme", None, 422, "did you mean 'vendor'?"),
        ("GET", "/doors?door=1", None, 422, "unknown query key 'door'"),
        ("POST", "/doors/nobody/entries", {"code": "1"}, 404, "unknown door 'nobody'"),
        ("PATCH", "/doors/{door}", {"battery": None}, 422, "or leave the field out"),
        ("PATCH", "/doors/{door}", {"clock_drift_seconds": 1e308}, 422, "31622400"),
        ("POST", "/doors/{door}/entries", {"code": "1", "self": 1}, 422, "self 1: no"),
        (
            "POST",
            "/faults",
            {"vendor": "acme", "phase": "before", "effect": {"stats": 500}},
            422,
            "did you mean 'status'?",
        ),
        (
            "POST",
            "/faults",
            {
                "vendor": "acme",
                "phase": "before",
                "effect": {"status": 500, "headers": {"x": "a\r\nSet-Cookie: b"}},
            },
            422,
            "printable ASCII",
        ),
        (
            "POST",
            "/faults",
            {
                "vendor": "acme",
                "phase": "before",
                "effect": {"status": 500, "headers": {"Content-Length": "9"}},
            },
            422,
            "Content-Length",
        ),
        (
            "POST",
            "/faults",
            {
                "vendor": "acme",
                "phase": "before",
                "effect": {"drop": True},
                "ttl": "P10000Y",
            },
            422,
            "36525 days",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_fix(  # noqa: PLR0913, PLR0917 - a table
    world: Any, method: str, path: str, body: Any, status: int, says: str
) -> None:
    answer = world.ask(method, path.format(door=world.door), body)
    assert answer.status_code == status
    assert says in answer.json["detail"]


def test_health_and_figures_tell_the_version(app: Flask) -> None:
    client = Client(app)
    assert client.get("/healthz").json["version"] == serving.version()
    assert f'version="{serving.version()}"' in client.get("/metrics").text


def test_notes_say_what_happened_outside(world: Any) -> None:
    body = {"title": "Event booking.paid", "about": "B-1"}
    made = world.ask("POST", "/notes", body)
    assert made.status_code == 201
    at = {"id": "note-1", "at": "2026-12-01T09:00:00Z", "text": ""}
    assert world.get("/notes") == [body | at]
    world.ask("POST", "/reset")
    assert world.get("/notes") == []


def test_note_without_a_title_is_refused(world: Any) -> None:
    refused = world.ask("POST", "/notes", {"title": ""})
    assert refused.status_code == 422
    assert "title" in refused.text


def test_clock_gets_a_speed_as_it_starts(world: Any) -> None:
    refused = world.ask("POST", "/clock", {"speed": 60})
    assert refused.status_code == 422
    assert "a stopped clock has no speed" in refused.json["detail"]
    started = world.post("/clock", {"speed": 60, "mode": "running"})
    assert (started["mode"], started["speed"]) == ("running", 60)
    assert world.post("/clock", {"speed": 1})["speed"] == 1
    assert world.ask("POST", "/clock", {"speed": 0}).status_code == 422
