"""A profile is read whole, or refused with every mistake in it, each with its line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from strikeplate.profiles.checks import Vocabulary
from strikeplate.profiles.read import Source, parse
from strikeplate.verdict import Misuse

WORDS = Vocabulary(
    vendors={
        "igloohome": ("client_id", "client_secret", "token_url", "api_url"),
        "nuki": ("api_token", "api_url"),
    },
    rules=("IGL-02", "CON-11"),
    capabilities=("api", "clock"),
    actions=("overview",),
)

WHOLE = '''
[subject]
name = "Courtbook"
version = "4.2"
vendors = ["igloohome"]

[run]
command = "node server.js"
ready = "http://127.0.0.1:{port}/health"
fresh = "scenario"
env = { PORT = "{port}", SMTP = "{smtp}", IGLOO_API = "{igloohome.api_url}" }

[clock]
control = "preload"

[resources.court-1]
vendor = "igloohome"
zone = "Europe/Stockholm"
id = "court-1"
margin_before = "1h"

[[setup]]
post = "/admin/locks"
body = """{"court": "court-1",
           "lock": "{{ doors["court-1"].vendor_id }}"}"""

[events]
url = "/hooks/bookings"
accepts = [200, 202]
confirmed = \'\'\'{"event": "reservation.created", "data": {
    "id": {{ booking.id | json }}, "from": {{ booking.start | local | json }}}}\'\'\'
cancelled = { method = "DELETE", url = "/reservations/{{ booking.id | urlencode }}" }
changed = { as = ["cancelled", "confirmed"], new_id = true }

[signature]
scheme = "hmac"
header = "X-Signature"
value = "sha256={digest}"
signed = "{body}"

[messages]
channel = "smtp"
'''


def refused(text: str) -> list[str]:
    """Return the mistakes that a text is refused with."""
    with pytest.raises(Misuse) as caught:
        parse(Source("mine.toml", text, WORDS))
    return str(caught.value).splitlines()


def without(line: str, instead: str = "") -> str:
    """Return the whole profile with one line replaced."""
    assert WHOLE.count(line) == 1
    return WHOLE.replace(line, instead)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_whole_profile_is_read() -> None:
    profile = parse(Source("mine.toml", WHOLE, WORDS))
    court = profile.resources["court-1"]
    assert court.margin_before == timedelta(hours=1)
    assert profile.events is not None
    assert profile.events.changed is not None
    assert profile.events.changed.sent_as == ["cancelled", "confirmed"]
    assert profile.setup[0].method == "POST"
    assert profile.setup[0].url == "/admin/locks"


@pytest.mark.parametrize(
    ("line", "instead", "place", "said"),
    [
        (
            'version = "4.2"',
            'verion = "4.2"',
            "subject.verion",
            "did you mean 'version'",
        ),
        ('fresh = "scenario"', 'fresh = "scenarios"', "run.fresh", "'scenario'"),
        (
            'margin_before = "1h"',
            'margin_befor = "1h"',
            "margin_befor",
            "'margin_before'",
        ),
        (
            'zone = "Europe/Stockholm"',
            'zone = "Europe/Stokholm"',
            "zone",
            "Europe/Stockholm",
        ),
        ('margin_before = "1h"', 'margin_before = "1 hour"', "margin_before", '"1h"'),
        (
            'vendors = ["igloohome"]',
            'vendors = ["igloohme"]',
            "vendors.0",
            "'igloohome'",
        ),
        ('control = "preload"', 'control = "preloaded"', "clock.control", "'preload'"),
        ('scheme = "hmac"', 'scheme = "hmacs"', "signature.scheme", "'hmac'"),
        (
            'value = "sha256={digest}"',
            'value = "sha256"',
            "signature.value",
            "{digest}",
        ),
        ("accepts = [200, 202]", 'accepts = "200"', "events.accepts", "list"),
    ],
)
def test_mistake_is_told_with_its_line_and_what_would_do(
    line: str, instead: str, place: str, said: str
) -> None:
    text = without(line, instead)
    (messages, *_) = [row for row in refused(text) if place in row]
    assert messages.startswith(f"mine.toml:{line_of(text, instead)}: ")
    assert said in messages


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("booking.id | json }}, ", "booking.idd | json }}, ", "'id'"),
        ("booking.id | json }}, ", "bookin.id | json }}, ", "'booking'"),
        ("booking.id | json }}, ", "booking.id | jsn }}, ", "'json'"),
        ("booking.id | json }}, ", "booking.id }}, ", "not application/json"),
        ('PORT = "{port}"', 'PORT = "{prot}"', "'port'"),
        ("{igloohome.api_url}", "{igloohome.api_ur}", "'api_url'"),
        ('doors["court-1"].vendor_id', 'doors["court-2"].vendor_id', "'court-1'"),
    ],
)
def test_wrong_name_in_a_template_is_found_before_anything_runs(
    line: str, instead: str, said: str
) -> None:
    messages = refused(without(line, instead))
    assert len(messages) == 1
    assert said in messages[0]


def test_all_mistakes_are_told_at_once() -> None:
    text = without('zone = "Europe/Stockholm"', 'zone = "Mars/Base"')
    text = text.replace('channel = "smtp"', 'channel = "smtp"\ncode = "("')
    messages = refused(text)
    assert [row.split(": ")[1] for row in messages] == [
        "resources.court-1.zone",
        "messages.code",
    ]


@pytest.mark.parametrize(
    ("line", "instead", "table", "said"),
    [
        ('post = "/admin/locks"', 'post = "admin/locks"', "[[setup]]", "'admin/locks'"),
        ('channel = "smtp"', 'channel = "read"', "[messages]", "messages.read"),
        ('header = "X-Signature"', "", "[signature]", "signature.header: is missing"),
    ],
)
def test_what_has_no_line_of_its_own_is_told_with_that_of_its_table(
    line: str, instead: str, table: str, said: str
) -> None:
    text = without(line, instead)
    (messages,) = refused(text)
    assert messages.startswith(f"mine.toml:{line_of(text, table)}: ")
    assert said in messages


def test_profile_that_names_no_way_to_its_subject_is_refused() -> None:
    messages = refused('[subject]\nname = "x"\n')
    assert "add [run] with command or url" in messages[0]


def test_vendor_without_a_resource_is_refused() -> None:
    messages = refused(
        without('vendors = ["igloohome"]', 'vendors = ["igloohome", "nuki"]')
    )
    assert "'nuki' has no resource" in messages[0]


def test_misspelt_vendor_is_told_once_and_its_resources_are_right() -> None:
    messages = refused(without('vendors = ["igloohome"]', 'vendors = ["iglohome"]'))
    assert len(messages) == 1
    assert "'iglohome' is unknown; did you mean 'igloohome'?" in messages[0]


def test_file_that_is_no_toml_is_refused_with_the_line() -> None:
    (messages,) = refused("[subject\n")
    assert "is no TOML" in messages
    assert "line 1" in messages
