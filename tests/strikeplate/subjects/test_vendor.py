"""A vendor's own server, as far as it can be judged from outside.

Our fakes stand for it: served on a socket, their clock going on, and asked by nobody
but the client; their control interface is used only to look at what was left there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME, results
from strikeplate.fakes_client import Fakes
from strikeplate.http import HttpCaller, NoAnswer
from strikeplate.processes import (
    TOKEN_VARIABLE,
    Process,
    free_port,
    fresh_token,
    wait,
)
from strikeplate.subjects import live_vendor
from strikeplate.subjects.live_vendor import (
    EnvironmentCredentials,
    LiveVendor,
    variable,
)
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable, Verdict
from strikeplate.vocabulary import read
from tests.forks import strikeplate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strikeplate.fakes_client import World
    from strikeplate.results import Results

URL = "http://127.0.0.1:9/nuki"
VOCABULARIES = read(FEATURES)


BROKEN = "tests.strikeplate.subjects.broken_fakes"


@contextmanager
def serving(folder: Path, module: str = "fakes", *fault: str) -> Iterator[World]:
    """Yield the world `demo` of fakes that are served as a vendor's own server."""
    token, port = fresh_token(), free_port()
    given = [*fault, "--port", str(port), "--control-token", token]
    process = Process(module, given, port, folder / "fakes.log")
    process.start()
    try:
        with closing(HttpCaller(process.url)) as caller:
            yield Fakes(caller, token).world("demo")
    finally:
        process.stop()


def arguments(account: World, vendor: str, folder: Path, *more: str) -> list[str]:
    """Return the arguments of a command that judges a vendor of that server."""
    url = account.credentials[vendor]["api_url"]
    return ["check", "--vendor", f"http:{url}", "--results", str(folder), *more]


def environment(account: World, vendor: str) -> dict[str, str]:
    """Return an environment with the credentials of an account."""
    kept = {name: text for name, text in os.environ.items() if name != TOKEN_VARIABLE}
    own = account.credentials[vendor].items()
    return {**kept, **{variable(vendor, name): text for name, text in own}}


def judged(
    account: World, vendor: str, folder: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    """Judge a vendor's server, and return how that ended."""
    asked = arguments(account, vendor, folder, *more)
    return strikeplate(*asked, env=environment(account, vendor))


def left(account: World, vendor: str) -> list[str]:
    """Return the codes of an account's doors, in its cloud or at the door."""
    doors = [door for door in account.doors() if door.vendor == vendor]
    truths = ("cloud", "queue", "door")
    return [code for door in doors for t in truths for code in account.codes(door, t)]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with serving(tmp_path_factory.mktemp("fakes")) as found:
        yield found


@pytest.fixture(scope="module")
def finished(account: World, tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("finished")
    lock = next(door for door in account.doors() if door.vendor == "nuki")
    only = ("--only", "NUK", "--only", "IGL-04")
    done = judged(account, "nuki", folder, "--lock", lock.name, *only)
    assert done.returncode == 4, done.stdout + done.stderr
    assert 'failures="0" errors="0"' in (folder / "junit.xml").read_text("utf-8")
    secret = account.credentials["nuki"]["api_token"]
    assert secret not in (folder / "report.html").read_text(encoding="utf-8")
    return results.read(folder / "results.ndjson")


def test_what_calls_alone_can_tell_is_judged(finished: Results) -> None:
    asked = [run for run in finished.runs if "is answered <status>" in run.scenario]
    assert {(run.rule, run.verdict) for run in asked} == {("NUK-12", Verdict.PASS)}
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
    assert left(account, "nuki") == []


EXIVO = ("--only", "EXV-06", "--lock", "Studio 1")


def test_sound_exivo_opens_nothing_to_a_revoked_visit(
    account: World, tmp_path: Path
) -> None:
    done = judged(account, "exivo", tmp_path, *EXIVO)
    assert done.returncode == 4, done.stdout + done.stderr
    found = results.read(tmp_path / "results.ndjson")
    passed = [run.scenario for run in found.runs if run.verdict is Verdict.PASS]
    assert passed == [
        "A visitor on the page of a good visit opens nothing once it is revoked"
    ]
    assert left(account, "exivo") == []


def test_revoked_visit_whose_door_still_opens_is_caught_and_reported_to_the_vendor(
    tmp_path: Path,
) -> None:
    with serving(tmp_path, BROKEN, "opens_to_revoked_visits") as account:
        done = judged(account, "exivo", tmp_path, *EXIVO, "--name", "Exivo Cloud")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Exivo Cloud is not conformant (EXV-06 did not hold)" in done.stdout
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "/components/&lt;uuid&gt;/open" in report
    assert "fake" not in report


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "no lock is named that may be used; name one by --lock"),
        (("--lock", "Studo 1"), "no lock there is called 'Studo 1'; did you mean"),
        (("--lock", "Studio 1"), "the scenario needs a further lock"),
    ],
)
def test_lock_that_is_missing_or_unknown_is_told(
    options: tuple[str, ...], says: str, account: World, tmp_path: Path
) -> None:
    judged(account, "exivo", tmp_path, "--only", "EXV-03", *options)
    found = results.read(tmp_path / "results.ndjson")
    assert any(says in str(run.reason) for run in found.runs), found.headline


def test_profile_names_the_server_and_its_locks(account: World, tmp_path: Path) -> None:
    url = account.credentials["exivo"]["api_url"]
    profile = tmp_path / "exivo.toml"
    profile.write_text(
        f"""
        [subject]
        name = "Exivo Cloud"
        vendors = ["exivo"]
        [vendor]
        connect = "http:{url}"
        lock = ["Studio 1", "Studio 2"]
        """
    )
    done = strikeplate(
        *("check", "--only", "EXV-03"),
        *("--profile", str(profile), "--results", str(tmp_path)),
        env=environment(account, "exivo"),
    )
    assert done.returncode == 4, done.stdout + done.stderr
    found = results.read(tmp_path / "results.ndjson")
    passed = [run.scenario for run in found.runs if run.verdict is Verdict.PASS]
    assert passed == ["The page of a visit opens the door that it names, and no other"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_stopped_run_takes_back_what_it_made(
    how: signal.Signals, tmp_path: Path
) -> None:
    with serving(tmp_path) as account:
        account.add_fault(
            "exivo", path="/v/*", phase="before", effect={"delay_ms": 3000}
        )
        running = subprocess.Popen(  # noqa: S603 - our own command
            [
                *(sys.executable, "-m", "strikeplate"),
                *arguments(account, "exivo", tmp_path / "results", *EXIVO),
            ],
            cwd=HOME,
            env=environment(account, "exivo"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while not left(account, "exivo") and running.poll() is None:
            wait(0.05)
        running.send_signal(how)
        said, _ = running.communicate(timeout=60)
        assert left(account, "exivo") == []
    assert running.returncode != 0, said


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


def test_what_cannot_be_taken_back_is_named_and_keeps_nothing_else(
    account: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_vendor, "PAUSE_SECONDS", 0.0)
    found = LiveVendor(account.credentials["nuki"]["api_url"], VOCABULARIES)
    world, undone = found.new_world(name="", seed="", now=None), []

    def broken() -> bool:
        raise NoAnswer("nobody is there")

    world.on_close("a visit called strikeplate s1", broken)
    world.on_close("a visit called strikeplate s2", lambda: not undone.append("s2"))
    with pytest.raises(HarnessFault, match=r"delete it there: a visit called .* s1$"):
        found.close()
    assert undone == ["s2"]


def test_silent_server_is_no_verdict_on_the_vendor() -> None:
    url = f"http://127.0.0.1:{free_port()}/nuki"
    with pytest.raises(HarnessFault, match="nobody answers at"):
        LiveVendor(url, VOCABULARIES)
