"""`env`: prints the addresses and dummy credentials of a world of running fakes.

    eval "$(strikeplate env)"                      as variables of this shell
    strikeplate env --format dotenv > .env         as a file
    strikeplate env --new running --format json    of a world made for it

The doors of the world stand beside them, with the ids by which their vendors call them.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

import click

from strikeplate.client import Strikeplate, World
from strikeplate.http import NoAnswer
from strikeplate.processes import TOKEN_VARIABLE
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault, Misuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from strikeplate.client import Door

URL_VARIABLE = "STRIKEPLATE_URL"
USUAL_URL = "http://127.0.0.1:8700"
RUNNING = "running"
NO_TOKEN = (
    f"{TOKEN_VARIABLE} is not set; set it to the control token that the fakes print, "
    "or start them with one of yours in the same variable"
)


def shell(variables: Mapping[str, str], doors: Sequence[Door]) -> str:
    """Return variables as a shell reads them."""
    lines = [f"export {name}={shlex.quote(text)}" for name, text in variables.items()]
    return "\n".join([*lines, *map(_remark, doors)])


def dotenv(variables: Mapping[str, str], doors: Sequence[Door]) -> str:
    """Return variables as a file `.env` has them: a quoted value is JSON's."""
    lines = [f"{name}={json.dumps(text)}" for name, text in variables.items()]
    return "\n".join([*lines, *map(_remark, doors)])


def as_json(variables: Mapping[str, str], doors: Sequence[Door]) -> str:
    """Return variables and doors as one object."""
    names = ("name", "vendor", "vendor_id", "id", "zone")
    listed = [{name: getattr(door, name) for name in names} for door in doors]
    return json.dumps({"variables": {**variables}, "doors": listed}, indent=2)


FORMATS: Mapping[str, Callable[[Mapping[str, str], Sequence[Door]], str]] = {
    "shell": shell,
    "dotenv": dotenv,
    "json": as_json,
}


def _remark(door: Door) -> str:
    name = door.name.replace("\n", " ")
    return f"# {name} ({door.vendor}): {door.vendor_id}"


@click.command()
@click.option("--world", "name", default="demo", show_default=True, help="Its id.")
@click.option(
    "--new", metavar="WHEN", default="",
    help=f"Make an empty world; its clock stands at an instant, or is {RUNNING!r}.",
)  # fmt: skip
@click.option("--vendor", "vendors", multiple=True, help="Only of this vendor.")
@click.option(
    "--format", "kind", type=click.Choice([*FORMATS]), default="shell",
    show_default=True, help="What reads it.",
)  # fmt: skip
@click.option(
    "--url", default=lambda: os.environ.get(URL_VARIABLE, USUAL_URL),
    show_default=f"${URL_VARIABLE}, else {USUAL_URL}", help="Where the fakes are.",
)  # fmt: skip
def command(
    *, name: str, new: str, vendors: tuple[str, ...], kind: str, url: str
) -> int:
    """Print the addresses and dummy credentials of a world, for your client."""
    world = _world(url.rstrip("/"), name, new)
    for vendor in vendors:
        if vendor not in world.credentials:
            text = f"--vendor {vendor!r}: {suggest(vendor, world.credentials)}"
            raise Misuse(text)
    doors = [each for each in world.doors() if not vendors or each.vendor in vendors]
    click.echo(FORMATS[kind](world.environ(*vendors), doors))
    return 0


def _world(url: str, name: str, new: str) -> World:
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        raise Misuse(NO_TOKEN)
    fakes = Strikeplate(url, token)
    try:
        if not new:
            return fakes.existing(name)
        return fakes.world(now=None if new == RUNNING else new)
    except ValueError as error:
        text = f"--new {new!r}: {error}, or {RUNNING}"
        raise Misuse(text) from None
    except NoAnswer:
        text = f"no fakes answer at {url}; start them with: strikeplate fakes"
        raise Misuse(text) from None
    except HarnessFault as refusal:
        raise Misuse(str(refusal)) from None
