"""Settings are read once, and what cannot be right is refused with the fix."""

from __future__ import annotations

from dataclasses import fields
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from service.__main__ import main
from service.app import open_store, secret_key
from service.clock import now
from service.secret import Secret
from service.settings import (
    PREFIX,
    READERS,
    SettingError,
    Settings,
    from_environment,
    unknown_settings,
)
from service.use_cases.users import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_nothing_set_is_the_default() -> None:
    assert from_environment({}) == Settings()


def test_every_setting_has_its_variable() -> None:
    assert set(READERS) == {field.name for field in fields(Settings)}


def test_what_is_set_is_read_in_its_own_type() -> None:
    given = {
        "STRIKEPLATE_WORKERS": "3",
        "STRIKEPLATE_API_TOKEN": "open sesame",
        "STRIKEPLATE_VENDOR_TIMEOUT_SECONDS": "0.5",
        "STRIKEPLATE_PUBLIC_URL": "https://doors.example.org/",
        "STRIKEPLATE_MAIL_FROM": "",
        "STRIKEPLATE_MAIL_HTML": "on",
    }
    settings = from_environment(given)
    assert settings.workers == 3
    assert settings.api_token == Secret("open sesame")
    assert settings.vendor_timeout_seconds == 0.5
    assert settings.public_url == "https://doors.example.org"
    assert settings.mail_from == Settings().mail_from
    assert settings.mail_html


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("PORT", "http", "whole number from 0 to 65535"),
        ("PORT", "70000", "whole number from 0 to 65535"),
        ("MAIL_HTML", "yes", "give on or off"),
        ("WORKERS", "-1", "whole number from 0 to 64"),
        ("KEEP_DAYS", "0", "from 1"),
        ("VENDOR_TIMEOUT_SECONDS", "0", "more than 0"),
        ("VENDOR_TIMEOUT_SECONDS", "soon", "more than 0"),
        ("PUBLIC_URL", "doors.example.org", "http://host:port"),
        ("MAIL_FROM", "doors", "doors@example.org"),
        ("SMS_GATEWAY", "sms@example.org", "{phone}"),
        ("SMTP_URL", "mail.example.org", "smtp://"),
    ],
)
def test_what_cannot_be_right_names_the_variable_and_the_fix(
    name: str, value: str, fix: str
) -> None:
    with pytest.raises(SettingError) as refused:
        from_environment({PREFIX + name: value})
    assert str(refused.value).startswith(PREFIX + name)
    assert fix in str(refused.value)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(SettingError) as refused:
        from_environment({"STRIKEPLATE_SMTP_URL": "ftp://ada:hunter2@host"})
    assert "hunter2" not in str(refused.value)
    given = {"STRIKEPLATE_SMTP_URL": "smtp://ada:hunter2@host"}
    assert "hunter2" not in repr(from_environment(given))


def test_a_key_is_made_beside_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/doors.db")
    made = secret_key(settings)
    assert secret_key(settings) == made
    path = tmp_path / "doors.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == made.reveal()
    assert [each.name for each in tmp_path.iterdir()] == ["doors.key"]


def test_a_key_that_is_set_comes_first(tmp_path: Path) -> None:
    key = Secret(Fernet.generate_key().decode())
    settings = Settings(f"sqlite:///{tmp_path}/doors.db", secret_key=key)
    assert secret_key(settings) == key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://host/name", "STRIKEPLATE_SECRET_KEY is not set"),
        ("sqlite:////nowhere/at/all/doors.db", "'/nowhere/at/all'"),
    ],
)
def test_where_no_key_can_be_made_the_reason_is_told(url: str, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        secret_key(Settings(url))


def made(folder: Path) -> str:
    """Return the URL of a database whose key file has gone."""
    url = f"sqlite:///{folder}/doors.db"
    open_store(Settings(url)).close()
    (folder / "doors.key").unlink()
    return url


def spoil_by_nothing(key: Path) -> None:
    del key


def spoil_by_bytes(key: Path) -> None:
    key.write_bytes(b"\xff\xfe\x00")


def spoil_by_folder(key: Path) -> None:
    key.mkdir()


def spoil_by_another_key(key: Path) -> None:
    key.write_bytes(Fernet.generate_key())


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_by_nothing, "is missing"),
        (spoil_by_bytes, "cannot be read as text"),
        (spoil_by_folder, "cannot be read as text"),
        (spoil_by_another_key, "does not open with this secret key"),
    ],
)
def test_records_without_their_key_are_refused_and_no_key_is_made(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    spoil: Callable[[Path], None],
    says: str,
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", made(tmp_path))
    spoil(tmp_path / "doors.key")
    before = {each.name for each in tmp_path.glob("*.key")}
    assert main([]) == main(["work"]) == 2
    assert {each.name for each in tmp_path.glob("*.key")} == before
    complaint = capsys.readouterr().err
    assert complaint.count(says) == complaint.count("\n") == 2


def test_unknown_settings_are_named_with_the_nearest() -> None:
    given = {"STRIKEPLATE_WORKRES": "1", "STRIKEPLATE_XYZZY": "", "HOME": "/"}
    misspelt, strange = unknown_settings(given)
    assert misspelt.startswith("STRIKEPLATE_WORKRES is no setting of the service")
    assert misspelt.endswith("did you mean STRIKEPLATE_WORKERS?")
    assert strange == "STRIKEPLATE_XYZZY is no setting of the service"


@pytest.mark.parametrize(
    ("words", "variables", "says"),
    [
        (["dance"], {}, "python -m service work"),
        (["user"], {}, "name"),
        ([], {"ADMIN_PASSWORD": "short"}, "at least 10 characters"),
        ([], {"PORT": "x"}, "STRIKEPLATE_PORT"),
        ([], {"DATABASE_URL": "mysql://h/n", "SECRET_KEY": "x"}, "Fernet"),
        (["work"], {"DATABASE_URL": "sqlite:////nowhere/x.db"}, "'/nowhere'"),
    ],
)
def test_a_wrong_start_ends_with_exit_code_2_and_the_reason(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    variables: dict[str, str],
    says: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    assert main(words) == 2
    assert says in capsys.readouterr().err


def test_user_is_made_with_the_password_of_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    database_url = f"sqlite:///{tmp_path}/new.db"
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", database_url)
    monkeypatch.setattr("sys.stdin", StringIO("correct horse\n"))
    assert main(["user", "ada"]) == 0
    assert capsys.readouterr().out == "ada may sign in\n"
    store = open_store(Settings(database_url=database_url))
    word = Secret("correct horse")
    assert sign_in(store, "ada", word, "127.0.0.1", now()) is not None
    store.close()
