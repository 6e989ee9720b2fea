"""`up`: fakes, service and a mail sink together, for trying things out.

Everything listens on loopback until Ctrl-C; what is stored goes into one folder. The
mails that the service sends lie there as files, to be opened as a customer would.
"""

from __future__ import annotations

import argparse
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import RESULTS
from strikeplate.processes import TOKEN_VARIABLE, Process, fresh_token
from strikeplate.smtp_sink import SmtpSink
from strikeplate.subjects.reference import service_variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.smtp_sink import Mail

WORKERS = 8


def main(arguments: Sequence[str]) -> int:
    """Serve all three until a signal ends them."""
    asked = _parser().parse_args(arguments)
    folder = Path(asked.folder)
    (folder / "mail").mkdir(parents=True, exist_ok=True)
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    with ExitStack() as running:
        sink = SmtpSink(asked.smtp_port, _Drawer(folder / "mail").put)
        running.callback(sink.close)
        for process, note in _processes(asked, folder, sink.url):
            process.start()
            running.callback(process.stop)
            print(f"{process.url}  {note}", flush=True)  # noqa: T201
        print(f"mails lie in {folder / 'mail'}; Ctrl-C ends", flush=True)  # noqa: T201
        ended.wait()
    return 0


class _Drawer:
    """Stores each mail as a numbered file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def put(self, mail: Mail) -> None:
        self._count += 1
        (self._folder / f"{self._count:04}.eml").write_bytes(mail.raw)


def _processes(
    asked: argparse.Namespace, folder: Path, smtp_url: str
) -> list[tuple[Process, str]]:
    control, owner = fresh_token(), fresh_token()
    settings = {
        **service_variables(folder, smtp_url, workers=WORKERS),
        "STRIKEPLATE_API_TOKEN": owner,
        "STRIKEPLATE_VENDOR_TIMEOUT_SECONDS": "10",
        "STRIKEPLATE_PORT": str(asked.port),
        "STRIKEPLATE_PUBLIC_URL": f"http://127.0.0.1:{asked.port}",
    }
    port = ["--port", str(asked.fakes_port)]
    token = {TOKEN_VARIABLE: control}
    fakes = Process("fakes", port, asked.fakes_port, folder / "fakes.log", token)
    service = Process("service", [], asked.port, folder / "service.log", settings)
    return [
        (fakes, f"the fakes, control token {control}"),
        (service, f"the service, API token {owner}"),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate up",
        description="Serve fakes, service and a mail sink, for trying things out.",
    )
    parser.add_argument("--port", type=int, default=8800, help="of the service")
    parser.add_argument("--fakes-port", type=int, default=8700, help="of the fakes")
    parser.add_argument("--smtp-port", type=int, default=2525, help="of the mail sink")
    parser.add_argument("--folder", default=str(RESULTS / "up"))
    return parser
