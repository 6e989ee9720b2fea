"""`up` as a person meets it: one address, a lived-in example, one clock."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import requests

from strikeplate.pages.site import ROUTES
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = "2026-12-01T09:00:00Z"
PATIENCE_SECONDS = 120


@dataclass
class Person:
    """A browser at the pages."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    csrf: str = ""
    at_first: dict[str, str] = field(default_factory=dict)
    """What the pages showed before anybody turned the clock."""

    def get(self, path: str) -> str:
        page = self.session.get(self.url + path, timeout=60)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        self.csrf = found[1] if found else ""
        return page.text

    def does(self, path: str, **fields: str) -> requests.Response:
        """Send a form, and return the page that follows."""
        data = {"csrf": self.csrf} | fields
        answer = self.session.post(self.url + path, data=data, timeout=120)
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer


@dataclass
class Up:
    """The running program: the address of its pages, and what it printed."""

    url: str
    link: str
    printed: str


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    names = ("--pages-port", "--port", "--fakes-port", "--smtp-port")
    ports = [text for name in names for text in (name, str(free_port()))]
    command = [sys.executable, "-m", "strikeplate", "up", "--now", NOW, *ports]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://\S+/sign-in\S+", printed)
        assert found, printed
        yield Up(found[0].partition("/sign-in")[0], found[0], printed)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, rest.strip()) == (0, "")


@pytest.fixture(scope="module")
def person(up: Up) -> Person:
    person = Person(up.url)
    assert person.session.get(up.link, timeout=60).status_code == 200
    person.at_first = {path: person.get(path) for path in ("/", "/inbox")}
    return person


@pytest.fixture
def wall(person: Person) -> Person:
    """Go to the wall of doors by the button."""
    person.get("/")
    page = person.does("/wall")
    assert "Worlds" in page.text
    found = Person(page.url.rstrip("/"), person.session)
    found.get("/wall/demo")
    return found


def plain(page: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def card(person: Person, to: str, words: str) -> str:
    """Return the newest message to an address that says these words."""
    return card_of(person.get("/inbox"), to, words)


def card_of(inbox: str, to: str, words: str) -> str:
    cards = inbox.split('<li class="card"')[1:]
    return next(plain(each) for each in cards if to in each and words in each)


@pytest.mark.parametrize(
    "taken", ["--pages-port", "--port", "--fakes-port", "--smtp-port"]
)
def test_port_in_use_is_refused_in_one_line(taken: str) -> None:
    names = ("--pages-port", "--port", "--fakes-port", "--smtp-port")
    with socket.create_server(("127.0.0.1", 0)) as other:
        ports = {name: str(free_port()) for name in names}
        ports[taken] = str(other.getsockname()[1])
        given = [text for pair in ports.items() for text in pair]
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "strikeplate", "up", *given],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert f"127.0.0.1:{ports[taken]}: Address already in use" in ended.stderr


def test_it_says_what_to_try_first(up: Up) -> None:
    assert "Try first:" in up.printed
    assert "signs in once" in up.printed


@pytest.mark.usefixtures("person")
def test_link_signs_in_once(up: Up) -> None:
    assert requests.get(up.link, timeout=60).status_code == 403


@pytest.mark.parametrize("path", ["/", "/inbox", "/event", "/inbox/1/body"])
def test_nothing_is_shown_without_a_session(up: Up, path: str) -> None:
    answer = requests.get(up.url + path, timeout=60)
    assert answer.status_code == 401
    assert "example.org" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_no_form_is_taken_with_a_forged_token(up: Up, person: Person) -> None:
    forms = [path for path, _, methods in ROUTES if "POST" in methods]
    assert set(forms) == {"/event", "/resources", "/wall", "/time/<secret>"}
    for path in ("/event", "/resources", "/wall"):
        for csrf in ("", "x", "å"):
            answer = person.session.post(
                up.url + path, data={"csrf": csrf}, timeout=60, allow_redirects=False
            )
            assert answer.status_code == 403, path
        stranger = requests.post(up.url + path, timeout=60, allow_redirects=False)
        assert stranger.status_code == 401, path
    time = requests.post(f"{up.url}/time/guessed", json={"now": NOW}, timeout=60)
    assert time.status_code == 404


def test_forged_form_sends_nothing(up: Up, person: Person) -> None:
    answer = person.session.post(f"{up.url}/event", data={"csrf": "x"}, timeout=60)
    assert answer.status_code == 403
    assert requests.post(f"{up.url}/time/guessed", timeout=60).status_code == 404


def test_example_is_lived_in(person: Person) -> None:
    words = plain(person.at_first["/"])
    assert len(re.findall(r"B-10\d\d", words)) == 12
    for state in ("past", "under way", "to come", "cancelled"):
        assert state in words


def test_code_of_a_booking_under_way_opens_now(person: Person) -> None:
    found = card_of(person.at_first["/inbox"], "finn@example.org", "court-1")
    assert "Court 1" in found
    assert "Opens now." in found


def test_sms_stands_in_the_inbox(person: Person) -> None:
    found = card_of(person.at_first["/inbox"], "+46701741005", "office")
    assert "Opens now." in found


def test_one_booking_is_in_trouble(person: Person) -> None:
    assert "B-1012" in card(person, "owner@example.org", "No code for Studio")


def test_clock_takes_the_service_along_and_trouble_ends_after_gitas_step(
    person: Person, wall: Person
) -> None:
    page = wall.get("/wall/demo")
    found = re.search(
        r'href="(/wall/demo/doors/[\w-]+)">(?:(?!</a>).)*<b>Studio</b>', page, re.DOTALL
    )
    assert found
    assert f'href="{person.url}/"' in page  # back to the inbox
    gitas_time = {"to": "2026-12-01T17:05", "zone": "Europe/Berlin"}
    wall.does("/wall/demo/clock", **gitas_time, back="/wall/demo")
    wall.does(f"{found[1]}/change", online="yes", back=found[1])
    turned = wall.does("/wall/demo/clock", step="hour", back="/wall/demo")
    assert "Time went on." in turned.text
    assert "Opens now." in card(person, "lea@example.org", "studio")


def test_timeline_of_a_code_runs_from_its_event_to_the_door(wall: Person) -> None:
    """Ada's of yesterday: sent, made by a call, known to the cloud and typed."""
    page = wall.get("/wall/demo/codes")
    paths = dict.fromkeys(re.findall(r'href="(/wall/demo/codes/\w+)"', page))
    pages = [wall.get(path) for path in paths]
    (its,) = [each for each in pages if "Of booking B-1001, court-1;" in each]
    lanes = re.findall(r'</time>|<span class="tag">([^<]+)</span> *</time>', its)
    oldest_first = list(dict.fromkeys(lane for lane in lanes[::-1] if lane))
    assert oldest_first[:2] == ["Event in", "Call"]
    assert {"Cloud", "At the door"} <= set(oldest_first)


def test_running_clock_takes_the_service_along(person: Person, wall: Person) -> None:
    service = re.search(r'href="(http://[\w.:]+)">Service<', person.get("/"))
    assert service
    before = requests.get(f"{service[1]}/_clock", timeout=60).json()["now"]
    wall.does("/wall/demo/clock", step="running", back="/wall/demo")
    end = time.monotonic() + PATIENCE_SECONDS
    while requests.get(f"{service[1]}/_clock", timeout=60).json()["now"] == before:
        assert time.monotonic() < end
        time.sleep(0.2)  # another process turns the clock
    wall.does("/wall/demo/clock", step="stopped", back="/wall/demo")


def test_owner_signs_in_to_the_integration(person: Person) -> None:
    signed_in, _ = owner_of(person)
    assert signed_in.status_code == 200
    assert "/sign-in" not in signed_in.url


@pytest.mark.parametrize("booking", ["B-1008", "B-1009", "B-1011"])
def test_place_of_a_code_leads_to_where_its_vendor_has_it(
    person: Person, wall: Person, booking: str
) -> None:
    _, owner = owner_of(person)
    code = re.search(r"/codes/acc_\w+", owner.get(f"/?search={booking}"))
    assert code
    place = re.search(r'href="(http[^"]+/\?ref=[^"]+)"', owner.get(code[0]))
    assert place
    assert "A code for" in wall.session.get(place[1], timeout=60).text


def owner_of(person: Person) -> tuple[requests.Response, Person]:
    """Return what an owner is answered at the sign-in, and their browser."""
    page = person.get("/")
    service = re.search(r'href="(http://[\w.:]+)">Service<', page)
    user, password = re.findall(r'<dd class="mono">([^<]+)</dd>', page)
    assert service
    owner = Person(service[1])
    form = owner.get("/sign-in")
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    fields = {**dict(hidden), "name": user, "password": password}
    return owner.session.post(f"{service[1]}/sign-in", data=fields, timeout=60), owner


def test_event_of_a_form_becomes_a_message(person: Person) -> None:
    person.get("/event")
    said = person.does(
        "/event",
        kind="confirmed",
        booking="B-3001",
        resource="rehearsal-room",
        start="2026-12-02T10:00",
        end="2026-12-02T12:00",
        name="Maya Lund",
        email="maya@example.org",
        phone="+46701749999",
        language="sv",
    )
    assert "The service answered 202" in said.text
    assert "B-3001" in said.text


def test_membership_of_a_form_opens_the_door(person: Person) -> None:
    fields = {
        "booking": "M-1",
        "resource": "members",
        "start": "2026-12-02T10:00",
        "end": "2026-12-02T12:00",
        "name": "Olga Dahl",
        "email": "olga@example.org",
        "phone": "+46701749998",
        "language": "en",
    }
    person.get("/event")
    said = person.does("/event", kind="started", **fields)
    assert "membership.started of M-1 was sent." in plain(said.text)
    assert "The service answered 202" in said.text
    assert "Front door" in card(person, "olga@example.org", "members")
    person.get("/event")
    assert (
        "The service answered 202" in person.does("/event", kind="ended", **fields).text
    )


def test_nobody_books_a_community(person: Person) -> None:
    person.get("/event")
    said = person.does("/event", kind="confirmed", booking="B-1", resource="members")
    assert "for this event choose one of cottage, court-1" in plain(said.text)


def test_event_that_cannot_be_is_refused_in_words(person: Person) -> None:
    person.get("/event")
    said = person.does("/event", kind="vanished", booking="B-1", resource="court-1")
    assert "choose one of confirmed" in plain(said.text)


@pytest.mark.parametrize(
    ("change", "fix"),
    [
        ({"own": "court-1"}, "choose another name"),
        ({"zone": "Europe/Nowhere"}, "give one as Europe/Stockholm"),
        ({"webhook": "http://elsewhere.example/webhooks/1"}, "it begins with http"),
        ({"secret": "guessed"}, "it begins with whsec_"),
    ],
)
def test_resource_that_cannot_be_is_refused_in_words(
    person: Person, change: dict[str, str], fix: str
) -> None:
    found = re.search(r'placeholder="(http://[^"/]+/)', person.get("/event"))
    assert found
    right = {
        "own": "hall",
        "zone": "Europe/Stockholm",
        "webhook": f"{found[1]}webhooks/nobody",
        "secret": "whsec_" + "a" * 44,
    }
    page = plain(person.does("/resources", **right | change).text)
    assert "The resource was not added." in page
    assert fix in page
    assert "guessed" not in page


def test_event_of_an_added_resource_goes_to_its_own_connection(person: Person) -> None:
    found = re.search(r'placeholder="(http://[^"/]+/)', person.get("/event"))
    assert found
    page = person.does(
        "/resources",
        own="hall",
        zone="Asia/Kolkata",
        webhook=f"{found[1]}webhooks/nobody",
        secret="whsec_" + "a" * 44,
    )
    assert '<option value="hall" selected>' in page.text
    said = person.does(
        "/event",
        kind="confirmed",
        booking="B-1",
        resource="hall",
        start="2026-12-02T10:00",
        end="2026-12-02T12:00",
        name="Olga Dahl",
        email="olga@example.org",
        phone="+46701749998",
        language="en",
    )
    assert "The service answered 404" in said.text
