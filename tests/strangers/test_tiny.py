"""What is no integration is never conformant, and the reason says what was seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strangers.judging import judge

TINY = Path(__file__).parent / "tiny.py"
PROFILE = """
patience = "300ms"
[subject]
name = "Tiny"
vendors = ["nuki"]
[run]
command = ["{python}", "TINY", "HOW"]
ready_within = "2s"
[run.env]
PORT = "{port}"
NUKI_API_URL = "{nuki.api_url}"
NUKI_API_TOKEN = "{nuki.api_token}"
[resources.court-1]
vendor = "nuki"
[resources.court-2]
vendor = "nuki"
[events]
url = "/hook"
confirmed = "{{ booking.standard | json }}"
"""

SEEN = {
    "dead": "its process ended with status 1",
    "mute": "it did not answer at http://127.0.0.1:<port>/ within 2 s",
    "yes": "Ada has received no code",
    "no": "Ada has received no code",
    "crash": "its process ended with status 3",
    "polling": "Ada has received no code",
}
"""What the reason of a run says."""

NEVER_THERE = {"dead", "mute"}
"""Of these nothing was judged; the others were, and broke the rule."""


@pytest.mark.parametrize(("how", "seen"), SEEN.items(), ids=SEEN)
def test_no_integration_is_conformant(how: str, seen: str, tmp_path: Path) -> None:
    profile = tmp_path / "tiny.toml"
    text = PROFILE.replace("TINY", str(TINY)).replace("HOW", how)
    profile.write_text(text, encoding="utf-8")
    found = judge(profile, ["CON-03"], tmp_path)
    assert found.code == (3 if how in NEVER_THERE else 1), found.printed
    assert any(seen in reason for reason in found.reasons), found.reasons
    assert "Traceback" not in found.printed
