"""The admin: server-rendered pages at `/` of the service, for people who sign in.

`frame.py` is what every page shares; each other module holds the pages of one subject.
Pages call the handlers of `service/web/api` and the use cases, and decide nothing
themselves. `views.py` is pure: records in, texts out. `forms.py` turns what was typed
into bodies of the API. Everything works without a script.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from service.web.admin.frame import blueprint

__all__ = ["blueprint"]

for each in iter_modules(__path__):  # so that the blueprint has the routes of each
    import_module(f"{__name__}.{each.name}")
