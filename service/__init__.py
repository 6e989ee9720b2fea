"""The reference integration: a booking becomes a door code, and the customer is told.

Invariants: nothing in here knows `fakes`, `features` or `loadtests`; it could run
without the rest of this repository. README.md shows how a booking flows through the
folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from service.bootstrap import open_service
from service.settings import from_environment
from service.web import mount_all

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from service.settings import Settings


def create_app(
    settings: Settings | None = None, *, transport: BaseAdapter | None = None
) -> Flask:
    """Return the service as a WSGI app; its workers run, unless there are to be none.

    Settings left out are read from the environment. `transport` stands in for the
    network to the vendors. `app.extensions["strikeplate"]` is the `Service` behind
    it, to be closed in the end.
    """
    app = Flask(__name__, static_folder=None)
    mount_all(app, open_service(settings or from_environment(), transport=transport))
    return app
