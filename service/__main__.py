"""Serves the reference integration: `python -m service`, or only works for it.

    python -m service         webhooks, API and worker threads, on one port
    python -m service work    worker threads alone, beside others that serve

Everything is set by environment variables, listed in README.md.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Return the exit code: 2 for a command or a setting that cannot be right."""
    if list(words) not in ([], ["work"]):
        _complain(__doc__)
        return 2
    from service import serving  # noqa: PLC0415 - loading it is most of the start

    try:
        if words:
            serving.work()
        else:
            serving.serve()
    except serving.WRONGLY_SET as wrong:
        _complain(wrong)
        return 2
    return 0


def _complain(text: object) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    gc.disable()  # a start makes little garbage, and looking for it takes a tenth of it
    sys.exit(main(sys.argv[1:]))
