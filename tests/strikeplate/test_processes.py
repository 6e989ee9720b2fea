from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from strikeplate import processes as processes_module
from strikeplate.http import HttpCaller, NoAnswer, call_json
from strikeplate.processes import Process, free_port
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from pathlib import Path

SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = json.dumps({"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def process(folder: Path, source: str) -> Process:
    (folder / "tiny.py").write_text(source, encoding="utf-8")
    port = free_port()
    path = {"PYTHONPATH": str(folder)}
    return Process("tiny", [str(port)], port, folder / "tiny.log", path)


def test_port_that_was_given_is_given_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = free_port()
    monkeypatch.setattr(processes_module, "PORTS", range(first, first + 1))
    with pytest.raises(HarnessFault, match="and none is free"):
        free_port()


def test_process_is_reached_until_it_is_stopped(tmp_path: Path) -> None:
    processes = process(tmp_path, SERVER)
    processes.start()
    call = HttpCaller(processes.url)
    assert call_json(call, "GET", "/a?b=c").json() == {"path": "/a?b=c"}
    processes.stop()
    with pytest.raises(NoAnswer):
        call("GET", "/")
    call.close()


def test_killed_process_starts_again(tmp_path: Path) -> None:
    processes = process(tmp_path, SERVER)
    processes.start()
    processes.kill()
    processes.start()
    with closing(HttpCaller(processes.url)) as call:
        assert call("GET", "/").ok
    processes.stop()


def test_process_that_ends_at_once_reports_the_end_of_its_log(tmp_path: Path) -> None:
    processes = process(tmp_path, "raise SystemExit('the port is taken')")
    with pytest.raises(HarnessFault, match="the port is taken"):
        processes.start()
