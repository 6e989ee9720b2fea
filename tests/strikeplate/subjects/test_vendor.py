"""A vendor's own server, as far as it can be judged from outside.

Our fakes stand for it: served on a socket, their clock going on, and asked by nobody
but the client; their control interface is used only to look at what was left there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME, results
from strikeplate.fakes_client import Fakes
from strikeplate.http import HttpCaller
from strikeplate.processes import TOKEN_VARIABLE, Process, free_port, fresh_token
from strikeplate.subjects.vendor import EnvironmentCredentials, LiveVendor
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable, Verdict
from strikeplate.vocabulary import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.fakes_client import World
    from strikeplate.results import Results

URL = "http://127.0.0.1:9/nuki"
VOCABULARIES = read(FEATURES)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    words = tmp_path_factory.mktemp("fakes") / "fakes.log"
    token, port = fresh_token(), free_port()
    given = ["--port", str(port), "--control-token", token]
    processes = Process("fakes", given, port, words)
    processes.start()
    with closing(HttpCaller(processes.url)) as caller:
        yield Fakes(caller, token).world("demo")
    processes.stop()


@pytest.fixture(scope="module")
def finished(account: World, tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("finished")
    own = account.credentials["nuki"]
    lock = next(door for door in account.doors() if door.vendor == "nuki")
    given = {
        **{name: text for name, text in os.environ.items() if name != TOKEN_VARIABLE},
        "STRIKEPLATE_NUKI_API_TOKEN": own["api_token"],
        "STRIKEPLATE_NUKI_LOCK": lock.vendor_id,
    }
    asked = ["run", "--vendor", f"http:{own['api_url']}", "--only", "NUK"]
    asked += ["--only", "IGL-04", "--results", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "strikeplate", *asked],
        cwd=HOME,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert 'failures="0" errors="0"' in (folder / "junit.xml").read_text("utf-8")
    assert own["api_token"] not in (folder / "report.html").read_text(encoding="utf-8")
    return results.read(folder / "results.ndjson")


def test_rule_of_calls_alone_is_judged(finished: Results) -> None:
    verdicts = {
        requirement.rule: requirement.verdict for requirement in finished.requirements
    }
    assert verdicts["NUK-12"] is Verdict.PASS
    listed = [run for run in finished.runs if "is listed with" in run.scenario]
    assert {run.verdict for run in listed} == {Verdict.PASS}


def test_what_needs_a_simulated_keypad_is_inconclusive_and_never_failed(
    finished: Results,
) -> None:
    keypad = [
        run for run in finished.runs if run.rule in {"NUK-05", "NUK-06", "NUK-08"}
    ]
    assert {run.verdict for run in keypad} == {Verdict.INCONCLUSIVE}
    assert all("vendor's own server" in str(run.reason) for run in keypad)
    assert not [run for run in finished.runs if run.verdict is Verdict.FAIL]


def test_server_that_breaks_nothing_is_told_so_first(finished: Results) -> None:
    runs = [run for run in finished.runs if run.verdict.judged]
    passed = sum(run.verdict is Verdict.PASS for run in runs)
    told = f"is partly judged: nothing broken; {passed} of {len(runs)} could be judged"
    assert told in finished.headline
    assert "conformant" not in finished.headline
    assert "did not hold" not in finished.headline


def test_vendor_of_whom_nothing_is_given_is_not_judged(finished: Results) -> None:
    (requirement,) = (each for each in finished.requirements if each.rule == "IGL-04")
    assert requirement.verdict is Verdict.NOT_APPLICABLE
    assert "STRIKEPLATE_IGLOOHOME_CLIENT_ID" in str(requirement.reason)


@pytest.mark.usefixtures("finished")
def test_nothing_is_left_at_the_server(account: World) -> None:
    for door in account.doors():
        if door.vendor == "nuki":
            assert account.codes(door, "cloud") == ()
            assert account.codes(door, "door") == ()


def test_address_is_asked_as_given_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = EnvironmentCredentials(URL, VOCABULARIES)
    monkeypatch.setenv("STRIKEPLATE_NUKI_API_TOKEN", "t")
    assert given["nuki"] == {"api_token": "t", "api_url": URL}
    monkeypatch.setenv("STRIKEPLATE_NUKI_API_URL", "http://127.0.0.1:9/v2")
    assert given["nuki"]["api_url"] == "http://127.0.0.1:9/v2"


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given = EnvironmentCredentials(URL, VOCABULARIES)
    with pytest.raises(NotApplicable, match="set STRIKEPLATE_NUKI_API_TOKEN"):
        given["nuki"]
    monkeypatch.setenv("STRIKEPLATE_IGLOOHOME_CLIENT_ID", "c")
    missing = r"\$STRIKEPLATE_IGLOOHOME_CLIENT_SECRET is empty"
    with pytest.raises(Inconclusive, match=missing):
        given["igloohome"]


def test_silent_server_is_no_verdict_on_the_vendor() -> None:
    url = f"http://127.0.0.1:{free_port()}/nuki"
    with pytest.raises(HarnessFault, match="nobody answers at"):
        LiveVendor(url, VOCABULARIES)
