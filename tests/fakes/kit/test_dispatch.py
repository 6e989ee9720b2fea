from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client

from tests.fakes.kit.conftest import TOKEN


class DroppedError(Exception):
    """Raised by a caller in this process in place of the answer that never comes."""


def drop_answer() -> None:
    raise DroppedError


def fault(world: Any, **body: Any) -> Any:
    return world.post("/faults", {"vendor": "acme", "phase": "before"} | body)


def cloud(world: Any) -> list[str]:
    return [code["code"] for code in world.get("/codes") if code["truth"] == "cloud"]


def test_fault_before_the_deed_leaves_nothing_done(world: Any) -> None:
    fault(world, effect={"status": 503, "body": {"error": "busy"}}, times=1)
    refused = world.make_code("4829")
    assert (refused.status_code, refused.json) == (503, {"error": "busy"})
    assert cloud(world) == []
    assert world.make_code("4829").status_code == 200


def test_fault_after_the_deed_leaves_it_done(world: Any) -> None:
    fault(world, phase="after", effect={"status": 502, "body": "bad gateway"})
    refused = world.make_code("4829")
    assert (refused.status_code, refused.text) == (502, "bad gateway")
    assert refused.content_type == "text/plain; charset=utf-8"
    assert cloud(world) == ["4829"]


def test_fault_may_say_when_to_come_again(world: Any) -> None:
    fault(world, effect={"status": 429, "headers": {"Retry-After": "7"}})
    assert world.make_code("4829").headers["Retry-After"] == "7"


@pytest.mark.parametrize(("phase", "done"), [("before", []), ("after", ["4829"])])
def test_lost_answer_never_comes(world: Any, phase: str, done: list[str]) -> None:
    fault(world, phase=phase, effect={"drop": True})
    with pytest.raises(DroppedError):
        world.acme(
            "POST",
            "/codes",
            {"door": world.door, "pin": "4829"},
            environ_overrides={"strikeplate.drop": drop_answer},
        )
    assert cloud(world) == done
    assert world.get("/requests")[-1]["status"] is None
    assert world.get("/requests")[-1]["acted"] is (phase == "after")


def test_late_answer_waits_as_the_caller_says(world: Any) -> None:
    fault(world, phase="after", effect={"delay_ms": 1500})
    waited: list[int] = []
    made = world.acme(
        "GET", "/codes", environ_overrides={"strikeplate.delay": waited.append}
    )
    assert (made.status_code, waited) == (200, [1500])


def test_caller_may_let_time_pass_while_it_waits(world: Any) -> None:
    fault(world, effect={"delay_ms": 60_000})
    made = world.acme(
        "POST",
        "/codes",
        {"door": world.door, "pin": "4829"},
        environ_overrides={"strikeplate.delay": lambda _: world.advance("PT60S")},
    )
    assert made.json["at"] == "2026-12-01T09:01:00+00:00"


def test_journal_tells_the_call_without_credentials_and_pins(world: Any) -> None:
    world.acme("POST", "/codes?token=abc&x=1", {"door": world.door, "pin": "4829"})
    assert world.get("/requests") == [
        {
            "at": "2026-12-01T09:00:00Z",
            "vendor": "acme",
            "method": "POST",
            "path": "/codes",
            "query": {"token": "•••", "x": "1"},
            "status": 200,
            "request": {"door": world.door, "pin": "•••"},
            "answer": {
                "ref": "code-1",
                "pin": "•••",
                "at": "2026-12-01T09:00:00+00:00",
            },
            "fault": None,
            "acted": True,
            "ref": "code-1",
        }
    ]


def test_journal_is_read_by_vendor_and_path_and_can_be_forgotten(world: Any) -> None:
    world.acme("GET", "/codes")
    world.acme("GET", "/nothing")
    assert [row["path"] for row in world.get("/requests?path=/co*")] == ["/codes"]
    assert world.get("/requests?vendor=other") == []
    assert world.ask("DELETE", "/requests?path=/codes").status_code == 204
    assert [row["path"] for row in world.get("/requests")] == ["/nothing"]
    assert world.ask("DELETE", "/requests").status_code == 204
    assert world.get("/requests") == []


def test_journal_keeps_the_latest_thousand_calls(world: Any) -> None:
    for _ in range(1001):
        world.acme("GET", "/codes")
    world.acme("PUT", "/hook", {"url": "http://127.0.0.1:9/"})
    rows = world.get("/requests")
    assert len(rows) == 1000
    assert rows[-1]["path"] == "/hook"


def test_body_beyond_a_megabyte_is_refused(world: Any) -> None:
    assert world.acme("POST", "/codes", "x" * 1_100_000).status_code == 413


def test_worlds_count_no_call_of_a_stranger(world: Any) -> None:
    world.made["credentials"]["acme"]["key"] = "guessed"
    world.acme("GET", "/codes")
    assert world.get("/requests") == []


def test_call_that_belongs_to_no_world_is_listed_without_its_secrets(
    world: Any,
) -> None:
    client = Client(world.app)
    key = {"X-Key": "a-key-of-nobody-0123456789"}
    client.post("/acme/codes", json={"pin": "4829"}, headers=key)
    client.get("/acme/doors/a-token-of-nobody-0123456789")
    client.get("/acne/codes")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = client.get("/_sim/unknown-calls", headers=headers)
    seen = [(each["method"], each["path"], each["why"]) for each in answer.json]
    assert seen == [
        ("POST", "/acme/codes", "a credential of no account"),
        ("GET", "/acme/doors/•••", "no credential"),
        ("GET", "/acne/codes", "a path of no vendor"),
    ]
    assert "nobody" not in answer.text
    assert world.get("/requests") == []


def test_call_is_logged_without_what_may_be_secret(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="fakes"):
        world.make_code("4829")
        world.acme("GET", "/codes/0123456789abcdef0123")
    assert caplog.messages == ["POST /acme/codes: 200", "GET /acme/codes/•••: 404"]
    assert "4829" not in caplog.text
