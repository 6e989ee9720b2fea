"""A browser without scripts in front of the admin: it keeps cookies and sends forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from service.clock import now
from service.ids import new_token
from service.secret import Secret
from service.store.users import SESSIONS, USERS, Session, User
from service.use_cases.users import LASTS, hash_password, session_id
from service.web.admin.frame import SESSION_COOKIE
from tests.service.env import ServiceEnv
from tests.service.web.conftest import api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.service.web.conftest import ApiClient

USER = "ada"
WORD = "correct horse battery"


@dataclass
class Browser:
    """Somebody who looks at pages and sends the forms that stand on them."""

    api: ApiClient
    client: FlaskClient

    def open(self, path: str, status: int = 200, **more: Any) -> BeautifulSoup:
        """Return the page at the path."""
        answer = self.client.get(path, **more)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.data, "html.parser")

    def form_token(self) -> str:
        """Return the token of a form that this browser is shown."""
        answer = self.client.get("/", follow_redirects=True)
        page = BeautifulSoup(answer.data, "html.parser")
        token = page.find("input", {"name": "form_token"})
        assert token is not None
        return str(token["value"])

    def send(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Return the answer to a form with these fields, and the right token."""
        fields = {"form_token": self.form_token()} | (data or {})
        return self.client.post(path, data=fields)

    def submit(self, path: str, data: dict[str, Any] | None = None) -> BeautifulSoup:
        """Send the form; return the page that it leads to."""
        answer = self.send(path, data)
        assert answer.status_code == 303, answer.text
        return self.open(answer.headers["Location"])

    def sign_in(self, name: str = USER, password: str = WORD) -> TestResponse:
        return self.send("/sign-in", {"name": name, "password": password})


def text_of(page: BeautifulSoup) -> str:
    """Return the page's text with single blanks."""
    return re.sub(r"\s+", " ", page.get_text(" ")).strip()


@pytest.fixture(scope="session")
def hashed() -> str:
    """Return the hash of the user's password: it takes a while by intention."""
    return hash_password(Secret(WORD), bytes(16))


@pytest.fixture
def visitor(sqlite_url: str, hashed: str) -> Iterator[Browser]:
    """Return a browser of nobody yet, before a service that knows one user."""
    env = ServiceEnv(sqlite_url, mail_html=True)
    user = User("usr_1", USER, hashed, now())
    env.service.deps.store.write(lambda tx: USERS.add(tx, user))
    api = api_of(env)
    yield Browser(api, api.client.application.test_client())
    env.close()


@pytest.fixture
def browser(visitor: Browser) -> Browser:
    """Return a browser that is signed in."""
    token = new_token()
    session = Session(session_id(token), "usr_1", now() + LASTS)
    visitor.api.env.service.deps.store.write(lambda tx: SESSIONS.add(tx, session))
    visitor.client.set_cookie(SESSION_COOKIE, token.reveal())
    return visitor
