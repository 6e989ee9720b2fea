"""What the tests of the shell share: a database of each kind, and a service on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from service.secret import Secret
from tests.service import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = Secret(Fernet.generate_key().decode())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL here: initdb is neither packaged nor on the PATH")
    with postgres.server(folder) as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str, tmp_path: Path) -> str:
    url = make_url(postgres_server)
    name = f"t{abs(hash(tmp_path))}"
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/strikeplate.db"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
