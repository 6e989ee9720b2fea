"""What customers are told of their codes, and key managers of their keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain import notices
from service.domain.errors import BadTemplate
from service.domain.messages import (
    LANGUAGES,
    PLACEHOLDERS,
    Door,
    Facts,
    Template,
    check_template,
    default_template,
    language_for,
    render,
)
from service.domain.notices import KeyFacts
from service.domain.rules import Channel
from service.secret import Secret

ZONE = ZoneInfo("Europe/Stockholm")
FACTS = Facts(
    booking="B-1001",
    resource="Court 1",
    start=datetime(2026, 12, 1, 15, 20, tzinfo=ZONE),
    end=datetime(2026, 12, 1, 17, 20, tzinfo=ZONE),
    zone=ZONE,
    doors=(Door("Front door", Secret("012345678")),),
    customer="Ada Novak",
)
LONG = replace(
    FACTS,
    doors=(
        Door("Front door", Secret("012345678"), datetime(2026, 12, 2, 15, tzinfo=ZONE)),
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", Channel)
def test_default_texts_name_the_bookings_own_times_and_the_code(
    channel: Channel, language: str
) -> None:
    template = default_template(channel, language)
    check_template(template, channel)
    body = render(template, FACTS, language).body
    assert "15:20" in body
    assert "17:20" in body
    assert "012345678" in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", Channel)
def test_default_texts_carry_the_link_beside_the_code(
    channel: Channel, language: str
) -> None:
    doors = (Door("Studio", Secret("012345"), link="https://exivo.example/v/a"),)
    template = default_template(channel, language)
    body = render(template, replace(FACTS, doors=doors), language).body
    assert body.count("https://exivo.example/v/a\n") == 1
    assert "012345" in body
    assert LANGUAGES[language].by_link in body


@pytest.mark.parametrize(("body", "shown"), [("{codes}", True), ("{links}", False)])
def test_link_is_told_whatever_the_template_says(body: str, *, shown: bool) -> None:
    doors = (Door("Studio", Secret("012345"), link="https://exivo.example/v/a"),)
    text = render(Template("s", body), replace(FACTS, doors=doors), "en").body
    assert "https://exivo.example/v/a" in text
    assert (LANGUAGES["en"].by_link in text) is shown


@pytest.mark.parametrize("body", ["{links}", "{way}", "Open {doors}"])
def test_text_without_the_code_is_refused_also_where_it_has_the_link(body: str) -> None:
    with pytest.raises(BadTemplate, match=r"does not name {codes}"):
        check_template(Template("s", body), Channel.EMAIL)


def test_links_of_several_doors_stand_beside_their_names() -> None:
    doors = tuple(
        Door(name, Secret("012345"), link=f"https://exivo.example/v/{name}")
        for name in ("a", "b")
    )
    text = render(Template("s", "{links}"), replace(FACTS, doors=doors), "en").body
    assert text == "a: https://exivo.example/v/a\nb: https://exivo.example/v/b\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", Channel)
def test_default_texts_say_until_when_a_code_must_be_used(
    channel: Channel, language: str
) -> None:
    template = default_template(channel, language)
    assert "15:00" in render(template, LONG, language).body
    assert "15:00" not in render(template, FACTS, language).body


def test_english_mail_has_its_full_text() -> None:
    text = render(default_template(Channel.EMAIL, "en"), FACTS, "en")
    assert text.subject == "Your door code for Court 1"
    assert (
        text.body
        == """\
Hello Ada Novak,

your booking of Court 1 is from 2026-12-01 at 15:20 to 2026-12-01 at 17:20.
This is your code for the door:

012345678

Type all digits, also a zero at the beginning.

Booking B-1001
"""
    )


def test_times_are_the_locks_local_ones() -> None:
    abroad = replace(FACTS, zone=ZoneInfo("Asia/Kolkata"))
    assert render(Template("", "{start}"), abroad, "sv").body == (
        "2026-12-01 kl. 19:50\n"
    )


def test_deadline_is_told_even_where_the_template_leaves_it_out() -> None:
    body = render(Template("", "{codes}"), LONG, "en").body
    assert body == (
        "012345678\n\nUse it for the first time before 2026-12-02 at 15:00, or it "
        "stops working.\n"
    )


def test_several_doors_have_one_line_each() -> None:
    doors = (Door("Gate", Secret("111")), Door("Door", Secret("222"), link="https://x"))
    facts = replace(FACTS, doors=doors)
    text = render(Template("{doors}", "{codes}\n{links}"), facts, "en")
    assert text.subject == "Gate, Door"
    assert text.body == "Gate: 111\nDoor: 222\nhttps://x\n"


def test_customer_without_a_name_is_greeted_all_the_same() -> None:
    text = render(Template("", "Hej {customer}!"), replace(FACTS, customer=""), "sv")
    assert text.body == "Hej gäst!\n"


def test_unknown_placeholder_is_named_with_its_neighbour_and_all_known_ones() -> None:
    with pytest.raises(BadTemplate) as refused:
        render(Template("", "Your {code}"), FACTS, "en")
    assert "body names {code}, which does not exist; did you mean {codes}?" in (
        refused.value.reason
    )
    assert all(f"{{{name}}}" in refused.value.reason for name in PLACEHOLDERS)


@pytest.mark.parametrize(
    "body", ["{codes.__class__}", "{codes[0]}", "{codes!r}", "{codes:>9}", "{}", "{0}"]
)
def test_placeholders_are_plain_names_only(body: str) -> None:
    with pytest.raises(BadTemplate, match=r"which does not exist"):
        render(Template("", body), FACTS, "en")


@pytest.mark.parametrize("body", ["{codes", "codes}"])
def test_brace_without_its_partner_is_refused(body: str) -> None:
    with pytest.raises(BadTemplate, match=r"body has a brace without its partner"):
        render(Template("", body), FACTS, "en")


def test_double_braces_are_braces() -> None:
    assert render(Template("", "{{codes}}"), FACTS, "en").body == "{codes}\n"


def test_placeholders_in_values_stay_as_they_are() -> None:
    sly = replace(FACTS, customer="{codes}")
    assert render(Template("{customer}", "x"), sly, "en").subject == "{codes}"


def test_values_cannot_add_lines_to_the_subject() -> None:
    sly = replace(FACTS, customer="Ada\r\nBcc: eve@example.org\x00")
    text = render(Template("For {customer}", "x"), sly, "en")
    assert text.subject == "For Ada Bcc: eve@example.org"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (Template("Code {codes}", "{codes}"), "subject names {codes}"),
        (Template("One\ntwo", "{codes}"), "subject has several lines"),
        (Template(" ", "{codes}"), "subject is empty"),
        (Template("Hello", "no code"), "body does not name {codes}"),
    ],
)
def test_template_that_would_not_bring_the_code_is_refused(
    template: Template, reason: str
) -> None:
    with pytest.raises(BadTemplate) as refused:
        check_template(template, Channel.EMAIL)
    assert refused.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [(None, "en"), ("sv", "sv"), ("sv-SE", "sv"), ("DE_at", "de"), ("xx", "en")],
)
def test_language_is_the_one_wanted_where_it_exists(
    wanted: str | None, language: str
) -> None:
    assert language_for(wanted) == language


def test_language_of_ones_own_templates_exists() -> None:
    assert language_for("fi-FI", {"fi"}) == "fi"
    assert default_template(Channel.SMS, "fi") == default_template(Channel.SMS, "en")


def test_repr_of_a_message_shows_nothing() -> None:
    text = render(default_template(Channel.EMAIL, "en"), FACTS, "en")
    assert repr(text) == "RenderedText()"
    assert "012345678" not in repr(FACTS)


KEY_FACTS = KeyFacts(
    key="Lobby, Flat 1",
    slot=0,
    booking="B-1",
    resource="flat-1",
    due_at=datetime(2026, 12, 2, 9, tzinfo=UTC),
    since=datetime(2026, 12, 1, 14, 7, tzinfo=UTC),
    zone=ZoneInfo("Europe/Helsinki"),
)


def test_late_key_is_named_with_slot_booking_and_local_times() -> None:
    text = notices.overdue(KEY_FACTS)
    assert "overwrites any default checkout time" in text.body
    assert text.subject == "Key not returned: Lobby, Flat 1"
    for word in ("(slot 0)", "B-1", "flat-1", "2026-12-02 at 11:00", "12-01 at 16:07"):
        assert word in text.body


def test_returned_key_is_a_checkout_free_for_cleaning() -> None:
    text = notices.returned(KEY_FACTS)
    assert text.subject == "Key returned: Lobby, Flat 1"
    for word in ("(slot 0)", "Checkout of booking B-1", "free for cleaning", "16:07"):
        assert word in text.body


def test_what_nobody_saw_is_left_out() -> None:
    bare = KeyFacts(
        "Flat 1", None, "B-1", "flat-1", KEY_FACTS.due_at, None, KEY_FACTS.zone
    )
    assert "slot" not in notices.overdue(bare).body.replace("its slot", "")
    assert "taken" not in notices.overdue(bare).body
    assert "since" not in notices.returned(bare).body


def test_code_made_by_hand_has_no_booking_to_name() -> None:
    text = notices.overdue(replace(KEY_FACTS, booking=None, resource=""))
    assert "default checkout time" not in text.body
    assert "Booking" not in text.body
    assert "made by hand" in text.body
