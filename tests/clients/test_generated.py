"""A client that is generated from each OpenAPI document compiles, and does its work.

The generator is `@hey-api/openapi-ts`, unmodified; TypeScript's compiler holds every
generated client, and what `generated/use.ts` does with them, to its strict rules.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import requests

from service.web import openapi
from tests.clients.packages import install
from tests.examples.programs import NODE

HERE = Path(__file__).parent
DOCUMENTS = {
    "control": "/_sim/openapi.json",
    **{
        name: f"/_sim/openapi/{name}.json"
        for name in ("exivo", "igloohome", "livionkey", "nuki")
    },
}


@pytest.fixture(scope="module")
def clients(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate a client from each document, beside the program that uses them."""
    folder = install(HERE / "generated", tmp_path_factory.mktemp("generated"))
    for name, path in DOCUMENTS.items():
        document = requests.get(f"{base}{path}", timeout=60)
        (folder / f"{name}.json").write_bytes(document.content)
    (folder / "service.json").write_text(json.dumps(openapi()), "utf-8")
    run(folder, "generate.mjs", *(f"{name}.json" for name in (*DOCUMENTS, "service")))
    (folder / "use.ts").rename(folder / "src" / "use.ts")
    return folder


def run(folder: Path, *command: str, **more: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        [str(NODE), *command],
        cwd=folder,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_clients_generated_from_every_document_open_doors_at_the_fakes(
    base: str, clients: Path
) -> None:
    run(clients, "node_modules/typescript/lib/tsc.js")
    seen = run(clients, "out/use.js", FAKES=base, CONTROL_TOKEN="control")
    assert json.loads(seen) == {
        "igloohome": [False, True, False],  # just before, at the start, at the end
        "nuki": [True, True, False, True, False],  # at the door, listed; likewise
        "exivo": ["Court 1"],
        "livionkey": 1,
    }
