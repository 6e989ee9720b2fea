"""Where callers reach the fakes: a vendor's own host, or a URL in front of a proxy.

Invariants: a call to a vendor's own host (`https://api.nuki.io/smartlock`) is answered
as one below the vendor's folder (`/nuki/smartlock`). Links and signatures are about the
URL that the caller has used: forwarded headers count, and a public URL counts more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

    from fakes.kit.world import Fake

CALLED = "strikeplate.called"
"""Where a request keeps the path that its caller has used."""


class PublicAddress:
    """An application, as it is reached from outside."""

    def __init__(
        self,
        app: Flask,
        fakes: Mapping[str, Fake[object]],
        public_url: str | None = None,
    ) -> None:
        self._app = app
        self._paths = app.url_map.bind("")
        self._vendors = {
            host: name for name, fake in fakes.items() for host in fake.hosts
        }
        self._public = urlsplit(public_url) if public_url else None

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a call; its host may stand for a vendor."""
        path = environ.get("PATH_INFO", "")
        host = environ.get("HTTP_HOST", "").partition(":")[0].lower()
        vendor = self._vendors.get(host)
        if vendor:
            environ["wsgi.url_scheme"] = "https"
            environ[CALLED] = path
            inner = f"/{vendor}{path}"
            # Links that a vendor's page makes have its folder already
            if not path.startswith(f"/{vendor}/") or self._routed(inner, environ):
                environ["PATH_INFO"] = inner
        elif self._public:
            environ["wsgi.url_scheme"] = self._public.scheme
            environ["HTTP_HOST"] = self._public.netloc
        return self._app(environ, start_response)

    def _routed(self, path: str, environ: WSGIEnvironment) -> bool:
        return self._paths.test(path, environ["REQUEST_METHOD"])


def public(
    app: Flask, fakes: Mapping[str, Fake[object]], public_url: str | None
) -> WSGIApplication:
    """Return an application whose links and signatures are about the caller's URL."""
    return ProxyFix(PublicAddress(app, fakes, public_url), x_for=0, x_host=1)


def called(environ: WSGIEnvironment, base_url: str) -> str:
    """Return the URL that was called, without its query."""
    path = environ.get(CALLED)
    if path is None:
        return base_url
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}{path}"


def hosts_file(fakes: Mapping[str, Fake[object]], address: str) -> str:
    """Return the lines that lead clients of the vendors' own hosts to an address."""
    hosts = sorted(host for fake in fakes.values() for host in fake.hosts)
    return "".join(f"{address} {host}\n" for host in hosts)
