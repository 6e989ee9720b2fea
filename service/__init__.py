"""The reference integration: a booking becomes a door code, and the customer is told.

Invariants: nothing in here knows `fakes`, `strikeplate`, `features` or `loadtests`; it
could run without the rest of this repository. README.md shows how a booking passes
through the folders. Only this module and `app.py` know all the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from service.settings import Settings
    from service.vendor_http import Transport


def create_app(
    settings: Settings | None = None, *, transport: Transport | None = None
) -> Flask:
    """Return the service as a WSGI app; its workers run, unless there are none.

    Without `settings` they are read from the environment. `transport` replaces the
    network to the vendors. `app.extensions["strikeplate"]` is the `Service` behind
    the app; close it at the end.
    """
    # Loaded here, since `python -m service` hears signals only after this module.
    from flask import Flask  # noqa: PLC0415

    from service.app import open_service  # noqa: PLC0415
    from service.settings import from_environment  # noqa: PLC0415
    from service.web import mount_all  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    mount_all(app, open_service(settings or from_environment(), transport=transport))
    return app
