"""The admin: server-rendered pages at `/` of the service, for people who sign in.

`frame.py` is what every page shares; each other module holds the pages of one subject.
Pages call the handlers of `service/web/api` and the use cases, and decide nothing
themselves. `views.py` is pure: records in, texts out. `forms.py` turns what was typed
into bodies of the API. Everything works without a script.
"""

from __future__ import annotations

from service.web.admin import (
    activity,
    codes,
    connections,
    locks,
    rules,
    sign_in,
    texts,
    tokens,
    usage,
    vendor_sign_in,
)
from service.web.admin.frame import blueprint

PAGES = (
    *(sign_in, codes, activity, connections, locks, rules, texts, tokens),
    usage,
    vendor_sign_in,
)
"""The modules whose routes the blueprint has."""

__all__ = ["blueprint"]
