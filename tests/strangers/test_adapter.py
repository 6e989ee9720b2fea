"""A stranger without HTTP is judged through the adapter that docs/profile.md shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from strikeplate import HOME
from strikeplate.__main__ import main
from tests.strangers.judging import DOOR, DOOR_HOURS_MESSAGE, RULES, judge

HERE = Path(__file__).parent
PAGE = (HOME / "docs" / "profile.md").read_text(encoding="utf-8")
(ADAPTER,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PROFILE = f"""
adapter = "letters.py:Letters"
patience = "500ms"
[subject]
name = "Letters"
vendors = ["igloohome"]
[run]
command = ["{{python}}", "letters.py"]
directory = {str(HERE)!r}
ready = ""
[run.env]
PORT = "{{port}}"
HOTEL = "plain"
SHARE = "{{folder}}"
IGLOO_API = "{{igloohome.api_url}}"
IGLOO_TOKEN_URL = "{{igloohome.token_url}}"
IGLOO_ID = "{{igloohome.client_id}}"
IGLOO_SECRET = "{{igloohome.client_secret}}"
ROOMS = '''{{"b": {{{{ doors.blue.vendor_id | json }}}},
  "r": {{{{ doors.red.vendor_id | json }}}}}}'''
[clock]
control = "preload"
[resources.blue]
id = "b"
vendor = "igloohome"
[resources.red]
id = "r"
vendor = "igloohome"
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    """Return a profile beside its adapter, in which a text was replaced."""
    assert old in ADAPTER
    (folder / "letters.py").write_text(ADAPTER.replace(old, new) if old else ADAPTER)
    path = folder / "letters.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


def test_stranger_is_judged_through_its_adapter(tmp_path: Path) -> None:
    found = judge(written(tmp_path), DOOR_HOURS_MESSAGE, tmp_path)
    assert found.of("pass") == RULES, found.printed


def test_fault_behind_an_adapter_is_found_at_the_door(tmp_path: Path) -> None:
    hour_late = ("stay.start.isoformat()", "stay.end.isoformat()")
    found = judge(written(tmp_path, *hour_late), DOOR[:1], tmp_path)
    assert found.code == 1
    assert found.of("fail") == {"CON-03"}, found.printed


def test_adapter_that_breaks_is_no_fault_of_the_integration(tmp_path: Path) -> None:
    found = judge(written(tmp_path, "stay.id", "stay.nr"), DOOR[:1], tmp_path)
    assert found.code == 3
    assert found.of("error") == {"CON-03"}, found.printed
    assert any("adapter Letters.calls: AttributeError" in r for r in found.reasons)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("class Letters", "class Lettres", "did you mean 'Lettres'?"),
        ("def deliver", "def delivr", "did you mean 'deliver'?"),
        ("def calls", "def _calls", "no [events], and its adapter no method 'calls'"),
        ("import json", "import jsn", "ModuleNotFoundError"),
    ],
)
def test_wrong_adapter_is_a_mistake_of_the_profile(
    old: str, new: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = written(tmp_path, old, new)
    assert main(["check", "--dry-run", "--profile", str(profile)]) == 2
    assert told in capsys.readouterr().err
    sys.modules.pop("adapter_letters", None)
