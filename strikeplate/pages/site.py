"""The pages of `up`: where to begin, the inbox, and a form that sends any event.

Invariants: a session is needed, which a one-time link starts; a form carries the
session's token and is answered by a redirect. A mail's HTML is shown in a frame in
which nothing runs and nothing is loaded. The companion's path is half of a secret:
only the fakes know it.
"""

from __future__ import annotations

import hmac
import json
import re
from calendar import day_name
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask import Response as FlaskResponse

from serving.sessions import Notice, Session, Sessions
from strikeplate.example import RESOURCES, ZONES
from strikeplate.fakes_client import instant, parse
from strikeplate.pages import STYLESHEET
from strikeplate.platforms.standard import Booking, Person

if TYPE_CHECKING:
    from werkzeug import Response

    from strikeplate.example import Live
    from strikeplate.http import Answer

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; frame-src 'self'; form-action 'self' {wall}; base-uri "
        "'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-same-origin; "
    "frame-ancestors 'self'"
)
"""A mail may look as it likes; it runs nothing and loads nothing."""

COOKIE = "strikeplate-up"
OPEN = {"sign_in", "follow", "static", "stylesheet"}
KINDS = ("confirmed", "paid", "starting", "changed", "cancelled", "checked_out")
MEMBERSHIPS = ("started", "ended")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{20,}={0,2}")
FORGED = "The form is not from a page of this session. Load the page again."
NO_SESSION = (
    "You are not signed in. Open the link that strikeplate up printed in its terminal; "
    "it signs in once."
)
NO_SUCH_LINK = (
    "This link has signed somebody in already, or is none that strikeplate up printed. "
    "Go on in the browser that it signed in, or start strikeplate up again for another."
)


@dataclass
class Site:
    """What the pages stand in front of."""

    live: Live
    sessions: Sessions = field(default_factory=Sessions)
    secret: str = field(default="", repr=False)
    """The last part of the companion's path."""

    ready: bool = False
    """Whether the example has been lived through."""

    owner: tuple[str, str] | None = field(default=None, repr=False)
    """The name and password of the service's admin."""

    def sign_in_path(self) -> str:
        """Return the path that signs a browser in, once."""
        return f"/sign-in?key={self.sessions.new_key()}"


def create_site(site: Site) -> Flask:
    """Return the pages as an application."""
    app = Flask("strikeplate.pages")
    app.extensions["strikeplate.site"] = site
    for rule, view, methods in ROUTES:
        app.add_url_rule(rule, view.__name__, view, methods=methods)
    app.before_request(admit)
    app.after_request(protect)
    app.add_template_filter(local_time)
    return app


def admit() -> Response | None:
    """Refuse who has no session, and a form that is not from a page of the session."""
    session = _site().sessions.find(request.cookies.get(COOKIE))
    if session is not None:
        g.session = session
    if request.endpoint in OPEN:
        return None
    if session is None:
        return _page("refused.html", HTTPStatus.UNAUTHORIZED, text=NO_SESSION)
    if request.method == "POST" and not session.allows(request.form.get("csrf", "")):
        return _page("refused.html", HTTPStatus.FORBIDDEN, text=FORGED)
    return None


def protect(answer: FlaskResponse) -> FlaskResponse:
    """Add the headers that protect a page, unless it has its own."""
    wall = _site().live.service.urls[1]  # which a form leads to
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value.format(wall=wall))
    return answer


def sign_in() -> Response:
    """Start a session by a one-time key."""
    given = request.args.get("key", "")
    session = None if request.method == "HEAD" else _site().sessions.redeem(given)
    if session is None:
        return _page("refused.html", HTTPStatus.FORBIDDEN, text=NO_SUCH_LINK)
    answer = redirect(url_for("start"), HTTPStatus.SEE_OTHER)
    answer.set_cookie(COOKIE, session.token, httponly=True, samesite="Lax")
    return answer


def start() -> Response:
    """Show where to begin."""
    live = _site().live
    bookings = sorted(live.bookings.values(), key=lambda each: each.start)
    return _page("start.html", bookings=bookings, zones=ZONES)


def show_inbox() -> Response:
    """Show every message, the newest first; 204 to who has seen them all."""
    inbox = _site().live.inbox
    messages = inbox.newest_first()
    now, _ = _site().live.world.clock()
    cursor = f"{len(messages)}-{int(now.timestamp())}"
    if request.args.get("cursor") == cursor:
        return make_response("", HTTPStatus.NO_CONTENT)
    shown = [(each, inbox.fates(each)) for each in messages[:MOST_SHOWN]]
    more = len(messages) - len(shown)
    return _page("inbox.html", messages=shown, more=more, cursor=cursor)


MOST_SHOWN = 60


def show_mail(number: int) -> Response:
    """Show the HTML of a mail, for a frame in which nothing runs."""
    found = _site().live.inbox.find(number)
    if found is None or not found.html:
        return _page(
            "refused.html", HTTPStatus.NOT_FOUND, text="There is no such mail."
        )
    answer = make_response(found.html)
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def show_form() -> Response:
    """Show the form for an event."""
    live, now = _site().live, _site().live.world.clock()[0]
    name = request.args.get("booking", "")
    known = next((each for each in live.bookings.values() if each.id == name), None)
    start = (now + timedelta(hours=2)).replace(minute=0)
    end = start + timedelta(hours=2)
    new = {"id": f"B-{2001 + live.events}", "start": start, "end": end}
    return _page(
        "event.html",
        booking=known,
        new=new,
        chosen=known.resource if known else request.args.get("resource", ""),
        resources=live.resources,
        zone=live.zone,
        weekdays=tuple(day_name),
    )


def send_event() -> Response:
    """Send the event of a form, signed, and say what was answered."""
    live, kind = _site().live, request.form.get("kind", "")
    try:
        booking = _booking(kind)
    except ValueError as error:
        return _say("bad", "Nothing was sent.", str(error), "show_form")
    if kind in MEMBERSHIPS:
        of, member = booking.resource, booking.customer
        answer = live.send_membership(kind, booking.id, of, member)
        return _say_answer(answer, f"membership.{kind} of {booking.id}")
    answer = live.send_booking(kind, booking)
    return _say_answer(answer, f"booking.{kind} of {booking.id}")


def add_resource() -> Response:
    """Keep the address and secret of a connection that was linked by hand."""
    try:
        name = _add_resource()
    except ValueError as error:
        return _say("bad", "The resource was not added.", str(error), "show_form")
    text = "Choose it below, and send its first booking."
    title = f"Events of {name} go to your connection."
    return _say("good", title, text, "show_form", resource=name)


def _say_answer(answer: Answer, what: str) -> Response:
    tone = "good" if answer.ok else "bad"
    text = f"The service answered {answer.status}: {_reason(answer.json())}"
    return _say(tone, f"{what} was sent.", text, "start")


def open_wall() -> Response:
    """Go to the wall of doors, signed in by a fresh link."""
    made = _site().live.service.fakes.call("POST", "/sign-ins")
    return redirect(made["url"], HTTPStatus.SEE_OTHER)


def follow(secret: str) -> Response:
    """Have the service go to an instant, and say when it has work next."""
    site = _site()
    if not hmac.compare_digest(secret.encode(), site.secret.encode()):
        return _page(
            "refused.html", HTTPStatus.NOT_FOUND, text="There is no such page."
        )
    upcoming = site.live.follow(parse(json.loads(request.get_data())["now"]))
    return make_response({"next_at": instant(upcoming) if upcoming else None})


def stylesheet() -> Response:
    """Return the stylesheet of all pages."""
    return FlaskResponse(STYLESHEET.read_text(), mimetype="text/css")


ROUTES: tuple[tuple[str, Any, list[str]], ...] = (
    ("/", start, ["GET"]),
    ("/sign-in", sign_in, ["GET"]),
    ("/inbox", show_inbox, ["GET"]),
    ("/inbox/<int:number>/body", show_mail, ["GET"]),
    ("/event", show_form, ["GET"]),
    ("/event", send_event, ["POST"]),
    ("/resources", add_resource, ["POST"]),
    ("/wall", open_wall, ["POST"]),
    ("/time/<secret>", follow, ["POST"]),
    ("/style.css", stylesheet, ["GET"]),
)


def _booking(kind: str) -> Booking:
    """Return the booking of a form; a ValueError names what is wrong."""
    given = {name: value.strip() for name, value in request.form.items()}
    live = _site().live
    if kind not in (*KINDS, *MEMBERSHIPS):
        raise ValueError(f"kind {kind!r}: choose one of {', '.join(KINDS)}")
    communities = {each.name for each in live.resources if each.is_community}
    known = communities if kind in MEMBERSHIPS else {*live.connections} - communities
    if given.get("resource") not in known:
        fix = f"for this event choose one of {', '.join(sorted(known))}"
        raise ValueError(f"resource {given.get('resource')!r}: {fix}")
    zone = live.zone(given["resource"])
    who = Person(given["name"], given["email"], given["phone"], given["language"])
    start, end = (_local(given[name], name, zone) for name in ("start", "end"))
    days = tuple(request.form.getlist("weekdays"))
    if unknown := set(days).difference(day_name):
        raise ValueError(
            f"weekdays {sorted(unknown)}: choose from {', '.join(day_name)}"
        )
    return Booking(given["booking"], given["resource"], start, end, who, days)


def _add_resource() -> str:
    """Return the name of the form's resource; a ValueError names what is wrong."""
    name, zone, address, secret = (
        request.form[each].strip() for each in ("own", "zone", "webhook", "secret")
    )
    live, service = _site().live, _site().live.service.urls[0]
    if name in {each.name for each in RESOURCES}:
        raise ValueError(f"resource {name!r}: the example has it; choose another name")
    if zone not in available_timezones():
        raise ValueError(f"time zone {zone!r}: give one as Europe/Stockholm")
    if not address.startswith(f"{service}/"):
        raise ValueError(f"webhook address {address!r}: it begins with {service}/")
    if not SECRET.fullmatch(secret):
        fix = "copy it from the page after linking; it begins with whsec_"
        raise ValueError(f"that is no signing secret: {fix}")
    live.add_resource(name, zone, address.removeprefix(service), secret)
    return name


def _local(text: str, name: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise ValueError(f"{name} {text!r}: give a date and a time") from None


def _reason(answer: Any) -> str:
    if not isinstance(answer, dict):
        return "nothing"
    said = [answer.get(name) for name in ("status", "reason", "detail")]
    return "; ".join(str(each) for each in said if each)


def local_time(at: datetime | None, zone: str, form: str = "%a %-d %b, %H:%M") -> str:
    """Return an instant as the clocks of a zone show it."""
    return at.astimezone(ZoneInfo(zone)).strftime(form) if at else "an unknown time"


def _say(
    tone: str, title: str, text: str, view: str, resource: str | None = None
) -> Response:
    g.session.notices.append(Notice(tone, title, text))
    return redirect(url_for(view, resource=resource), HTTPStatus.SEE_OTHER)


def _site() -> Site:
    from flask import current_app  # noqa: PLC0415 - beside its only use

    site: Site = current_app.extensions["strikeplate.site"]
    return site


def _page(name: str, status: int = HTTPStatus.OK, **values: Any) -> FlaskResponse:
    session: Session | None = g.get("session")
    site = _site()
    live = site.live
    now, _ = live.world.clock() if session else (None, None)
    text = render_template(
        name,
        notices=session.take_notices() if session else [],
        csrf=session.csrf if session else "",
        site=site,
        service_url=live.service.urls[0],
        now=now,
        **values,
    )
    return make_response(text, status)
