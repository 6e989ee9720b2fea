"""What the Makefile refuses, so that nothing is lost by it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_setting_up_does_not_empty_what_a_link_leads_to(tmp_path: Path) -> None:
    shared, clone = tmp_path / "shared", tmp_path / "clone"
    for folder in (shared, clone):
        folder.mkdir()
    (shared / "pyvenv.cfg").write_text("precious")
    (clone / ".venv").symlink_to(shared)
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, clone)
    ended = subprocess.run(  # noqa: S603 - our own words
        ["make", "setup", f"PYTHON={sys.executable}"],  # noqa: S607 - found on PATH
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert f".venv is a link to {shared}" in ended.stdout
    assert "rm .venv" in ended.stdout
    assert (shared / "pyvenv.cfg").read_text() == "precious"
