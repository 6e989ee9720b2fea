"""Which calls of the vendor's interface the fake serves: a table made from its routes.

Invariants: nothing here is written by hand. `interface.txt` lists the interface,
version 4.4.1: a line for each call, with its statuses, the shape of 200 and the scopes,
separated by semicolons. `python -m fakes.vendors.nuki.coverage` prints the table that
`COVERAGE.md` holds.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from fakes.vendors.nuki.routes.base import routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import MapAdapter


HOME = Path(__file__).parent
METHODS = ("GET", "PUT", "POST", "DELETE")
PARAMETER = re.compile(r"\{\w+\}")
HEAD = """# What is served

Of {paths} paths the fake serves {served_paths}, of {calls} calls {served_calls}. The \
others are answered with 404.
`python -m fakes.vendors.nuki.coverage > fakes/vendors/nuki/COVERAGE.md` writes this.

● served, ○ not served
"""


def interface() -> dict[str, list[str]]:
    """Return the methods of each path."""
    found: dict[str, list[str]] = {}
    for line in (HOME / "interface.txt").read_text(encoding="utf-8").splitlines():
        method, path = line.partition(";")[0].split()
        found.setdefault(path, []).append(method)
    return found


def served() -> set[tuple[str, str]]:
    """Return the calls that the fake serves, as method and path."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(routes)
    urls = app.url_map.bind("localhost")
    return {
        (method, path)
        for path, methods in interface().items()
        for method in methods
        if _is_served(urls, method, path)
    }


def table() -> str:
    """Return the page, as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    paths, here = interface(), served()
    yield HEAD.format(
        paths=len(paths),
        served_paths=len({path for _method, path in here}),
        calls=sum(map(len, paths.values())),
        served_calls=len(here),
    )
    yield f"| path | {' | '.join(METHODS)} |"
    yield "|---" * (len(METHODS) + 1) + "|"
    for path, methods in paths.items():
        marks = [
            " " if method not in methods else "●" if (method, path) in here else "○"
            for method in METHODS
        ]
        yield f"| `{path}` | {' | '.join(marks)} |"
    yield ""


def _is_served(urls: MapAdapter, method: str, path: str) -> bool:
    rule, _values = urls.match(PARAMETER.sub("1", path), method, return_rule=True)
    return str(rule.endpoint) != "nuki.nothing_here"


if __name__ == "__main__":
    sys.stdout.write(table())
