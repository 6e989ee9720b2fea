"""Every command of the pages in `docs/` is run: here, or by the test that is named.

A command is a line of a fenced block without a language, or with `sh` or `console`, or
of an indented block. Here each page's commands run in their order, as they stand, but
with free ports; `ELSEWHERE` has those that another test runs.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate.processes import free_port
from tests.forks import strikeplate

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"\n\n((?:    \S.*\n)+)")
OURS = "python -m strikeplate "
INIT = f"{OURS}init --name Camp"

ELSEWHERE = {
    "tests/clients/test_vendor_hosts.py": {
        "test_nuki_client_runs_unchanged": ("strikeplate fakes --vendor-hosts",),
        "test_node_test_of_the_page_is_green": (
            "NODE_EXTRA_CA_CERTS=strikeplate-ca.pem node --test doors.test.mjs",
            "strikeplate fakes --vendor-hosts --control-token s3same &",
        ),
    },
    "tests/package/test_deployment.py": {
        "test_composed_service_has_settings_that_exist": ("docker compose up --build",),
    },
    "tests/package/test_wheel.py": {
        "test_installed_command_judges_an_integration": (
            'pip install "strikeplate[clock]"',
            "strikeplate check --profile strikeplate.toml --results results",
        ),
        "test_installed_fakes_are_served_and_end_at_a_signal": (
            "python -m strikeplate fakes",
            "strikeplate fakes",
        ),
        "test_tests_of_the_documentation_are_green_in_a_project_of_ones_own": (
            "pip install strikeplate",
        ),
    },
    "tests/service/test_maintenance.py": {
        "test_key_is_changed_while_codes_stay_what_they_are": (
            "python -m service reseal",
        ),
    },
    "tests/service/test_served.py": {
        "test_one_process_serves_and_another_does_the_work": ("python -m service",),
    },
    "tests/strangers/test_examples.py": {
        "test_example_keeps_every_rule_that_applies": (
            "python -m strikeplate check --profile mine.toml",
        ),
    },
    "tests/strikeplate/profiles/test_profile_page.py": {
        "test_commands_of_the_page_lead_to_a_first_booking": (
            INIT,
            "python -m strikeplate check --profile mine.toml --dry-run",
        ),
    },
    "tests/strikeplate/test_up.py": {
        "test_it_says_what_to_try_first": (
            "python -m strikeplate up",
            "strikeplate up",
        ),
    },
    "tests/strikeplate/test_vendor.py": {
        "test_new_vendor_passes_formatter_and_lint": ("make check",),
        "test_new_vendor_keeps_the_contract_and_the_shape": (
            ".venv/bin/pytest tests/contracts -k acme",
        ),
        "test_first_rule_of_a_new_vendor_passes": ("make conformance ONLY=ACM",),
    },
    "tests/test_makefile.py": {
        "test_setting_up_does_not_empty_what_a_link_leads_to": (
            "make setup",
            ". .venv/bin/activate",
        ),
    },
}
"""Which test runs a command that does not end, needs rights, or takes long."""

HERE = {
    "test_two_rules_are_partly_judged": (
        "python -m strikeplate check --profile examples/nuki.toml --dry-run",
        (
            "python -m strikeplate check --profile examples/nuki.toml "
            "--only CON-11 --only NUK-03 --results results/first"
        ),
    ),
    "test_broken_integration_is_told_its_cause": (
        (
            "python -m strikeplate check --subject mutant:counts_hours_in_utc "
            "--only IGL-02"
        ),
    ),
    "test_exploration_finds_nothing_in_the_reference_and_its_fakes": (
        "python -m strikeplate explore --vendor nuki --histories 2",
        "python -m strikeplate sweep --vendor nuki --budget 6",
        "python -m strikeplate codes --vendor nuki --runs 2",
    ),
    "test_results_are_compared": (
        "strikeplate diff main/results.ndjson results/results.ndjson",
    ),
    "test_user_and_tokens_are_made_and_taken_away": (
        "python -m service user ada",
        "python -m service token make reception --scopes read",
        "python -m service token list",
        "python -m service token rotate reception",
        "python -m service token revoke reception",
    ),
    "test_vendors_host_is_called_without_a_hosts_file": (
        "strikeplate fakes --hosts-file",
        "strikeplate fakes --vendor-hosts --tls-port 8743 &",
        (
            "curl --cacert strikeplate-ca.pem --connect-to ::127.0.0.1:8743 "
            "https://api.nuki.io/smartlock "
            '-H "Authorization: Bearer demo-nuki-api_token"'
        ),
    ),
}
"""Which test of this file runs a command."""


def commands_of(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    blocks = [of for kind, of in FENCE.findall(text) if kind in ("", "sh", "console")]
    blocks += INDENTED.findall(FENCE.sub("", text))
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    bare = (re.sub(r"\s+#.*", "", line).strip() for line in lines)
    return [line for line in bare if line]


PAGES = sorted((ROOT / "docs").glob("*.md"))
ON_PAGES = {command for page in PAGES for command in commands_of(page)}
RUN = {
    command
    for tests in (HERE, *ELSEWHERE.values())
    for commands in tests.values()
    for command in commands
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_is_run_by_a_test(page: Path) -> None:
    unknown = {
        command
        for command in commands_of(page)
        if command not in RUN and not command.startswith(INIT)
    }
    assert not unknown, "run them in this file, or name their test in ELSEWHERE"


def test_every_command_that_is_run_is_on_a_page() -> None:
    assert not RUN - ON_PAGES - {INIT}


def test_every_test_that_is_named_exists() -> None:
    assert {*HERE} <= {*globals()}
    for path, tests in ELSEWHERE.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not [name for name in tests if f"def {name}(" not in text], path


def words_of(command: str) -> list[str]:
    words = shlex.split(command.removesuffix(" &"))
    if words[0] == "python":
        return [sys.executable, *words[1:]]
    if words[0] == "strikeplate":
        return [sys.executable, "-m", *words]
    return words


def run(
    command: str, folder: Path = ROOT, said: str | None = None
) -> CompletedProcess[str]:
    assert command in ON_PAGES
    if folder == ROOT and command.startswith(OURS):
        return strikeplate(*shlex.split(command.removeprefix(OURS)))
    return subprocess.run(  # noqa: S603 - a command of our own pages
        words_of(command),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_two_rules_are_partly_judged() -> None:
    dry, two = HERE["test_two_rules_are_partly_judged"]
    assert "one code, which opens in time and only then" in run(dry).stdout
    judged = run(two)
    assert judged.returncode == 4, judged.stdout
    assert "2 of 2 MUST for its vendors judged, 2 held" in judged.stdout


def test_broken_integration_is_told_its_cause() -> None:
    (command,) = HERE["test_broken_integration_is_told_its_cause"]
    judged = run(command)
    assert judged.returncode == 1, judged.stdout
    page = (ROOT / "docs" / "first-verdict.md").read_text(encoding="utf-8")
    assert "the vendor: igloohome answered 400" in judged.stdout
    for line in ("fail: Ada has received no code", "the guest: locked out"):
        assert line in page
        assert line in judged.stdout


def test_exploration_finds_nothing_in_the_reference_and_its_fakes() -> None:
    for command in HERE[
        "test_exploration_finds_nothing_in_the_reference_and_its_fakes"
    ]:
        played = run(command)
        assert played.returncode == 0, played.stdout
        assert "0 differences" in played.stdout


def test_results_are_compared(tmp_path: Path) -> None:
    (command,) = HERE["test_results_are_compared"]
    for folder in ("main", "results"):
        (tmp_path / folder).mkdir()
        place = tmp_path / folder / "results.ndjson"
        shutil.copy(ROOT / "features" / "baseline.ndjson", place)
    assert run(command, tmp_path).returncode == 0


def test_user_and_tokens_are_made_and_taken_away(tmp_path: Path) -> None:
    user, make, list_, rotate, revoke = HERE[
        "test_user_and_tokens_are_made_and_taken_away"
    ]
    assert run(user, tmp_path, "correct horse battery\n").returncode == 0
    first = run(make, tmp_path)
    assert first.returncode == 0, first.stderr
    assert "reception" in run(list_, tmp_path).stdout
    assert run(rotate, tmp_path).stdout != first.stdout
    assert run(revoke, tmp_path).returncode == 0


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing here")
def test_vendors_host_is_called_without_a_hosts_file(tmp_path: Path) -> None:
    hosts, serve, call = HERE["test_vendors_host_is_called_without_a_hosts_file"]
    assert "api.nuki.io" in run(hosts, tmp_path).stdout
    port = str(free_port())
    words = [port if word == "8743" else word for word in words_of(serve)]
    with subprocess.Popen(  # noqa: S603 - a command of our own pages
        [*words, "--port=0", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as fakes:
        assert fakes.stdout is not None
        assert json.loads(fakes.stdout.readline())["ready"]
        called = subprocess.run(  # noqa: S603 - a command of our own pages
            words_of(call.replace("8743", port)),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        fakes.terminate()
    assert "Rehearsal room" in called.stdout, called.stderr
