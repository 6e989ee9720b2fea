"""What is no integration is never conformant, and the reason says what was seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from strikeplate.__main__ import main
from tests.strangers.judging import DOOR, judge

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
INBOX = "{inbox}"
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
    "broken": "it did not start: it answered only 500 at http://127.0.0.1:<port>/ with",
}
"""What the reason of a run says."""

HEADLINES = {
    "dead": "was not judged: it answered nothing (it did not start: its process ended",
    "mute": "was not judged: it answered nothing (it did not answer at http",
    "slow": "was not judged: it answered nothing (it did not answer: POST /hook",
    "crash": "was not judged: it answered nothing (its process ended with status 3",
    "broken": "was not judged: it answered nothing (it did not start: it answered",
    "no": "it refuses all our events: 500",
}
"""What the headline says; of the others, which rule did not hold."""


DRY = {
    "yes": ("nothing by its account; does it know the address and credentials of nuki,",
            "and the resource 'tent-9'?"),
    "later": ("! its process ended with status 4", "no message to ada@"),
    "posts": ("[messages] to = 'to' finds nothing in it; its fields: recipient, text",
              "the code ••• was not sent: 400"),
}  # fmt: skip
"""What a dry run says of it, beside that no message arrived."""


def written(how: str, folder: Path) -> Path:
    """Return the profile of the program that does this wrong."""
    profile = folder / "tiny.toml"
    text = PROFILE.replace("TINY", str(TINY)).replace("HOW", how)
    profile.write_text(text, encoding="utf-8")
    return profile


@pytest.mark.parametrize(("how", "told"), DRY.items(), ids=DRY)
def test_dry_run_says_what_was_seen_instead(
    how: str, told: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = written(how, tmp_path)
    http = '[messages]\nchannel = "http"\n[resources.court-1]\nid = "tent-9"'
    text = profile.read_text(encoding="utf-8").replace("[resources.court-1]", http)
    profile.write_text(text, encoding="utf-8")
    assert main(["check", "--dry-run", "--profile", str(profile)]) == 1
    printed = capsys.readouterr().out
    assert "! no message to ada@" in printed
    assert "654321" not in printed
    for each in told:
        assert each in printed


def test_dry_run_ends_with_one_that_breaks_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = str(written("crash", tmp_path))
    assert main(["check", "--dry-run", "--profile", profile]) == 3
    told = "It could not be tried: its process ended with status 3; its output:"
    assert f"{told}\nout of memory at •••" in capsys.readouterr().err


@pytest.mark.parametrize(("how", "seen"), SEEN.items(), ids=SEEN)
def test_no_integration_is_conformant(how: str, seen: str, tmp_path: Path) -> None:
    found = judge(written(how, tmp_path), DOOR[:1], tmp_path)
    headline = HEADLINES.get(how, "is not conformant (CON-03 did not hold)")
    assert headline in found.printed
    assert found.code == (3 if "was not judged" in headline else 1), found.printed
    assert any(seen in reason for reason in found.reasons), found.reasons
    assert "Traceback" not in found.printed
