"""The stylesheet of all pages: the wall of doors, the inbox and the admin.

`style.css` is kept here. The fakes and the service import nothing of this package, so
each has a copy, `COPIES`; `tests/style/test_stylesheet.py` holds the copies equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

STYLESHEET: Final = Path(__file__).parent / "style.css"

COPIES: Final = ("service/web/admin/static/style.css", "fakes/wall/static/style.css")
"""Where the copies are, from the root of the repository; one may not exist yet."""
