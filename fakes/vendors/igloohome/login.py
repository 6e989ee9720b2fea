"""The authorization-code flow: a page to sign in at, a code, tokens that are renewed.

Invariants: nobody's password is asked for: whoever presses the button is the owner. A
code is good once, for a while and for one redirect URI. A refresh token lives for a
year, stays as it is, and gives access tokens with the scopes of its code.
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import flask
from werkzeug import Response
from werkzeug.utils import redirect

from fakes.kit.dispatch import current_world
from fakes.kit.ids import derive
from fakes.vendors.igloohome import auth
from fakes.vendors.igloohome.state import Consent, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.world import World


YEAR = timedelta(days=365)
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in (simulated)</title>
<style>
body {{ margin: 0; padding: 12vh 1rem; font: 1rem/1.5 system-ui, sans-serif; }}
main {{ max-width: 26rem; margin: auto; overflow-wrap: anywhere; }}
h1 {{ margin: 0; font-size: 1.6rem; }}
button {{ padding: .6rem 1.1rem; font: inherit; }}
</style>
<main>
<h1>Sign in (simulated)</h1>
<p><b>{client}</b> asks for access to your locks.</p>
<p>This page stands in for igloohome's own, and asks for no password.</p>
<form method="post"><button>Sign in and allow</button></form>
</main>
</html>
"""


def show_page() -> Response:
    """Show the page, if the call asks for a code in the right way."""
    _check(flask.request.args)
    client = escape(flask.request.args["client_id"])
    return Response(PAGE.format(client=client), mimetype="text/html")


def allow() -> Response:
    """Send the browser back to the client, with a code."""
    world, asked = current_world(), flask.request.args
    _check(asked)
    code = _secret(world, "code")
    until = world.now + timedelta(seconds=int(quirk(world, "code-seconds")))
    scopes = auth.granted(world, asked.get("scope", "").split())
    consent = Consent(scopes, until, asked["redirect_uri"])
    state_of(world).consents[code] = consent
    given = {"code": code} | {n: asked[n] for n in ("state",) if n in asked}
    return redirect(f"{asked['redirect_uri']}?{urlencode(given)}")


def grant(world: World) -> dict[str, object]:
    """Return the answer to a token call that presents a code."""
    form, consents = flask.request.form, state_of(world).consents
    consent = consents.pop(form.get("code", ""), None)
    if consent is None or consent.redirect_uri != form.get("redirect_uri"):
        raise auth.oauth("invalid_grant")
    if world.now >= consent.until:
        raise auth.oauth("invalid_grant")
    refresh = _secret(world, "refresh")
    consents[refresh] = Consent(consent.scopes, world.now + YEAR)
    return auth.give(world, consent.scopes) | {"refresh_token": refresh}


def renew(world: World) -> dict[str, object]:
    """Return the answer to a token call that presents a refresh token."""
    found = state_of(world).consents.get(flask.request.form.get("refresh_token", ""))
    if found is None or found.redirect_uri or world.now >= found.until:
        raise auth.oauth("invalid_grant")
    return auth.give(world, found.scopes)


def _check(asked: Mapping[str, str]) -> None:
    target = urlsplit(asked.get("redirect_uri", ""))
    right_target = target.scheme in {"http", "https"} and target.netloc
    if asked.get("response_type") != "code" or not right_target:
        raise auth.oauth("invalid_request")
    if not quirk(current_world(), "code-grant"):
        raise auth.oauth("unauthorized_client")


def _secret(world: World, what: str) -> str:
    count = world.ids.ordinal(f"igloohome.{what}")
    return derive(state_of(world).client_secret, what, count).hex()
