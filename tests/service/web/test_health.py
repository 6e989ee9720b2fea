"""What is open to all says how it goes, and nothing about anybody."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tests.service.paper import PASSWORD
from tests.service.web.conftest import TOKEN, event

if TYPE_CHECKING:
    import pytest

    from tests.service.web.conftest import Desk


def test_it_is_healthy_and_says_what_it_is(desk: Desk) -> None:
    assert desk.client.get("/healthz").json == {"status": "ok"}
    assert "/api/openapi.json" in desk.client.get("/").text


def test_figures_count_what_became_of_webhooks_and_jobs(desk: Desk) -> None:
    connection = desk.ready()
    told = event()
    for _ in range(2):
        desk.send(connection, told)
    desk.send(connection, told, {"webhook-signature": "v1,x"})
    desk.shop.work()
    text = desk.client.get("/metrics").text
    assert 'strikeplate_webhooks_total{answer="accepted"} 1.0' in text
    assert 'strikeplate_webhooks_total{answer="duplicate"} 1.0' in text
    assert 'strikeplate_webhooks_total{answer="401"} 1.0' in text
    assert 'strikeplate_jobs_total{outcome="issued",trade="access"} 1.0' in text
    assert 'strikeplate_jobs_total{outcome="sent",trade="message"} 1.0' in text
    assert "strikeplate_work_due 0.0" in text


def test_neither_logs_nor_figures_tell_secrets_or_persons(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "strikeplate")
    connection = desk.ready()
    desk.send(connection, event())
    desk.shop.work()
    (access,) = desk.get("/api/accesses")["items"]
    desk.send(connection, event(booking={"end": "2027-12-01T10:00:00Z"}))
    hidden = [
        access["pin"],
        TOKEN,
        PASSWORD,
        "Ada",
        "ada@example.org",
        connection["webhook_secret"],
        connection["webhook_url"].rpartition("/")[2],
    ]
    said = caplog.text + desk.client.get("/metrics").text
    assert access["id"] in said
    assert [each for each in hidden if each in said] == []


def test_a_fault_is_told_without_its_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("the code is 123456")

    monkeypatch.setattr(type(desk.shop.service), "figures", fail)
    answer = desk.client.get("/metrics")
    assert answer.status_code == 500
    assert "123456" not in answer.text + caplog.text
    assert "ZeroDivisionError" in caplog.text
