"""A platform speaks as its profile says: templates, changes, signatures."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from strikeplate.platforms.declared import Speech
from strikeplate.platforms.signatures import sign
from strikeplate.platforms.standard import Booking, Event, Person
from strikeplate.profiles.shape import Events, Resource, Signature
from strikeplate.profiles.templates import Mistake

if TYPE_CHECKING:
    from strikeplate.profiles.shape import Kind

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
ADA = Person('Ada "A" Nowak', "ada@example.org", "+46701234567", "sv")
COURT = Booking("B 1/ü", "court", AT, AT + timedelta(hours=2), ADA)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def speech(signature: Signature | None = None, **events: object) -> Speech:
    """Return a platform that tells events so, of one court in Warsaw."""
    court = Resource(vendor="nuki", zone="Europe/Warsaw", id="7")
    content = Events.model_validate({"url": "/hooks", **events})
    return Speech(content, signature or Signature(), {"court": court}, SECRET)


def happening(kind: Kind, booking: Booking = COURT) -> Event:
    """Return something that happened to the booking."""
    return Event("evt-1", kind, AT, booking, replace(COURT, id="B-0"))


def test_values_are_written_as_json_whatever_they_hold() -> None:
    body = (
        '{"id": {{ booking.id | json }}, "name": {{ customer.name | json }},'
        ' "from": {{ booking.start | local | json }},'
        ' "at": {{ booking.start | epoch }}, "court": {{ resource.id | json }}}'
    )
    (request,) = speech(confirmed=body).requests(happening("confirmed"))
    content = json.loads(request.body)
    assert content == {
        "id": "B 1/ü",
        "name": 'Ada "A" Nowak',
        "from": "2026-07-01T10:00:00+02:00",
        "at": int(AT.timestamp()),
        "court": "7",
    }


def test_resource_keeps_its_declared_name_whatever_a_scenario_calls_it() -> None:
    body = '{"court": {{ resource.name | json }}}'
    named = replace(speech(confirmed=body), names={"court": "Centre court"})
    (request,) = named.requests(happening("confirmed"))
    assert json.loads(request.body) == {"court": "Centre court"}


def test_method_and_url_alone_can_tell_an_event() -> None:
    delete = {"method": "DELETE", "url": "/r/{{ booking.id | urlencode }}"}
    said = speech(confirmed="{}", cancelled=delete)
    (request,) = said.requests(happening("cancelled"))
    assert (request.method, request.path) == ("DELETE", "/r/B%201/%C3%BC")
    assert request.body == b""
    assert "Content-Type" not in request.headers


def test_change_is_told_as_a_cancellation_and_a_new_booking() -> None:
    said = speech(
        confirmed='{"new": {{ booking.id | json }}, "was": {{ previous.id | json }}}',
        cancelled='{"gone": {{ booking.id | json }}}',
        changed={"as": ["cancelled", "confirmed"], "new_id": True},
    )
    moved = said.renamed(COURT, "evt-1")
    first, second = said.requests(happening("changed", moved))
    assert json.loads(first.body) == {"gone": "B-0"}
    assert json.loads(second.body) == {"new": moved.id, "was": "B-0"}
    assert moved.id != COURT.id


def test_kind_without_a_template_cannot_be_said() -> None:
    said = speech(confirmed="{}", changed={"as": ["cancelled", "confirmed"]})
    assert said.can_send("confirmed")
    assert not said.can_send("changed")
    with pytest.raises(Mistake, match="no 'paid'"):
        list(said.requests(happening("paid")))


def test_body_that_is_not_what_its_type_says_is_a_mistake() -> None:
    for kind, body in (
        ("application/json", "{"),
        ("application/xml", "<a>"),
        ("application/x-www-form-urlencoded", "a&b"),
    ):
        said = speech(confirmed={"body": body, "content_type": kind})
        with pytest.raises(Mistake, match=kind):
            list(said.requests(happening("confirmed")))


def test_template_runs_in_a_sandbox() -> None:
    said = speech(confirmed="{{ ''.__class__.__mro__ }}")
    with pytest.raises(Mistake):
        list(said.requests(happening("confirmed")))


def test_standard_webhooks_are_signed_as_the_library_verifies_them() -> None:
    now = datetime.now(UTC)
    headers = sign(Signature(scheme="standard-webhooks"), SECRET, "e", b"{}", now)
    assert Webhook(SECRET).verify(b"{}", headers) == {}
    stale = sign(
        Signature(scheme="standard-webhooks"), SECRET, "e", b"{}", now - timedelta(1)
    )
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(b"{}", stale)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_keyed_digest_covers_what_the_profile_says(
    algorithm: str, encoding: str
) -> None:
    signature = Signature.model_validate(
        {
            "scheme": "hmac",
            "header": "X-Sig",
            "value": "t={timestamp},v1={digest}",
            "signed": "{timestamp}.{body}",
            "algorithm": algorithm,
            "encoding": encoding,
            "timestamp_header": "X-Time",
        }
    )
    body = b'{"t": "{timestamp} {id}"}'
    seconds = str(int(AT.timestamp()))
    raw = hmac.digest(b"s3", seconds.encode() + b"." + body, algorithm)
    digest = raw.hex() if encoding == "hex" else base64.b64encode(raw).decode()
    assert sign(signature, "s3", "evt", body, AT) == {
        "X-Sig": f"t={seconds},v1={digest}",
        "X-Time": seconds,
    }


def test_shared_secrets_go_where_they_are_expected() -> None:
    assert sign(Signature(scheme="bearer"), "s3", "e", b"", AT) == {
        "Authorization": "Bearer s3"
    }
    own = Signature(scheme="bearer", header="X-Key")
    assert sign(own, "s3", "e", b"", AT) == {"X-Key": "s3"}
    basic = sign(Signature(scheme="basic", user="hall"), "s3", "e", b"", AT)
    assert base64.b64decode(basic["Authorization"].split()[1]) == b"hall:s3"
    assert sign(Signature(), "s3", "e", b"", AT) == {}
