"""The reference service as a stranger: a profile for one vendor that declares all.

    python -m tests.strangers.full nuki > full-nuki.toml

It is started by its command and set up by calls, as any integration with an API of its
own would be. Each resource has one trait or a few, as the rules ask for them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
OWNER = "owner@full.example.org"
TOKEN = "the-owner-of-this-stranger"
BEARER = f"Bearer {TOKEN}"

HEAD = """\
patience = "1s"

[subject]
name = "the reference as a stranger"
version = "1"
vendors = ["{vendor}"]

[run]
command = ["{{python}}", "-m", "strikeplate.frozen_clock", "service:create_app",
  "--port", "{{port}}", "--now", "2026-12-01T08:00:00+00:00"]
directory = "{home}"
ready = "/healthz"

[run.env]
STRIKEPLATE_DATABASE_URL = "sqlite:///{{folder}}/service.db"
STRIKEPLATE_API_TOKEN = "{token}"
STRIKEPLATE_SMTP_URL = "smtp://{{smtp}}"
STRIKEPLATE_SMS_GATEWAY = "{{{{ '{{' ~ 'phone}}' }}}}@sms.example.org"
STRIKEPLATE_PUBLIC_URL = "{{url}}"
STRIKEPLATE_VENDOR_TIMEOUT_SECONDS = "3"

[clock]
control = "endpoint"
endpoint = {{ url = "/_clock", body = '{{"now": {{{{ now | json }}}}}}' }}

[signature]
scheme = "standard-webhooks"
tolerance = "5m"
secret = '''{which}{{{{ saved["secret_" ~ which] }}}}'''

[events]
url = '''{which}{{{{ saved["url_" ~ which] }}}}'''
"""

WHICH = """\
{% set which = resource.id.split(":")[0] if ":" in resource.id else "main" %}"""
"""The connection that a resource belongs to: what its id begins with."""

BOOKING = """\
{kind} = '''{{"id": {{{{ event.id | json }}}}, "type": "booking.{kind}",
  "occurred_at": {{{{ event.at | json }}}},
  "booking": {{{{ booking.standard | json }}}}}}'''
"""
MEMBERSHIP = """\
membership_{kind} = '''{{"id": {{{{ event.id | json }}}}, "type": "membership.{kind}",
  "occurred_at": {{{{ event.at | json }}}}, "membership": {{
    "id": "M-{{{{ customer.email }}}}", "community": {{{{ resource.id | json }}}},
    "member": {{{{ booking.standard.customer | json }}}}}}}}'''
"""

CALL = """
[{table}]
method = "{method}"
url = '''{url}'''
headers = {{ Authorization = "{bearer}" }}
"""

OF = "/api/connections/{{ connection.id or saved.id_main }}"
CURSOR = "{% if cursor.id %}&cursor={{ cursor.id | urlencode }}{% endif %}"
QUERY = "connection={{ connection.id or saved.id_main }}"
API = {
    "connect": ("POST", "/api/connections"),
    "connections": ("GET", "/api/connections"),
    "connection": ("GET", OF),
    "switch": ("PATCH", OF),
    "margins": ("PATCH", f"/api/connections/{WHICH}{{{{ saved['id_' ~ which] }}}}"),
    "unlink": ("DELETE", OF),
    "rotate_secret": ("POST", f"{OF}/rotate-secret"),
    "locks": ("GET", f"{OF}/locks"),
    "refresh_locks": ("POST", f"{OF}/locks/refresh"),
    "lock": ("GET", "/api/locks/{{ lock.id }}"),
    "keys": ("GET", f"{OF}/keys"),
    "refresh_keys": ("POST", f"{OF}/keys/look"),
    "add_rule": ("POST", f"{OF}/rules"),
    "edit_rule": ("PATCH", "/api/rules/{{ saved['rule_' ~ rule.id] }}"),
    "delete_rule": ("DELETE", "/api/rules/{{ saved['rule_' ~ rule.id] }}"),
    "overview": (
        "GET",
        f"/api/accesses?{QUERY}&limit=5{CURSOR}",
    ),
    "booking": ("GET", f"{OF}/bookings/{{{{ booking.id }}}}"),
    "membership": ("GET", f"{OF}/memberships/{{{{ membership.id | urlencode }}}}"),
    "customers_view": ("GET", f"{OF}/bookings/{{{{ booking.id }}}}/customer"),
    "make_by_hand": ("POST", "/api/accesses"),
    "access": ("GET", "/api/accesses/{{ access.id }}"),
    "delete_access": ("DELETE", "/api/accesses/{{ access.id }}"),
    "write": ("PUT", f"{OF}/templates/{{{{ where.id }}}}"),
    "preview": ("POST", f"{OF}/templates/preview"),
    "events": ("GET", f"/api/events?{QUERY}"),
    "replay": ("POST", "/api/events/{{ event.id }}/replay"),
}
"""The owner's actions: method and path of each."""

LOCKS = """\
[{{% for wanted in doors["{name}"].all %}}{{{{ "" if loop.first else ", " }}}}\
{{% for lock in saved.locks_{which} if lock.vendor_id == {vendor_id} %}}\
{{{{ lock.id | json }}}}{{% endfor %}}{{% endfor %}}]"""


@dataclass
class Court:
    """One resource: its table in the profile, and its rule in the service."""

    traits: dict[str, object] = field(default_factory=dict)
    rule: dict[str, object] = field(default_factory=dict)
    connection: str = "main"


COMMON: dict[str, Court] = {
    "plain-1": Court(),
    "plain-2": Court(),
    "plain-3": Court(),
    "plain-4": Court(),
    "confirmed": Court({"trigger": "confirmed"}),
    "paid": Court({"trigger": "paid"}, {"trigger": "paid"}),
    "starting": Court({"trigger": "starting"}, {"trigger": "starting"}),
    "sms": Court({"channel": "sms"}, {"channel": "sms"}),
    **{
        f"{hours}h": Court({"send_before": f"{hours}h"}, {"send_hours_before": hours})
        for hours in (0, 2, 24)
    },
    "copied": Court({"copy_to_owner": True}, {"copy_to_owner": True}),
    "pair": Court({"doors": 2}),
    "twin": Court({"door": "plain-1"}),
    "off": Court({"active": False}, connection="off"),
}


def margins(before: int, after: int, unit: str) -> Court:
    """Return a court with margins, in hours or minutes."""
    named = {"margin_before": before, "margin_after": after}
    rule = {f"{name}_{unit}": value for name, value in named.items()}
    traits = {name: f"{value}{unit[0]}" for name, value in named.items() if value}
    return Court(traits, dict(rule))


def recurring(form: str, grace: int) -> Court:
    """Return a court whose returning customers keep one key."""
    traits = {"recurring": form, "grace": f"{grace}m"}
    return Court(traits, {"recurring": form, "grace_minutes": grace})


def flat(slot: int, **more: object) -> dict[str, object]:
    """Return the traits of a flat whose key is in a cabinet."""
    return {"kind": "key cabinet", "slot": slot, "return_codes": True, **more}


OWN: dict[str, dict[str, Court]] = {
    "igloohome": {
        "wide-1-0": margins(1, 0, "hours"),
        "wide-0-2": margins(0, 2, "hours"),
        "wide-16-7": margins(16, 7, "hours"),
        **{
            zone.partition("/")[2].lower().replace("_", "-"): Court(
                {"zone": zone}, connection=zone.partition("/")[2].lower()
            )
            for zone in ("Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe")
        },
    },
    "nuki": {
        f"{form}-{grace}": recurring(form, grace)
        for form, grace in (
            ("weekly", 5),
            ("day", 5),
            ("instants", 5),
            ("day", 0),
        )
    },
    "exivo": {
        "wide": margins(15, 5, "minutes"),
        "pad-1": Court({"kind": "Exivo door with a PIN pad"}),
        "pad-2": Court(
            {"kind": "Exivo door with a PIN pad", "ways_in": ["pin_pad"]},
            {"options": ["pin_pad"]},
        ),
        "phone": Court(
            {
                "kind": "Exivo door with a PIN pad",
                "ways_in": ["app"],
                "app": "4711",
            },
            {"options": ["app"]},
            connection="app",
        ),
        "gold": Court({"community": "gold"}, {"community": "gold"}),
    },
    "livionkey": {
        "flat-1": Court(flat(0, door="lobby")),
        "flat-2": Court(flat(1, door="lobby")),
        "late-1": Court(
            flat(0, door="late", overdue_after="1h"), {"overdue_after_minutes": 60}
        ),
        "late-2": Court(flat(1, door="late")),
        "told-1": Court(
            flat(0, door="told", report_returns=True), {"report_returns": True}
        ),
        "told-2": Court(flat(1, door="told")),
        "graced-1": Court(
            flat(0, door="graced", return_grace="1h"), {"return_grace_minutes": 60}
        ),
        "graced-2": Court(flat(1, door="graced")),
    },
}

CREDENTIALS = {
    "igloohome": ("client_id", "client_secret", "token_url", "api_url"),
    "nuki": ("api_token", "api_url"),
    "exivo": ("site_id", "api_key", "api_secret", "api_url"),
    "livionkey": ("email", "password", "api_url"),
}
ZONES = {"kolkata": "Asia/Kolkata", "kathmandu": "Asia/Kathmandu",
         "lord_howe": "Australia/Lord_Howe"}  # fmt: skip


def courts(vendor: str) -> dict[str, Court]:
    """Return the resources of a vendor, by name."""
    return COMMON | OWN[vendor]


def profile(vendor: str) -> str:
    """Return the profile of the service with one vendor."""
    parts = [HEAD.format(vendor=vendor, home=HOME, which=WHICH, token=TOKEN)]
    kinds = ("confirmed", "paid", "starting", "changed", "cancelled", "checked_out")
    parts += [BOOKING.format(kind=kind) for kind in kinds]
    parts += [MEMBERSHIP.format(kind=kind) for kind in ("started", "ended")]
    parts += [_action(name, *call) for name, call in API.items()]
    parts += [_table(name, court, vendor) for name, court in courts(vendor).items()]
    for connection in dict.fromkeys(
        each.connection for each in courts(vendor).values()
    ):
        parts += _connected(vendor, connection)
    parts += [_rule(name, court, vendor) for name, court in courts(vendor).items()]
    return "".join(parts)


def called(
    table: str, method: str, url: str, body: str | None = None, **saved: str
) -> str:
    """Return the table of a call."""
    text = CALL.format(table=table, method=method, url=url, bearer=BEARER)
    if body is not None:
        text += f"body = '''{body}'''\n"
    pairs = ", ".join(f'"{name}" = "{path}"' for name, path in saved.items())
    return text + (f"save = {{ {pairs} }}\n" if saved else "")


def _action(name: str, method: str, url: str) -> str:
    body = "{{ given | json }}" if method in {"POST", "PUT", "PATCH"} else None
    return called(f"api.{name}", method, url, body)


def _table(name: str, court: Court, vendor: str) -> str:
    """Return the table of a resource."""
    known = name if court.connection == "main" else f"{court.connection}:{name}"
    keys = {"vendor": vendor, "id": known, "owner_email": OWNER, **court.traits}
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    return f"\n[resources.{name}]\n{''.join(lines)}"


def _connected(vendor: str, name: str) -> list[str]:
    """Return the calls that make a connection, switch it on and read its locks."""
    values = {key: f"{{{{ {vendor}.{key} | json }}}}" for key in CREDENTIALS[vendor]}
    pairs = [f'"{key}": {value}' for key, value in values.items()]
    pairs += ['"mobile_app_id": "4711"'] * (name == "app")
    zone = ZONES.get(name, "Europe/Stockholm")
    body = (
        f'{{"vendor": "{vendor}", "name": "{name}", "timezone": "{zone}",'
        f' "owner_email": "{OWNER}", "credentials": {{{", ".join(pairs)}}}}}'
    )
    saved = {"id": "id", "url": "webhook_url", "secret": "webhook_secret"}
    of = f"/api/connections/{{{{ saved.id_{name} }}}}"
    on = json.dumps({"active": name != "off", "terms_accepted": True})
    return [
        called(
            "[setup]",
            "POST",
            "/api/connections",
            body,
            **{f"{key}_{name}": path for key, path in saved.items()},
        ),
        called("[setup]", "PATCH", of, on),
        called(
            "[setup]",
            "POST",
            f"{of}/locks/refresh",
            "{}",
            **{f"locks_{name}": "items || @"},
        ),
    ]


def _rule(name: str, court: Court, vendor: str) -> str:
    """Return the call that makes the rule of a resource."""
    keyed = vendor == "livionkey"
    vendor_id = "wanted.vendor_id" + ' ~ "/" ~ wanted.key' * keyed
    locks = LOCKS.format(name=name, which=court.connection, vendor_id=vendor_id)
    known = name if court.connection == "main" else f"{court.connection}:{name}"
    what = dict(court.rule)
    if "community" not in what:
        what["resource"] = known
    rest = json.dumps(what)[1:-1]
    url = f"/api/connections/{{{{ saved.id_{court.connection} }}}}/rules"
    body = f'{{"locks": {locks}, {rest}}}'
    return called("[setup]", "POST", url, body, **{f"rule_{name}": "id"})


if __name__ == "__main__":
    sys.stdout.write(profile(sys.argv[1]))
