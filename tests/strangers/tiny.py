"""A program that is no integration: what it does wrong is said by its argument.

dead     ends at once                  mute     takes connections, answers none
yes      answers 200, and does nothing  no       answers 500 to every event
crash    ends on the first event        polling  asks the vendor for ever, no more
slow     answers after more than 30 s   later    ends some time after an event
broken   answers 500 to everything      posts    posts a message of its own format
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOW = sys.argv[1]
PORT = int(os.environ["PORT"])
VENDOR = os.environ["NUKI_API_URL"]
TOKEN = {"Authorization": f"Bearer {os.environ['NUKI_API_TOKEN']}"}


class Handler(BaseHTTPRequestHandler):
    """Answers everything in one way."""

    def do_GET(self) -> None:
        """Be there."""
        self.answer(500 if HOW == "broken" else 200)

    def do_POST(self) -> None:
        """Take an event."""
        self.rfile.read(int(self.headers["Content-Length"]))
        if HOW == "crash":
            sys.stdout.write("out of memory at 654321\n")
            sys.stdout.flush()
            os._exit(3)
        if HOW == "slow":
            time.sleep(31)  # longer than an answer is waited for
        if HOW == "later":
            threading.Timer(0.2, os._exit, [4]).start()
        if HOW == "posts":
            post()
        self.answer(500 if HOW == "no" else 200)

    def answer(self, status: int) -> None:
        """Answer without a word."""
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing."""


def post() -> None:
    """Post a message where it is refused, and say so with a code that is secret."""
    body = b'{"recipient": "ada@example.org", "text": "Your code: 654321"}'
    call = urllib.request.Request(os.environ["INBOX"], body)  # noqa: S310 - the harness
    try:
        urllib.request.urlopen(call)  # noqa: S310 - likewise
    except urllib.error.HTTPError as refusal:
        sys.stdout.write(f"the code 654321 was not sent: {refusal.code}\n")
        sys.stdout.flush()


def poll() -> None:
    """Ask the vendor again and again."""
    while True:
        call = urllib.request.Request(f"{VENDOR}/smartlock", headers=TOKEN)  # noqa: S310 - our fakes
        with urllib.request.urlopen(call) as answer:  # noqa: S310 - likewise
            answer.read()
        time.sleep(0.1)  # it polls the vendor, as many do


if __name__ == "__main__":
    if HOW == "dead":
        sys.exit("no licence found")
    if HOW == "mute":
        with socket.create_server(("127.0.0.1", PORT)):
            time.sleep(60)  # connected to, and it never answers
    if HOW == "polling":
        threading.Thread(target=poll, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
