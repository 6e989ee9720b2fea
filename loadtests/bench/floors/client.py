"""Floor: a bare loop of the HTTP client that the service uses, and nothing around it.

`python -m loadtests.bench.floors.client PORT CALLS` orders so many PINs of the floor's
vendor, one after the other, and prints the wall seconds and processor seconds it took.
"""

from __future__ import annotations

import sys
from time import perf_counter, process_time

from requests import Session

HEADERS = {"Authorization": "Bearer t"}


def main(port: int, calls: int) -> None:
    """Make the calls and say what they took."""
    session = Session()
    session.trust_env = False
    url = f"http://127.0.0.1:{port}/igloohome/devices/SK3E000000/algopin/hourly"
    order = {"variance": 1, "startDate": "2026-12-01T15:00:00+01:00"}
    session.post(url, json={**order, "accessName": "first"}, headers=HEADERS)
    begun, spent = perf_counter(), process_time()
    for number in range(calls):
        name = {"accessName": f"F-{number}", "endDate": "2026-12-01T16:00:00+01:00"}
        session.post(url, json=order | name, headers=HEADERS, timeout=10).json()
    print(perf_counter() - begun, process_time() - spent)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
