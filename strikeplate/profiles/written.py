"""The text of a profile with comments, from what is known of an integration. Pure.

`init` reads flags and samples into `Asked`; `written` makes the file of it. A line with
GUESS is one.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate.profiles.samples import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.profiles.samples import Draft

PATH = "/webhooks/bookings"
"""Where events go, if nobody says."""

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
    channel: str = "smtp"

    @property
    def signature(self) -> Mapping[str, str]:
        """How its events are signed, as the samples show it."""
        found = (each.signature for each in self.drafts.values() if each.signature)
        return next(found, {})

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
    asked: Asked, credentials_of: Mapping[str, tuple[str, ...]], output: str
) -> str:
    """Return the text of a profile, which goes into the file `output`."""
    parts = (
        _head(asked, output),
        _subject(asked),
        _run(asked, credentials_of),
        _clock(asked),
        *_resources(asked),
        _events(asked),
        _signature(asked),
        _messages(asked),
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
        CHANNEL_ENV[asked.channel],
        'WEBHOOK_SECRET = "{secret}"',
        *lines,
        *doors,
        "",
    ])  # fmt: skip


CHANNEL_ENV = {
    "smtp": 'SMTP = "{smtp}" # host:port of the mail server',
    "http": 'MESSAGES_URL = "{inbox}" # where it posts its messages',
    "read": "# it sends no messages: it is asked for the code of a booking",
}
"""The variable by which it learns where messages go."""


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
        lines += ["", *remarks(each), f"{kind} = {_kind(each)}"]
    if not asked.drafts:
        lines += ["# GUESS: write what your platform sends, or run init with --sample"]
        for kind in ("confirmed", "cancelled"):
            lines.append(f"{kind} = {long_text(STANDARD.replace('KIND', kind))}")
    if (
        "changed" not in asked.drafts
        and {"confirmed", "cancelled"} <= asked.drafts.keys()
    ):
        lines += [
            "# A platform that tells a change as a cancellation and a new booking:",
            '# changed = { as = ["cancelled", "confirmed"], new_id = true }',
        ]
    return "\n".join([*lines, ""])


def _kind(each: Draft) -> str:
    """Return how a kind is told: by its body alone, or by a call of its own."""
    body = long_text(each.body)
    if not each.url:
        return body
    parts = [f"method = {_text(each.method)}", f"url = {_text(each.url)}"]
    if each.headers:
        named = (
            f"{_text(name)} = {_text(value)}" for name, value in each.headers.items()
        )
        parts.append(f"headers = {{ {', '.join(named)} }}")
    return f"{{ {', '.join([*parts, f'body = {body}'] if each.body else parts)} }}"


def remarks(each: Draft) -> Iterator[str]:
    """Yield comments: what was guessed, and what stays as it is."""
    for place, meaning in each.guesses.items():
        if place not in each.grows:
            yield _comment(f"GUESS: {place} is {meaning}")
    for place in each.grows:
        yield _comment(f"GUESS: {place} must grow with each event, so it is its second")
    if "{{" in each.url:
        yield _comment(f"GUESS: in its URL, {each.url}")
    if each.kept:
        yield _comment(f"kept as in the sample: {', '.join(dict.fromkeys(each.kept))}")


def _comment(text: str) -> str:
    return f"# {re.sub(CONTROLS, ' ', text)}"


SIGNED = """\
[signature] # how an event proves who sent it: standard-webhooks, hmac, bearer, basic
"""
UNSIGNED = """\
scheme = "none"
# scheme = "hmac"
# header = "X-Signature"
# value = "sha256={digest}"
# signed = "{body}"
"""


def _signature(asked: Asked) -> str:
    lines = [
        f"{name} = {_text(value)} # GUESS" for name, value in asked.signature.items()
    ]
    if asked.url and lines:
        lines.append('secret_env = "WEBHOOK_SECRET" # the variable with its secret')
    return SIGNED + ("\n".join([*lines, ""]) if lines else UNSIGNED)


def _messages(asked: Asked) -> str:
    return f"""\
[messages] # smtp: it mails to {{smtp}}; http: it posts to {{inbox}}; read: we ask it
channel = {_text(asked.channel)}
{CHANNELS[asked.channel]}"""


CHANNELS = {
    "smtp": "",
    "http": """\
to = "to" # GUESS: a JMESPath into what it posts: to whom
text = "text" # GUESS: likewise: what it says
""",
    "read": """\
read = { get = "/bookings/{{ booking.id | urlencode }}" } # GUESS: where the code is
text = "code" # GUESS: a JMESPath into its answer
""",
}
"""What a profile says of messages, by how they are read."""

CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def _text(text: str) -> str:
    """Return a text as TOML on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def long_text(text: str) -> str:
    """Return a text as TOML on its own lines, where it can be."""
    if "'''" in text or CONTROLS.search(text.replace("\n", "")):
        return _text(text)
    return f"'''\n{text}'''"
