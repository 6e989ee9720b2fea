from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strikeplate.profile import START, Absence, KnownFailure, Profile, load_profile
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = """
[subject]
name = "acme"
version = "3"
connect = "inprocess:acme"
"""


def read(folder: Path, text: str) -> Profile:
    (folder / "acme.toml").write_text(text, encoding="utf-8")
    vendors: dict[str, tuple[str, ...]] = {"first": (), "second": ()}
    words = ["sms", "webhooks"], ["CON-01", "CON-02"], vendors
    return load_profile(str(folder / "acme.toml"), *words)


def test_small_profile_is_filled_with_what_is_usual(tmp_path: Path) -> None:
    profile = read(tmp_path, SUBJECT)
    assert profile.profile == "acme"
    assert profile.subjects == ("inprocess:acme",)
    assert profile.vendors == ("fake",)
    assert profile.clock.control == "injected"
    assert profile.clock.start == START
    assert profile.digest.startswith("sha256:")


def test_full_profile_is_read_as_it_is_written(tmp_path: Path) -> None:
    profile = read(
        tmp_path,
        SUBJECT
        + """
[vendor]
connect = ["fake", "http://127.0.0.1:1"]
[clock]
control = "endpoint"
endpoint = { post = "/clock", body = '{"now": {{ now | json }}}' }
start = 2027-01-01T01:00:00+01:00
[capabilities]
webhooks = true
sms = { supported = false, reason = "no gateway", refuses = [404, 501] }
[[known-failures]]
rule = "CON-02"
verdict = "warn"
reason = "short URLs"
target = "http"
""",
    )
    assert profile.vendors == ("fake", "http://127.0.0.1:1")
    assert profile.clock.start == datetime(2027, 1, 1, tzinfo=UTC)
    assert profile.absence("sms") == Absence("sms", "no gateway", (404, 501))
    assert profile.absence("webhooks") is None
    known = KnownFailure("CON-02", Verdict.WARN, "short URLs", target="http")
    assert profile.known == (known,)


@pytest.mark.parametrize(
    ("more", "supported", "default"),
    [
        ("", None, "first"),
        ('default_vendor = "second"', None, "second"),
        ('vendors = ["second"]', ("second",), "second"),
        ('vendors = ["second", "first"]', ("second", "first"), "second"),
    ],
)
def test_all_vendors_are_supported_unless_some_are_named(
    tmp_path: Path, more: str, supported: tuple[str, ...] | None, default: str
) -> None:
    profile = read(tmp_path, SUBJECT + more)
    assert profile.supported == supported
    assert profile.default_vendor == default
    assert profile.supports("second")
    assert profile.supports("first") is (supported != ("second",))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('vendors = ["frist"]', "vendors.0: 'frist' is unknown; did you mean 'first'?"),
        (
            'vendors = ["first"]\ndefault_vendor = "second"',
            "default_vendor: 'second' is unknown; Known: first",
        ),
    ],
)
def test_vendor_that_nobody_knows_is_refused(
    tmp_path: Path, more: str, said: str
) -> None:
    with pytest.raises(Misuse, match=re.escape(said)):
        read(tmp_path, SUBJECT + more)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "acme.toml is no TOML"),
        ("[subjekt]", "unknown key 'subjekt'; did you mean 'subject'?"),
        ("[subject]\nnam = 1", "unknown key 'nam'; did you mean 'name'?"),
        ("[subject]\nname = 1", "subject.name: must be a text, not 1"),
        ('subject = "x"', "subject: must be a table, not 'x'"),
        (
            '[subject]\nname="a"\nversion="1"\nconnect=1',
            "connect: must be a text, not 1",
        ),
        (SUBJECT + '[clock]\ncontrol = "magic"', "control: 'magic' is unknown"),
        (SUBJECT + "[clock]\nstart = 2027-01-01T00:00:00", "has no offset"),
        (
            SUBJECT + '[clock]\ncontrol = "endpoint"',
            "clock.endpoint: goes with control",
        ),
        (SUBJECT + "[capabilities]\nsmss = true", "did you mean 'sms'?"),
        (SUBJECT + "[capabilities]\nsms = false", "or absent with its reason"),
        (SUBJECT + "[capabilities]\nsms = {reason = 'x'}", "supported: is missing"),
        (
            SUBJECT + "[capabilities]\nsms = {supported = false}",
            "reason: is missing",
        ),
        (
            SUBJECT
            + "[capabilities]\nsms = {supported=false,reason='x',refuses='501'}",
            "refuses: must be a list, not '501'",
        ),
        (
            SUBJECT
            + "[[known-failures]]\nrule = 'CON-03'\nverdict = 'fail'\nreason = 'x'",
            "rule: 'CON-03' is unknown",
        ),
        (
            SUBJECT
            + "[[known-failures]]\nrule = 'CON-01'\nverdict = 'pass'\nreason = 'x'",
            "verdict: 'pass' is unknown; Known: error, fail, inconclusive, warn",
        ),
    ],
)
def test_mistakes_are_named_with_their_file_and_fix(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(Misuse, match=re.escape(message)) as raised:
        read(tmp_path, text)
    assert str(raised.value).startswith("acme.toml")


def test_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(Misuse, match="no such profile at"):
        load_profile("nowhere", [], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["vendor", "clock", "capabilities", "settings", "known-failures"]
        ),
        st.sampled_from(
            ["1", '"x"', "[]", "{}", "{sms = 1}", "[1]", "[{rule = 'CON-01'}]"]
        ),
    )
)
def test_any_content_is_read_or_refused_in_words(
    tmp_path: Path, tables: dict[str, str]
) -> None:
    text = "\n".join(f"{name} = {value}" for name, value in tables.items())
    try:
        assert read(tmp_path, text + SUBJECT).name == "acme"
    except Misuse as error:
        assert str(error).startswith("acme.toml")  # noqa: PT017 - either is right
