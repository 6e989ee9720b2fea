"""What the tests of the shell share: a database of each kind, and a service on it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from service.secret import Secret
from service.store.store import Store
from tests.service import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = Secret(Fernet.generate_key().decode())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with all its tables, to copy: migrating takes a while."""
    path = tmp_path_factory.mktemp("template") / "strikeplate.db"
    Store(f"sqlite:///{path}", KEY).close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path)
    return f"sqlite:///{tmp_path}/{sqlite_template.name}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL here: initdb is neither packaged nor on the PATH")
    with postgres.server(folder) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Return the name of a database with all its tables, to copy."""
    address = make_database(postgres_server, "ready", "template1")
    Store(address, KEY).close()
    return "ready"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str, tmp_path: Path) -> str:
    name = f"t{abs(hash(tmp_path))}"
    return make_database(postgres_server, name, postgres_template)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def make_database(server: str, name: str, template: str) -> str:
    """Return the address of a new database like the template."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)
