"""A whole call of a platform becomes the way that events are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, vocabulary
from strikeplate.__main__ import main
from strikeplate.profile import load_profile
from strikeplate.profiles.recorded import recorded, signature_of, url_template
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = "5f2b" * 16
PUT = f"""PUT /v2/stays/R-17?room=blue HTTP/1.1
Host: hotel.example
Content-Type: application/json
X-Tenant: north
X-Signature: sha256={DIGEST}

{{"room": {{"id": "blue"}}, "from": "2026-12-01T15:20:00+01:00",
 "to": "2026-12-01T17:20:00+01:00", "guest": {{"email": "ada@example.org"}}}}
"""
DELETE = """curl --request DELETE 'https://hotel.example/v2/stays/R-17' \\
  -H 'X-Tenant: north' --compressed
"""
INIT = (
    *("init", "--vendor", "nuki", "--run", "./serve", "--messages", "read"),
    *("--sample", "confirmed=put.http", "--sample", "cancelled=delete.curl"),
)


def test_calls_become_templates_of_method_url_and_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "put.http").write_text(PUT)
    (tmp_path / "delete.curl").write_text(DELETE)
    assert main([*INIT]) == 0
    vendors = credentials(vocabulary.read(FEATURES))
    declared = load_profile("mine.toml", (), (), vendors).declared
    assert declared is not None
    assert declared.events is not None
    confirmed, cancelled = declared.events.confirmed, declared.events.cancelled
    room = "{{ resource.id | urlencode }}"
    stay = "/v2/stays/{{ booking.id | urlencode }}"
    assert (confirmed.method, confirmed.url) == ("PUT", f"{stay}?room={room}")
    assert confirmed.headers == {"X-Tenant": "north"}
    assert "booking.start | local" in str(confirmed.body)
    assert cancelled is not None
    assert (cancelled.method, cancelled.url) == ("DELETE", stay)
    assert cancelled.body is None
    signature = declared.signature
    assert (signature.scheme, signature.header) == ("hmac", "X-Signature")
    assert signature.value == "sha256={digest}"
    assert declared.messages.channel == "read"
    assert f"GUESS: in its URL, {stay}" in capsys.readouterr().out
    assert DIGEST not in (tmp_path / "mine.toml").read_text()


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"webhook-signature": "v1,xyz"}, {"scheme": "standard-webhooks"}),
        ({"Authorization": "Bearer abc"}, {"scheme": "bearer"}),
        ({"Authorization": "Basic abc"}, {"scheme": "basic"}),
        ({"X-Request-Id": "5f2b" * 10}, {}),
        ({"Accept": "*/*"}, {}),
    ],
)
def test_proof_is_known_by_its_header(
    headers: dict[str, str], found: dict[str, str]
) -> None:
    assert signature_of(headers) == found


def test_digest_in_base64_is_told_from_one_in_hex() -> None:
    found = signature_of({"X-Hmac": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="})
    assert (found["algorithm"], found["encoding"]) == ("sha256", "base64")


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/bookings/4711", "/bookings/{{ booking.id | urlencode }}"),
        ("/api?id=R-17", "/api?id={{ booking.id | urlencode }}"),
        ("/hooks", "/hooks"),
        ("/", "/"),
    ],
)
def test_id_is_guessed_where_no_body_names_it(path: str, template: str) -> None:
    assert url_template(path, {}) == template


def test_body_alone_is_no_call() -> None:
    assert recorded('{"event": "PUT / HTTP/1.1"}') is None
