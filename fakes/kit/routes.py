"""Routes that are matched at once, and made ready for building URLs when one is built.

Invariants: for `url_for` werkzeug compiles two functions a route, which is most of what
a route costs and a fifth of a start. There are over two hundred; a few are ever built.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable


class Route(Rule):
    """A route whose builders are compiled when the first URL is built from it."""

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002 - as werkzeug calls it
    ) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)
        return lambda route, /, **values: compiled(append_unknown)(route, **values)
