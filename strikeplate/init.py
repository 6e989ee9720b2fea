"""`init`: writes a commented profile, from flags, a few questions and samples.

A sample is what the platform sends today: a file of JSON, a form or XML, or a whole
call, as HTTP has it or as a command line of curl. What is found in it becomes a
template; what was guessed, and what was kept, is said there and on the console.

Invariants: a file is overwritten only with --force; what is written can be read back.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from strikeplate import FEATURES, vocabulary
from strikeplate.profile import load_profile
from strikeplate.profiles.bodies import JSON
from strikeplate.profiles.recorded import (
    headers_of,
    recorded,
    signature_of,
    url_template,
)
from strikeplate.profiles.samples import ENTITIES, HOME, Draft, draft
from strikeplate.profiles.shape import KINDS, zone
from strikeplate.profiles.written import (
    CHANNELS,
    PATH,
    Asked,
    long_text,
    remarks,
    written,
)
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.profiles.shape import Kind

OUTPUT = "mine.toml"
MEANT: Mapping[str, Kind] = {
    **dict.fromkeys(("created", "new", "booked", "made"), "confirmed"),
    **dict.fromkeys(("updated", "moved", "modified", "edited"), "changed"),
    **dict.fromkeys(("deleted", "canceled", "removed"), "cancelled"),
    "checkout": "checked_out",
}
"""Kinds as platforms call them, and as profiles do."""

NEEDED = "give --vendor NAME, and either --run COMMAND or --url URL"


def parsed_samples(given: tuple[str, ...], zone_name: str | None) -> dict[str, Draft]:
    """Return the template of each KIND=FILE; Misuse for a wrong one."""
    found: dict[str, Draft] = {}
    for each in given:
        kind, _, file = each.partition("=")
        if kind not in KINDS or not file:
            raise Misuse(f"--sample {each!r}: {_kind_hint(kind, file)}")
        try:
            text = Path(file).read_text(encoding="utf-8")
            made = _drafted(text, zone_name or _first_zone(found), found)
            tomllib.loads(f"body = {long_text(made.body)}")
        except OSError as mishap:
            text = f"--sample {each!r}: {file} cannot be read: {mishap.strerror}"
            raise Misuse(text) from None
        except ValueError as mishap:
            raise Misuse(f"--sample {each!r}: {mishap}") from None
        found[kind] = made
    if found and "confirmed" not in found:
        raise Misuse("--sample confirmed=FILE is missing: how is a booking told?")
    return found


def _kind_hint(kind: str, file: str) -> str:
    """Return what to write instead of a kind that is not known, or that is alone."""
    meant = MEANT.get(kind.lower())
    if meant and file:
        return f"write {meant}={file}; known: {', '.join(KINDS)}"
    return f"write KIND=FILE; {suggest(kind, KINDS)}"


def _drafted(text: str, zone_name: str | None, found: Mapping[str, Draft]) -> Draft:
    """Return the template of a sample: of a body, or of a whole call."""
    call = recorded(text)
    if call is None:
        return draft(text, zone_name)
    made = draft(call.body, zone_name) if call.body else bodiless(zone_name or HOME)
    ids = {
        str(each.values[entity][name]): f"{entity}.{name}"
        for each in (made, *found.values())
        for entity, name in (("booking", "id"), ("resource", "id"))
        if each.values[entity].get(name)
    }
    return replace(
        made,
        method=call.method,
        url=url_template(call.path, ids),
        headers=headers_of(call),
        signature=signature_of(call.headers),
    )


def bodiless(zone_name: str) -> Draft:
    """Return the draft of a call that has no body."""
    nothing: dict[str, dict[str, Any]] = {name: {} for name in ENTITIES}
    return Draft("", JSON, zone_name, nothing, {}, [])


def _first_zone(found: Mapping[str, Draft]) -> str | None:
    return next((each.zone for each in found.values()), None)


EXAMPLES = """\b
Examples:
  python -m strikeplate init --name Courtbook --vendor nuki --run "node server.js"
      --path /hooks --sample confirmed=new.json --sample cancelled=gone.json
  python -m strikeplate init --vendor igloohome --url http://127.0.0.1:8000/hooks
  python -m strikeplate init --vendor nuki --run ./serve --messages http
      --sample confirmed=put.http --sample cancelled=delete.curl
"""


@click.command("init", epilog=EXAMPLES)
@click.option("--name", help="What the integration is called.")
@click.option("--vendor", multiple=True, help="A vendor whose locks it opens.")
@click.option("--run", "start", metavar="COMMAND", help="The command that starts it.")
@click.option("--url", help="Where it runs already, with the path of its events.")
@click.option("--path", default=PATH, show_default=True, help="Where events are sent.")
@click.option(
    "--sample",
    multiple=True,
    metavar="KIND=FILE",
    help=f"What the platform sends: confirmed=event.json. Kinds: {', '.join(KINDS)}.",
)
@click.option(
    "--messages",
    "channel",
    type=click.Choice([*CHANNELS]),
    default="smtp",
    show_default=True,
    help="How customers learn their codes: by mail, by posts to us, or we ask.",
)
@click.option("--zone", "zone_name", help="Where the doors are: Europe/Oslo.")
@click.option("--output", default=OUTPUT, show_default=True, help="The file to write.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def command(**flags: Any) -> int:  # click gives each by its name
    """Write a commented profile of an integration, to be tried by check --dry-run."""
    return start(Flags(**flags))


@dataclass(frozen=True)
class Flags:
    """The flags of the command line."""

    name: str | None
    vendor: tuple[str, ...]
    start: str | None
    url: str | None
    path: str
    sample: tuple[str, ...]
    channel: str
    zone_name: str | None
    output: str
    force: bool


def start(flags: Flags) -> int:
    """Write the profile that the flags ask for, and say what was guessed."""
    target = Path(flags.output)
    _may_write(target, force=flags.force)
    known = credentials(vocabulary.read(FEATURES))
    asked = _asked(flags, tuple(known))
    text = written(asked, known, flags.output)
    target.write_text(text, encoding="utf-8")
    load_profile(str(target), (), (), known)
    _report(asked, flags.output)
    return 0


def _asked(flags: Flags, known: tuple[str, ...]) -> Asked:
    """Return what a profile is written from; Misuse for a flag that cannot be."""
    if not flags.vendor and not flags.start and not flags.url:
        flags = _answered(flags, known)
    for each in flags.vendor:
        if each not in known:
            raise Misuse(f"--vendor {each!r} is unknown; {suggest(each, known)}")
    if not flags.vendor or bool(flags.start) == bool(flags.url):
        raise Misuse(NEEDED)
    where = urlsplit(flags.url or "http://none")
    if where.scheme not in {"http", "https"} or not where.netloc:
        raise Misuse(
            f"--url {flags.url!r} is no URL; write http://127.0.0.1:8000/hooks"
        )
    drafts = parsed_samples(flags.sample, _zone(flags.zone_name))
    return Asked(
        name=flags.name or "my integration",
        vendors=tuple(dict.fromkeys(flags.vendor)),
        command=flags.start,
        url=f"{where.scheme}://{where.netloc}" if flags.url else None,
        path=where.path if where.path.strip("/") else flags.path,
        drafts=drafts,
        zone=flags.zone_name or _first_zone(drafts) or HOME,
        channel=flags.channel,
    )


def _zone(name: str | None) -> str | None:
    try:
        return name and zone(name)
    except ValueError as mishap:
        raise Misuse(f"--zone: {mishap}") from None


def _may_write(target: Path, *, force: bool) -> None:
    if target.suffix != ".toml":
        raise Misuse(f"--output {str(target)!r} must end in .toml")
    if target.exists() and not force:
        raise Misuse(f"{target} exists; --force overwrites it, --output names another")


def _answered(flags: Flags, vendors: tuple[str, ...]) -> Flags:
    """Ask on the terminal for what no flag says; Misuse where there is none."""
    if not sys.stdin.isatty():
        raise Misuse(NEEDED)
    name = flags.name or click.prompt("What is the integration called?")
    vendor = click.prompt("Whose locks does it open?", type=click.Choice(vendors))
    how = click.prompt("The command that starts it, or the URL where it runs")
    runs = re.match("https?://", how) is not None
    file = click.prompt("A file with an event of a confirmed booking", default="none")
    sample = flags.sample if file == "none" else (f"confirmed={file}", *flags.sample)
    return replace(
        flags,
        name=name,
        vendor=(vendor,),
        sample=sample,
        url=how if runs else None,
        start=None if runs else how,
    )


def _report(asked: Asked, output: str) -> None:
    for kind, each in asked.drafts.items():
        click.echo(f"{kind}:")
        for line in remarks(each):
            click.echo(f"  {line.removeprefix('# ')}")
    click.echo(f"{output} is written. Check its lines with GUESS, then:")
    click.echo(f"  python -m strikeplate check --profile {output} --dry-run")
