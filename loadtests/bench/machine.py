"""The machine: cores, and the CPU time and memory of processes.

Invariants: a server runs alone on one core, its caller on another. A threaded server on
two cores is up to three times as slow, and varies as much from run to run. Linux only:
everything is read from /proc.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CORES: Final = sorted(os.sched_getaffinity(0))
SERVER_CORE: Final = CORES[0]
CLIENT_CORE: Final = CORES[-1]
TICKS: Final = os.sysconf("SC_CLK_TCK")
IDLE: Final = (3, 4)
"""Where /proc/stat counts what nobody used: idle, and waiting for a disk."""


def pin(core: int) -> None:
    """Let this process, and what it starts, run on that core alone."""
    os.sched_setaffinity(0, {core})


def cpu_seconds(root: int) -> float:
    """Return the processor time of a living process and all that descend from it."""
    ticks = sum(int(each[11]) + int(each[12]) for each in _family(root).values())
    return ticks / TICKS


def memory_mb(root: int) -> float:
    """Return the memory of it and its descendants; what is shared counts once (PSS)."""
    return sum(_pss(pid) for pid in _family(root)) / 1024


def busy_seconds() -> float:
    """Return the processor time that our two cores have spent on anybody."""
    lines = Path("/proc/stat").read_text().splitlines()
    ours = {f"cpu{core}" for core in (SERVER_CORE, CLIENT_CORE)}
    rows = [line.split() for line in lines if line.split()[0] in ours]
    used = sum(
        int(ticks)
        for row in rows
        for place, ticks in enumerate(row[1:9])
        if place not in IDLE
    )
    return used / TICKS


def described() -> str:
    """Return what kind of machine this is, without its name."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    kernel = platform.release().split("-")[0]
    return (
        f"{len(CORES)} cores ({model}), {pages / 2**30:.0f} GB, "
        f"{platform.system()} {kernel}, Python {platform.python_version()}"
    )


def _family(root: int) -> dict[int, list[str]]:
    """Return the `stat` fields that follow the name, of the root and its heirs."""
    every = dict(_processes())
    heirs = {root} & every.keys()
    while more := {pid for pid, each in every.items() if int(each[1]) in heirs} - heirs:
        heirs |= more
    return {pid: every[pid] for pid in heirs}


def _processes() -> Iterator[tuple[int, list[str]]]:
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                text = (path / "stat").read_text()
                yield int(path.name), text.rpartition(")")[2].split()


def _pss(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
