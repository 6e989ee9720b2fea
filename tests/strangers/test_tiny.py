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
    "slow": "it did not answer: POST /hook",
    "later": "its process ended with status 4",
}
"""What the reason of a run says."""

HEADLINES = {
    "dead": "was not judged: it answered nothing (it did not start: its process ended",
    "mute": "was not judged: it answered nothing (it did not answer at http",
    "slow": "was not judged: it answered nothing (it did not answer: POST /hook",
    "crash": "was not judged: it answered nothing (its process ended with status 3",
    "no": "it refuses all our events: 500",
}
"""What the headline says; of the others, which rule did not hold."""


@pytest.mark.parametrize(("how", "seen"), SEEN.items(), ids=SEEN)
def test_no_integration_is_conformant(how: str, seen: str, tmp_path: Path) -> None:
    profile = tmp_path / "tiny.toml"
    text = PROFILE.replace("TINY", str(TINY)).replace("HOW", how)
    profile.write_text(text, encoding="utf-8")
    found = judge(profile, ["CON-03"], tmp_path)
    headline = HEADLINES.get(how, "is not conformant (CON-03 did not hold)")
    assert headline in found.printed
    assert found.code == (3 if "was not judged" in headline else 1), found.printed
    assert any(seen in reason for reason in found.reasons), found.reasons
    assert "Traceback" not in found.printed
