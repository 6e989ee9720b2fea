"""A subject that our clock has ended is judged by a second play of the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.subjects.launch import RACE
from tests.strangers.judging import judge
from tests.strangers.test_hotel import HERE, hotel

if TYPE_CHECKING:
    from pathlib import Path

WRAPPED = """
import os, runpy, sys
from pathlib import Path
starts = Path(os.environ["STARTS"])
starts.write_text(starts.read_text() + "." if starts.exists() else ".")
sys.path.insert(0, sys.argv[1])
if len(starts.read_text()) in {ENDED}:
    import hotel
    def take(*_):
        sys.stderr.write({RACE!r})
        sys.stderr.flush()
        os._exit(1)
    sys.argv[0] = hotel.__file__
    source = Path(hotel.__file__).read_text()
    source = source.replace("take(number, None", "end(number, None")
    exec(compile(source, hotel.__file__, "exec"), {"__name__": "__main__", "end": take})
else:
    runpy.run_path(sys.argv[1] + "/hotel.py", run_name="__main__")
"""


@pytest.mark.parametrize(("ended", "code"), [("{1}", 4), ("{1, 2}", 3)])
def test_subject_that_the_clock_has_ended_is_played_again_once(
    ended: str, code: int, tmp_path: Path
) -> None:
    text = WRAPPED.replace("{ENDED}", ended).replace("{RACE!r}", repr(RACE))
    (tmp_path / "wrapped.py").write_text(text)
    command = f'command = ["{{python}}", "{tmp_path}/wrapped.py", "{HERE}"]'
    profile = hotel(tmp_path, command=command)
    starts = str(tmp_path / "starts")
    only = ["CON-03: The code opens the lock of the booked court and of no other"]
    found = judge(profile, only, tmp_path, "--workers", "1", STARTS=starts)
    assert found.code == code, found.printed
    assert not found.of("fail")
    assert (tmp_path / "starts").read_text() == ".."
