"""Our fakes with one fault of a vendor: its name, then what `python -m fakes` takes."""

from __future__ import annotations

import sys

from fakes.__main__ import main
from strikeplate.mutants import load_mutant

if __name__ == "__main__":
    with load_mutant(sys.argv[1]).applied():
        sys.exit(main(sys.argv[2:]))
