"""The machine: which core does what, what a process has used, who else was at work.

Law: a server stands alone on one core, and whoever calls it on another. A threaded
server that is left free on two cores is up to three times as slow, and jumps by as
much from run to run. Linux only: everything is read from /proc.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Final

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


def cpu_seconds(group: int) -> float:
    """Return the processor time of all living processes of a process group."""
    return sum(int(each[11]) + int(each[12]) for each in _stats(group)) / TICKS


def memory_mb(group: int) -> float:
    """Return the memory of a process group; what is shared counts once (PSS)."""
    return sum(_pss(pid) for pid in members(group)) / 1024


def members(group: int) -> list[int]:
    """Return the processes of a process group."""
    return [int(path.name) for path, fields in _processes() if int(fields[2]) == group]


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
    return (
        f"{len(CORES)} cores ({model}), {pages / 2**30:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def _stats(group: int) -> Iterator[list[str]]:
    for _, fields in _processes():
        if int(fields[2]) == group:
            yield fields


def _processes() -> Iterator[tuple[Path, list[str]]]:
    """Yield every process with the fields of its `stat` that follow its name."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                text = (path / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield path, text.rpartition(")")[2].split()


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith("Pss:")]
    return int(found[0]) if found else 0
