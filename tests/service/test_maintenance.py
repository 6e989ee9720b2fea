"""Tokens are made and the secret key is changed by commands, beside the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from service.__main__ import main
from service.maintenance import SEALED, reseal
from service.secret import Secret
from service.store import tables
from service.store.store import Store
from service.store.table_gateway import Prepared
from service.store.vault import SecretKeyError
from tests.service.conftest import KEY
from tests.service.env import ServiceEnv
from tests.service.web.conftest import ApiClient, api_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Command = Callable[..., tuple[int, str, str]]

NEW = Fernet.generate_key().decode()
BOTH = Secret(f"{NEW},{KEY.reveal()}")


@pytest.fixture
def command(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    monkeypatch.setenv("STRIKEPLATE_DATABASE_URL", database_url)

    def run(*words: str, key: Secret = KEY) -> tuple[int, str, str]:
        monkeypatch.setenv("STRIKEPLATE_SECRET_KEY", key.reveal())
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def env(database_url: str) -> Iterator[ServiceEnv]:
    made = ServiceEnv(database_url)
    yield made
    made.close()


@pytest.fixture
def api(env: ServiceEnv) -> ApiClient:
    return api_of(env)


def status(api: ApiClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token.strip()}"}
    return api.call("GET", "/api/accesses", headers=headers).status_code


def test_token_counts_in_a_running_service_until_it_is_revoked(
    api: ApiClient, command: Command
) -> None:
    code, token, _ = command("token", "make", "reception", "--scopes", "read,codes")
    assert (code, status(api, token)) == (0, 200)
    assert command("token", "list")[1] == "reception  codes,read  no end\n"
    _, second, _ = command("token", "rotate", "reception")
    assert [status(api, each) for each in (token, second)] == [200, 200]
    _, third, _ = command("token", "rotate", "reception", "--overlap-hours", "0")
    assert [status(api, each) for each in (second, third)] == [401, 200]
    assert command("token", "revoke", "reception")[0] == 0
    assert [status(api, each) for each in (token, third)] == [401, 401]


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (["token", "make", "a", "--scopes", "reed"], "'reed' is no scope"),
        (["token", "rotate", "nobody"], "no token 'nobody'; known: none"),
        (["token", "rotate", "a", "--overlap-hours", "-1"], "from 0 to 2160"),
        (["token", "rotate", "a", "--overlap-hours", "x"], "'x' is no number"),
    ],
)
def test_wrong_word_is_told_with_the_fix(
    command: Command, words: list[str], fix: str
) -> None:
    code, _, said = command(*words)
    assert code == 2
    assert fix in said


def sealed_texts(store: Store) -> list[str]:
    """Return every sealed text of the database."""
    columns = [
        column
        for table in tables.metadata.sorted_tables
        for column in table.c
        if column.name.startswith(SEALED)
    ]
    rows = store.read(
        lambda tx: [
            row for each in columns for row in Prepared(select(each)).rows(tx.sql)
        ]
    )
    return [text for [text] in rows if text]


def test_key_is_changed_while_codes_stay_what_they_are(
    database_url: str, env: ServiceEnv, command: Command
) -> None:
    env.rule()
    env.send_event("confirmed")
    env.work()
    pin = env.pin(env.access())
    code, said, _ = command("reseal", key=BOTH)
    assert (code, int(said.split(": ")[1]) > 3) == (0, True)
    changed = Store(database_url, Secret(NEW))
    try:
        assert changed.vault.open(env.access().sealed_pin or "").reveal() == pin
        for text in sealed_texts(changed):
            changed.vault.open(text)
        assert reseal(changed) == 0
    finally:
        changed.close()


def test_after_the_change_the_old_key_opens_nothing(
    database_url: str, command: Command
) -> None:
    assert command("reseal", key=BOTH)[0] == 0
    with pytest.raises(SecretKeyError, match="STRIKEPLATE_SECRET_KEY"):
        Store(database_url, KEY)


def test_fingerprints_stay_when_the_key_is_changed(
    database_url: str, command: Command
) -> None:
    pin = Secret("0042")
    before = Store(database_url, KEY)
    found = before.vault.fingerprint(pin)
    before.close()
    command("reseal", key=BOTH)
    after = Store(database_url, Secret(NEW))
    assert after.vault.fingerprint(pin) == found
    after.close()


def test_key_that_is_none_is_refused_also_beside_a_good_one(command: Command) -> None:
    code, _, said = command("reseal", key=Secret(f"{KEY.reveal()},short"))
    assert code == 2
    assert "not a Fernet key" in said
    assert "short" not in said
