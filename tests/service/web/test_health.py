"""What is open to all says how it goes, and nothing about anybody."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

from service import web
from tests.service.stub_vendor import PASSWORD
from tests.service.web.conftest import TOKEN, event

if TYPE_CHECKING:
    import pytest

    from tests.service.web.conftest import ApiClient


def test_it_is_healthy_and_leads_people_to_the_sign_in(api: ApiClient) -> None:
    assert api.client.get("/healthz").json == {"status": "ok"}
    assert "Strikeplate" in api.client.get("/", follow_redirects=True).text


def test_metrics_count_webhooks_and_jobs_by_outcome(api: ApiClient) -> None:
    connection = api.ready()
    payload = event()
    for _ in range(2):
        api.send(connection, payload)
    api.send(connection, payload, {"webhook-signature": "v1,x"})
    api.env.work()
    text = api.client.get("/metrics").text
    assert 'strikeplate_webhooks_total{answer="accepted"} 1.0' in text
    assert 'strikeplate_webhooks_total{answer="duplicate"} 1.0' in text
    assert 'strikeplate_webhooks_total{answer="401"} 1.0' in text
    assert 'strikeplate_jobs_total{job_type="access",outcome="issued"} 1.0' in text
    assert 'strikeplate_jobs_total{job_type="message",outcome="sent"} 1.0' in text
    assert "strikeplate_work_due 0.0" in text


def test_neither_logs_nor_metrics_show_secrets_or_persons(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "strikeplate")
    connection = api.ready()
    api.send(connection, event())
    api.env.work()
    (access,) = api.get("/api/accesses")["items"]
    api.send(connection, event(booking={"end": "2027-12-01T10:00:00Z"}))
    hidden = [
        access["pin"],
        TOKEN,
        PASSWORD,
        "Ada",
        "ada@example.org",
        connection["webhook_secret"],
        connection["webhook_url"].rpartition("/")[2],
    ]
    said = caplog.text + api.client.get("/metrics").text
    assert access["id"] in said
    assert [each for each in hidden if each in said] == []


def test_document_is_written_once_however_many_ask_for_it_first(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    document, together = web.openapi(), Barrier(8)

    def write() -> dict[str, Any]:
        written.append("once")
        return document

    def ask() -> bytes:
        together.wait()
        return web.openapi_text()

    monkeypatch.setattr(web, "openapi", write)
    web._openapi_text.cache_clear()  # noqa: SLF001 (as in a process that has started)
    with ThreadPoolExecutor(8) as callers:
        answers = {asked.result() for asked in [callers.submit(ask) for _ in range(8)]}
    assert answers == {api.client.get("/api/openapi.json").data}
    assert written == ["once"]


def test_a_fault_is_told_without_its_text(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("the code is 123456")

    monkeypatch.setattr(type(api.env.service), "queue_stats", fail)
    answer = api.client.get("/metrics")
    assert answer.status_code == 500
    assert "123456" not in answer.text + caplog.text
    assert "ZeroDivisionError" in caplog.text
