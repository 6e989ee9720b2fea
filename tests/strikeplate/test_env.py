"""`env` prints what a client needs, as its reader takes it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from fakes.kit.app import Options, create_app
from strikeplate.__main__ import main
from strikeplate.processes import TOKEN_VARIABLE, free_port
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "of-the-tests"


@pytest.fixture(scope="module")
def fakes() -> Iterator[str]:
    with served(create_app(Options(control_token=TOKEN))) as url:
        yield url


@pytest.fixture
def url(fakes: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    monkeypatch.setenv("STRIKEPLATE_URL", fakes)
    return fakes


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["env", *words]) == 0
    return capsys.readouterr().out


def test_shell_takes_it_over(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys) + '\necho "$NUKI_API_URL $IGLOOHOME_CLIENT_ID"'
    found = subprocess.run(  # noqa: S603 - our own output
        ["/bin/sh", "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout == f"{url}/nuki demo-igloohome-client_id\n"
    assert found.stderr == ""


def test_file_has_one_vendor_alone_and_its_doors(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, "--format", "dotenv", "--vendor", "nuki")
    assert f'NUKI_API_URL="{url}/nuki"' in text
    assert "(nuki): " in text
    assert "igloohome" not in text.lower()


@pytest.mark.usefixtures("url")
def test_new_world_is_empty_and_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--new", "2026-12-01T09:00:00Z", "--format", "json")
    one, other = (json.loads(printed(capsys, *words)) for _ in range(2))
    assert one["doors"] == []
    key = "NUKI_API_TOKEN"
    assert one["variables"][key] != other["variables"][key]
    demo = json.loads(printed(capsys, "--format", "json"))
    assert demo["variables"][key] == "demo-nuki-api_token"
    assert {door["vendor"] for door in demo["doors"]} >= {"nuki", "igloohome"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--vendor", "nukki"), "did you mean 'nuki'"),
        (("--world", "dema"), "demo"),
        (("--new", "2026-12-01T09:00"), "has no offset"),
        (("--new", "tomorrow"), "or running"),
        (("--format", "yaml"), "dotenv"),
    ],
)
@pytest.mark.usefixtures("url")
def test_wrong_word_is_named_with_the_right_ones(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["env", *words]) == 2
    assert told in capsys.readouterr().err


def test_without_token_or_fakes_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    assert main(["env"]) == 2
    assert f"{TOKEN_VARIABLE} is not set" in capsys.readouterr().err
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    nobody = f"http://127.0.0.1:{free_port()}"
    assert main(["env", "--url", nobody]) == 2
    assert f"no fakes answer at {nobody}; start them" in capsys.readouterr().err
