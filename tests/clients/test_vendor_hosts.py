"""Clients with the vendor's https host hard-coded run unchanged, by TLS and Host."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clients.packages import install
from tests.examples.programs import NO_NODE, NODE
from tests.examples.world import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ALIAS = """
import os, socket
real = socket.getaddrinfo
def alias(host, port, *rest, **more):
    if str(port) == "443":
        host, port = "127.0.0.1", os.environ["TLS_PORT"]
    return real(host, port, *rest, **more)
socket.getaddrinfo = alias
"""
"""What a hosts file or a network alias does, and a port that needs no rights."""

NUKI = """
from nukiwebapi import NukiWebAPI
api = NukiWebAPI("demo-nuki-api_token")
print([lock.name for lock in api.lock_instances.values()])
"""
IGLOOHOME = """
import asyncio, warnings
warnings.simplefilter("ignore")
from aiohttp import ClientSession
from igloohome_api import Api, Auth
async def main():
    async with ClientSession() as session:
        account = "demo-igloohome-client_id", "demo-igloohome-client_secret"
        devices = await Api(Auth(session, *account)).get_devices()
        print([device.deviceName for device in devices.payload])
asyncio.run(main())
"""


@dataclass(frozen=True)
class Hosts:
    tls_port: str
    ca_file: str

    def run(self, client: str) -> str:
        """Return what a client prints, in a process that trusts the authority."""
        trusted = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), self.ca_file)
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", ALIAS + client],
            env={**os.environ, **trusted, "TLS_PORT": self.tls_port},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    ca_file = tmp_path_factory.mktemp("tls") / "ca.pem"
    with subprocess.Popen(  # noqa: S603 - our own words
        command(f"--ca-file={ca_file}", "--json"), stdout=subprocess.PIPE
    ) as fakes:
        assert fakes.stdout is not None
        ready = json.loads(fakes.stdout.readline())
        yield Hosts(ready["tls_port"], ready["ca_file"])
        fakes.terminate()


def command(*more: str) -> list[str]:
    tls = ("--vendor-hosts", "--tls-port=0")
    return [sys.executable, "-m", "fakes", "--port=0", *tls, *more]


def test_nuki_client_runs_unchanged(hosts: Hosts) -> None:
    assert "Rehearsal room" in hosts.run(NUKI)


def test_igloohome_client_runs_unchanged_over_its_two_hosts(hosts: Hosts) -> None:
    assert "Office keypad" in hosts.run(IGLOOHOME)


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install what the lock file of `npm/` pins, by its hashes."""
    return install(Path(__file__).parent / "npm", tmp_path_factory.mktemp("npm"))


def test_npm_client_runs_unchanged(hosts: Hosts, npm: Path) -> None:
    places = {"NODE_EXTRA_CA_CERTS": hosts.ca_file, "TLS_PORT": hosts.tls_port}
    ended = subprocess.run(  # noqa: S603 - our own words
        [str(NODE), "--no-deprecation", "--require", "./alias.js", "nuki.js"],
        cwd=npm,
        env={**os.environ, **{name: str(each) for name, each in places.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["locks"] == ["Rehearsal room", "Studio", "Back door"]
    assert found["codes"] == [345678]
    assert (found["brands"], found["refusal"]) == (2, 405)


@pytest.mark.skipif(NODE is None, reason=NO_NODE)
def test_node_test_of_the_page_is_green(base: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "vendor-hosts.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    (tmp_path / "doors.test.mjs").write_text(code, encoding="utf-8")
    places = {"FAKES": base, "CONTROL_TOKEN": "control", "NUKI": f"{base}/nuki"}
    ended = subprocess.run(  # noqa: S603 - the page's own words
        [str(NODE), "--test", "doors.test.mjs"],
        cwd=tmp_path,
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert "# pass 1" in ended.stdout


@pytest.mark.skipif(NODE is None, reason=NO_NODE)
def test_node_test_for_containers_uses_fakes_that_already_run(base: str) -> None:
    places = {"FAKES_URL": base, "CONTROL_TOKEN": "control"}
    ended = subprocess.run(  # noqa: S603 - our own words
        [str(NODE), "--test", str(ROOT / "examples/testcontainers/doors.test.mjs")],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert "# pass 1" in ended.stdout


def test_authority_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "missing" / "ca.pem"
    ended = subprocess.run(  # noqa: S603 - our own words
        command(f"--ca-file={wrong}"),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 2
    assert f"--ca-file {str(wrong)!r} cannot be written" in ended.stderr


def test_hosts_file_leads_every_vendors_host_here() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "fakes", "--hosts-file"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "127.0.0.1 api.nuki.io\n" in printed
    assert len(printed.splitlines()) == 5
