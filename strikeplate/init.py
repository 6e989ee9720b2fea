"""`init`: writes a commented profile, from flags, a few questions and samples.

A sample is what the platform sends today: a file of JSON, a form or XML. What is found
in it becomes a template; what was guessed, and what was kept as it is, is said in the
profile and on the console.

Invariants: a file is overwritten only with --force; what is written can be read back.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from strikeplate import FEATURES, vocabulary
from strikeplate.profile import load_profile
from strikeplate.profiles.samples import HOME, draft
from strikeplate.profiles.shape import KINDS, zone
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.profiles.samples import Draft

OUTPUT = "mine.toml"
NEEDED = "give --vendor NAME, and either --run COMMAND or --url URL"
PATH = "/webhooks/bookings"

STANDARD = """{
  "id": {{ event.id | json }},
  "type": "booking.KIND",
  "occurred_at": {{ event.at | json }},
  "booking": {{ booking.standard | json }}
}"""
"""The body of an event where there is no sample."""


@dataclass(frozen=True)
class Asked:
    """What a profile is written from."""

    name: str
    vendors: tuple[str, ...]
    command: str | None = None
    url: str | None = None
    path: str = PATH
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    zone: str = HOME

    @property
    def resource(self) -> tuple[str, str]:
        """The first resource: its name and what the platform calls it."""
        for each in self.drafts.values():
            known = each.values["resource"]
            if "id" in known or "name" in known:
                told = str(known.get("id", known.get("name")))
                return str(known.get("name", told)), told
        return "court-1", "court-1"


def written(
    asked: Asked, credentials_of: Mapping[str, tuple[str, ...]], output: str = OUTPUT
) -> str:
    """Return the text of a profile, which goes into the file `output`."""
    parts = (
        _head(asked, output),
        _subject(asked),
        _run(asked, credentials_of),
        _clock(asked),
        *_resources(asked),
        _events(asked),
        REST,
    )
    return "\n".join(parts)


def _head(asked: Asked, output: str) -> str:
    return f"""\
{_comment(f"How {asked.name} is started, told of bookings, and where codes are read.")}
# Written by `strikeplate init`. A line with GUESS is one: check it. Then:
#     python -m strikeplate check --profile {output} --dry-run

patience = "2s" # so long it may be silent before it counts as finished
"""


def _subject(asked: Asked) -> str:
    return f"""\
[subject]
name = {_text(asked.name)}
version = "1"
vendors = [{", ".join(map(_text, asked.vendors))}]
"""


def _run(asked: Asked, credentials_of: Mapping[str, tuple[str, ...]]) -> str:
    if asked.url:
        return f"""\
[run] # it runs already; `command` instead of `url` would start it here
url = {_text(asked.url)}
fakes_port = 8700 # where it looks for the vendors, with the account of world `demo`
smtp_port = 2525 # where it delivers mail
"""
    lines = [
        f"{vendor}_{name}".upper() + f" = {_text(f'{{{vendor}.{name}}}')}"
        for vendor in asked.vendors
        for name in credentials_of[vendor]
    ]
    doors = [
        f"DOOR_{number} = '{{{{ doors[{_text(name)}].vendor_id }}}}'"
        for number, (name, *_) in enumerate(_named(asked), 1)
    ]
    return "\n".join([
        "[run] # it is started for each scenario, and stopped",
        f"command = {_text(str(asked.command))}",
        '# directory = "." # where that is called, from the folder of this file',
        '# ready = "/health" # what answers once it has started; "/" unless given',
        "",
        "[run.env] # GUESS: the names on the left; write those that it reads",
        'PORT = "{port}"',
        'SMTP = "{smtp}" # host:port of the mail server',
        'WEBHOOK_SECRET = "{secret}"',
        *lines,
        *doors,
        "",
    ])  # fmt: skip


def _clock(asked: Asked) -> str:
    preload = asked.command and importlib.util.find_spec("libfaketime")
    control = "preload" if preload else "none"
    return f"""\
[clock] # preload: libfaketime turns its clock; none: scenarios run on real seconds
control = {_text(control)}
"""


def _named(asked: Asked) -> Iterator[tuple[str, str, str]]:
    """Yield each resource: its name, what the platform calls it, its vendor."""
    name, known = asked.resource
    yield name, known, asked.vendors[0]
    for number, vendor in enumerate(asked.vendors[1:], 2):
        yield f"resource-{number}", f"resource-{number}", vendor


def _resources(asked: Asked) -> Iterator[str]:
    for name, known, vendor in _named(asked):
        guess = "" if known == asked.resource[1] and asked.drafts else " # GUESS"
        yield f"""\
[resources.{_text(name)}] # what its owner has set up; more of them, more is judged
id = {_text(known)}{guess or " # what the platform calls it"}
vendor = {_text(vendor)}
zone = {_text(asked.zone)} # GUESS, unless the sample names it
"""


def _events(asked: Asked) -> str:
    lines = ["[events] # a kind that is missing cannot be told; its rules do not apply"]
    lines.append(f"url = {_text(asked.path)}" + (" # GUESS" * (asked.path == PATH)))
    kinds = {each.content_type for each in asked.drafts.values()}
    if kinds and kinds != {"application/json"}:
        lines.append(f"content_type = {_text(kinds.pop())}")
    for kind, each in asked.drafts.items():
        lines += ["", *_remarks(each), f"{kind} = {_long(each.body)}"]
    if not asked.drafts:
        lines += ["# GUESS: write what your platform sends, or run init with --sample"]
        for kind in ("confirmed", "cancelled"):
            lines.append(f"{kind} = {_long(STANDARD.replace('KIND', kind))}")
    if (
        "changed" not in asked.drafts
        and {"confirmed", "cancelled"} <= asked.drafts.keys()
    ):
        lines += [
            "# A platform that tells a change as a cancellation and a new booking:",
            '# changed = { as = ["cancelled", "confirmed"], new_id = true }',
        ]
    return "\n".join([*lines, ""])


def _remarks(each: Draft) -> Iterator[str]:
    """Yield comments: what was guessed, and what stays as it is."""
    for place, meaning in each.guesses.items():
        if place not in each.grows:
            yield _comment(f"GUESS: {place} is {meaning}")
    for place in each.grows:
        yield _comment(f"GUESS: {place} must grow with each event, so it is its second")
    if each.kept:
        yield _comment(f"kept as in the sample: {', '.join(dict.fromkeys(each.kept))}")


def _comment(text: str) -> str:
    return f"# {re.sub(CONTROLS, ' ', text)}"


REST = """\
[signature] # how an event proves who sent it: standard-webhooks, hmac, bearer, basic
scheme = "none"
# scheme = "hmac"
# header = "X-Signature"
# value = "sha256={digest}"
# signed = "{body}"

[messages] # smtp: it sends mail to {smtp}; http: it posts to {inbox}; read: we ask it
channel = "smtp"
"""

CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def _text(text: str) -> str:
    """Return a text as TOML on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _long(text: str) -> str:
    """Return a text as TOML on its own lines, where it can be."""
    if "'''" in text or CONTROLS.search(text.replace("\n", "")):
        return _text(text)
    return f"'''\n{text}'''"


def parsed_samples(given: tuple[str, ...], zone_name: str | None) -> dict[str, Draft]:
    """Return the template of each KIND=FILE; Misuse for a wrong one."""
    found: dict[str, Draft] = {}
    for each in given:
        kind, _, file = each.partition("=")
        if kind not in KINDS or not file:
            raise Misuse(f"--sample {each!r}: write KIND=FILE; {suggest(kind, KINDS)}")
        try:
            text = Path(file).read_text(encoding="utf-8")
            made = draft(text, zone_name or _first_zone(found))
            tomllib.loads(f"body = {_long(made.body)}")
        except (OSError, ValueError) as mishap:
            raise Misuse(f"--sample {each!r}: {mishap}") from None
        found[kind] = made
    if found and "confirmed" not in found:
        raise Misuse("--sample confirmed=FILE is missing: how is a booking told?")
    return found


def _first_zone(found: Mapping[str, Draft]) -> str | None:
    return next((each.zone for each in found.values()), None)


EXAMPLES = """\b
Examples:
  python -m strikeplate init --name Courtbook --vendor nuki --run "node server.js"
      --path /hooks --sample confirmed=new.json --sample cancelled=gone.json
  python -m strikeplate init --vendor igloohome --url http://127.0.0.1:8000/hooks
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
    help="What the platform sends: confirmed=event.json, cancelled=...",
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
        for line in _remarks(each):
            click.echo(f"  {line.removeprefix('# ')}")
    click.echo(f"{output} is written. Check its lines with GUESS, then:")
    click.echo(f"  python -m strikeplate check --profile {output} --dry-run")
