"""Baseline: a loop of calls by the HTTP client that the service uses.

`python -m loadtests.bench.baselines.client PORT CALLS` orders that many PINs of the
baseline vendor, one after the other, and prints wall seconds and CPU seconds.
"""

from __future__ import annotations

import sys
from time import perf_counter, process_time

from urllib3 import PoolManager

HEADERS = {"Authorization": "Bearer t"}


def main(port: int, calls: int) -> None:
    """Make the calls and say what they took."""
    network = PoolManager()
    url = f"http://127.0.0.1:{port}/igloohome/devices/SK3E000000/algopin/hourly"
    order = {"variance": 1, "startDate": "2026-12-01T15:00:00+01:00"}
    first = order | {"accessName": "first"}
    network.request("POST", url, json=first, headers=HEADERS)
    begun, spent = perf_counter(), process_time()
    for number in range(calls):
        name = {"accessName": f"F-{number}", "endDate": "2026-12-01T16:00:00+01:00"}
        named = order | name
        network.request("POST", url, json=named, headers=HEADERS, timeout=10).json()
    print(perf_counter() - begun, process_time() - spent)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
