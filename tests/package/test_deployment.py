"""The files for containers and CI say what is true of the commands that they call."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from fakes.__main__ import parse_arguments
from fakes.kit.app import discover
from service.settings import Settings
from strikeplate.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
CI_FILES = ["action.yml", "examples/ci/github.yml", "examples/ci/gitlab-ci.yml"]


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def test_image_has_the_locked_versions_of_what_it_needs_alone() -> None:
    image, everything = pins("requirements-image.lock"), pins("requirements.lock")
    assert image.items() <= everything.items()
    assert {"flask", "waitress", "sqlalchemy", "libfaketime"} <= image.keys()
    assert not {"ruff", "mypy", "locust", "playwright", "hypothesis"} & image.keys()


def test_image_runs_as_a_user_without_rights_and_tells_its_health() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in DOCKERFILE
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases == ["debian:bookworm-slim", "debian:bookworm-slim"]


def test_what_the_image_does_not_compile_is_loaded_by_no_start() -> None:
    (left,) = re.findall(r"-x '/\(([\w|]+)\)/'", DOCKERFILE)
    assert "rich" not in pins("requirements-image.lock")  # structlog takes it if there
    block = "sys.modules['rich'] = None"
    imports = "import fakes.__main__, fakes.serve, service.__main__, service.serve"
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", f"import sys; {block}; {imports}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(left.split("|")) & set(ended.stdout.split()) == set()


def test_image_gets_each_folder_that_the_wheel_is_made_of() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    suite = {"fakes", "features", "loadtests", "service", "serving", "strikeplate"}
    assert suite <= kept
    for name in kept:
        assert (ROOT / name).exists()


@pytest.mark.parametrize("name", ["fakes", "hosts"])
def test_composed_fakes_take_their_options(name: str) -> None:
    command, *options = COMPOSE["services"][name]["command"]
    assert command in COMMANDS
    assert parse_arguments(options).host == "0.0.0.0"


def test_composed_fakes_may_send_webhooks_to_the_service() -> None:
    options = parse_arguments(COMPOSE["services"]["fakes"]["command"][1:])
    url = COMPOSE["services"]["service"]["environment"]["STRIKEPLATE_PUBLIC_URL"]
    assert url == f"http://{options.allow_push[0]}:8800"


def test_composed_service_has_settings_that_exist() -> None:
    known = {f"STRIKEPLATE_{name.upper()}" for name in Settings.__dataclass_fields__}
    given = COMPOSE["services"]["service"]["environment"]
    assert {name for name in given if name.startswith("STRIKEPLATE_")} <= known
    assert COMPOSE["services"]["worker"]["environment"] == given
    assert COMPOSE["services"]["worker"]["command"] == ["serve", "work"]


def test_aliases_are_the_hosts_of_all_vendors() -> None:
    hosts = {host for fake in discover("fakes.vendors").values() for host in fake.hosts}
    networks = COMPOSE["services"]["hosts"]["networks"]
    assert set(networks["default"]["aliases"]) == hosts


@pytest.mark.parametrize("name", ["doors.test.mjs", "Fakes.java"])
def test_container_of_a_test_is_started_as_the_image_wants_it(name: str) -> None:
    text = (ROOT / "examples/testcontainers" / name).read_text(encoding="utf-8")
    fakes = COMPOSE["services"]["fakes"]
    assert f'"{fakes["image"]}"' in text
    assert next(iter(fakes["environment"])) in text
    assert "8700" in text
    assert "/healthz" in text
    assert "EXPOSE 8700" in DOCKERFILE


@pytest.mark.parametrize("name", CI_FILES)
def test_ci_file_calls_commands_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    called = re.findall(r"(?:run: |- )strikeplate (\w+) --profile", text)
    assert called == ["check"]
    assert "results" in text
