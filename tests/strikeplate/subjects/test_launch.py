"""A subject's process is started, its clock set, and it is ended in any case."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from strikeplate.processes import free_port, wait
from strikeplate.subjects.launch import RACE, PreloadedClock, SubjectProcess
from strikeplate.verdict import HarnessFault, Misuse

SERVER = """
import datetime, http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat().encode()
        self.send_response(200)
        self.send_header("content-length", str(len(now)))
        self.end_headers()
        self.wfile.write(now)
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
SOON = timedelta(seconds=20)


def server(folder: Path, port: int, **variables: str) -> SubjectProcess:
    """Return a process that answers with the time it has."""
    (folder / "server.py").write_text(SERVER)
    command = [sys.executable, "server.py", str(port)]
    return SubjectProcess(command, folder, folder / "output", variables)


def alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_clock_of_a_process_is_set_in_flight(tmp_path: Path) -> None:
    port, clock = free_port(), PreloadedClock(tmp_path)
    subject = server(tmp_path, port, **clock.variables)
    url = f"http://127.0.0.1:{port}/"
    subject.start(url, SOON)
    for year in (2026, 2027, 2031):
        there = datetime(year, 3, 28, 1, 30, tzinfo=UTC)
        clock.set(there)
        shown = datetime.fromisoformat(requests.get(url, timeout=5).text)
        assert timedelta() <= shown - there < timedelta(seconds=5)
    subject.stop()


def test_wait_of_a_process_is_as_long_as_its_limit(tmp_path: Path) -> None:
    program = """
import ctypes, time
c = ctypes.CDLL(None)
cond, mutex, kind = (ctypes.create_string_buffer(64) for _ in range(3))
c.pthread_condattr_init(kind)
c.pthread_condattr_setclock(kind, time.CLOCK_MONOTONIC)
c.pthread_cond_init(cond, kind)
c.pthread_mutex_lock(mutex)
began = time.monotonic()
until = divmod(time.monotonic_ns() + 100_000_000, 1_000_000_000)
c.pthread_cond_timedwait(cond, mutex, (ctypes.c_long * 2)(*until))
print(time.monotonic() - began)
"""
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", program],
        env={**os.environ, **PreloadedClock(tmp_path).variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) >= 0.1


def test_process_that_ends_at_once_is_told_with_its_output(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no database')"]
    subject = SubjectProcess(command, tmp_path, tmp_path / "output")
    with pytest.raises(HarnessFault, match=r"(?s)status 1.*no database"):
        subject.start(f"http://127.0.0.1:{free_port()}/", SOON)


def test_process_that_never_answers_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import threading; threading.Event().wait(60)"]
    subject = SubjectProcess(command, tmp_path, tmp_path / "output")
    with pytest.raises(HarnessFault, match="within 0 s"):
        subject.start(f"http://127.0.0.1:{free_port()}/", timedelta(seconds=0.3))
    assert subject.ended is None


def test_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    subject = SubjectProcess("nosuchcommand --x", tmp_path, tmp_path / "output")
    with pytest.raises(Misuse, match="'nosuchcommand' cannot be started"):
        subject.start("http://127.0.0.1:9/", SOON)


def test_process_ends_with_whoever_started_it_though_that_is_killed(
    tmp_path: Path,
) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    port = free_port()
    starter = f"""
import sys, threading
from datetime import timedelta
from pathlib import Path
from strikeplate.subjects.launch import SubjectProcess
here = Path({str(tmp_path)!r})
subject = SubjectProcess([sys.executable, "server.py", "{port}"], here, here / "output")
subject.start("http://127.0.0.1:{port}/", timedelta(seconds=20))
print(subject._running.pid, flush=True)
threading.Event().wait(60)
"""
    parent = subprocess.Popen(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(500):
        if not alive(child):
            return
        wait(0.01)
    pytest.fail("the process outlived its starter by 5 s")


def test_end_by_libfaketime_is_not_the_programs_fault(tmp_path: Path) -> None:
    words = f"import sys; sys.stderr.write({RACE + ', failed'!r}); sys.exit(1)"
    subject = SubjectProcess([sys.executable, "-c", words], tmp_path, tmp_path / "out")
    with pytest.raises(HarnessFault, match="libfaketime has ended the process"):
        subject.start("http://127.0.0.1:1/", SOON)
