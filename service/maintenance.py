"""Commands for whoever runs the service; they work beside running processes.

    python -m service token make NAME --scopes read,codes
    python -m service token list
    python -m service token rotate NAME [--overlap-hours 24]
    python -m service token revoke NAME
    python -m service user NAME
    python -m service reseal

`user` makes a user of the admin, or sets another password and ends the sessions; the
password is asked for, or read from the standard input.
A token is printed once, alone on its line. `reseal` changes the secret key without a
stop: put the new key before the old one, with a comma, in STRIKEPLATE_SECRET_KEY (or on
a line above it in the key file), restart each process, reseal, and take the old key
out. The database and its key are those of the settings (service/README.md).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from getpass import getpass
from itertools import islice
from typing import Final

import sqlalchemy as sa

from service.app import open_store
from service.clock import now
from service.domain.errors import NotPossible, SemanticError
from service.secret import Secret
from service.serve import WRONGLY_SET
from service.settings import from_environment
from service.store import tables, tokens
from service.store.database import Tx
from service.store.store import Store
from service.store.table_gateway import Prepared
from service.store.tokens import Scope
from service.use_cases.users import set_password

ACTOR: Final = "command line"
MOST_HOURS: Final = 24 * 90


def main(words: Sequence[str]) -> int:
    """Return the exit code; 2 means a wrong command, name or setting."""
    try:
        asked = _parser().parse_args(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        store = open_store(from_environment())
        try:
            sys.stdout.write(_answer(store, asked))
        finally:
            store.close()
    except (*WRONGLY_SET, NotPossible, SemanticError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m service",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("reseal")
    commands.add_parser("user").add_argument("name")
    steps = commands.add_parser("token").add_subparsers(dest="step", required=True)
    steps.add_parser("list")
    make = steps.add_parser("make")
    make.add_argument("--scopes", type=_scopes, required=True)
    rotate = steps.add_parser("rotate")
    rotate.add_argument("--overlap-hours", type=_hours, default="24")
    for step in (make, rotate, steps.add_parser("revoke")):
        step.add_argument("name")
    return parser


def _scopes(text: str) -> list[Scope]:
    known = [scope.value for scope in Scope]
    names = [name.strip() for name in text.split(",")]
    if wrong := [name for name in names if name not in known]:
        fix = f"{wrong[0]!r} is no scope; give some of {', '.join(known)}"
        raise argparse.ArgumentTypeError(fix)
    return [Scope(name) for name in names]


def _hours(text: str) -> timedelta:
    with suppress(ValueError):
        if 0 <= (hours := float(text)) <= MOST_HOURS:
            return timedelta(hours=hours)
    fix = f"{text!r} is no number of hours; give one from 0 to {MOST_HOURS}"
    raise argparse.ArgumentTypeError(fix)


def _answer(store: Store, asked: argparse.Namespace) -> str:
    """Return what the command prints."""
    if asked.command == "reseal":
        return f"secrets sealed anew: {reseal(store)}\n"
    if asked.command == "user":
        typed = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        set_password(store, asked.name, Secret(typed), now())
        return f"{asked.name} may sign in\n"
    if asked.step == "list":
        return _listed(store)
    return store.write(lambda tx: _change(tx, asked, now()))


def _change(tx: Tx, asked: argparse.Namespace, at: datetime) -> str:
    """Make, rotate or revoke a token; return what to print."""
    name = asked.name
    if asked.step == "revoke":
        tokens.revoke(tx, name, actor=ACTOR, now=at)
        return f"revoked: {name}\n"
    if asked.step == "rotate":
        token = tokens.rotate(tx, name, asked.overlap_hours, actor=ACTOR, now=at)
    else:
        token = tokens.make(tx, name, asked.scopes, actor=ACTOR, now=at)
    return f"{token.reveal()}\n"


def _listed(store: Store) -> str:
    """Return a line for each token that counts."""
    at = now()
    return "".join(
        f"{each.name}  {','.join(each.scopes)}  "
        f"{f'until {each.until:%Y-%m-%d %H:%M} UTC' if each.until else 'no end'}\n"
        for each in store.read(tokens.GATEWAY.all)
        if each.counts(at)
    )


SEALED: Final = "sealed_"
AT_ONCE: Final = 200
"""How many secrets one transaction stores at most, so that nobody waits long."""


def reseal(store: Store) -> int:
    """Seal anew what another key than the newest sealed; return how much that was.

    It may be stopped and run again at any time, while processes go on with both keys.
    A secret that changes meanwhile stays as its writer sealed it: with the newest key.
    """
    return sum(
        _reseal(store, table, column)
        for table in tables.metadata.sorted_tables
        for column in table.c
        if column.name.startswith(SEALED)
    )


def _reseal(store: Store, table: sa.Table, column: sa.Column[str]) -> int:
    """Replace each text of the column that the newest key does not open."""
    key = list(table.primary_key)
    query = Prepared(sa.select(*key, column).where(column.is_not(None)))
    names = [f"the_{each.name}" for each in key] + ["old"]
    same = [each == sa.bindparam(f"the_{each.name}") for each in key]
    change = Prepared(
        sa.update(table)
        .where(*same, column == sa.bindparam("old"))
        .values({column.name: sa.bindparam("new")})
    )
    found = store.read(lambda tx: query.rows(tx.sql))
    rows = (dict(zip(names, row, strict=True)) for row in found)
    changes = _changes(store, rows)
    done = 0
    while some := list(islice(changes, AT_ONCE)):
        store.write(partial(_store, change, some))
        done += len(some)
    return done


def _store(change: Prepared, some: list[dict[str, object]], tx: Tx) -> None:
    change.each(tx.sql, some)


def _changes(
    store: Store, rows: Iterator[dict[str, object]]
) -> Iterator[dict[str, object]]:
    for row in rows:
        new = store.vault.resealed(str(row["old"]))
        if new is not None:
            yield {**row, "new": new}
