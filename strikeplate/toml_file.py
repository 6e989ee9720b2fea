"""TOML files that people write: profiles, vocabularies, capabilities, thresholds.

Every mistake is an error that names the file, the value and the fix. An unknown word is
an error with the nearest known word.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


MOST = 24
"""Of more words than these only the nearest are named."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, then all or the near ones."""
    words = sorted(known)
    folded = {each.casefold(): each for each in reversed(words)}
    near = difflib.get_close_matches(word.casefold(), folded, n=MOST // 2, cutoff=0.5)
    close = [folded[each] for each in near]
    meant = f"did you mean {close[0]!r}? " if close else ""
    if len(words) <= MOST:
        return f"{meant}Known: {', '.join(words) or 'none'}"
    shown = sorted(close) or words[: MOST // 2]
    return f"{meant}Known: {', '.join(shown)} and {len(words) - len(shown)} more"


Table = dict[
    str, Any
]  # as tomllib gives it; each value is checked when it is asked for


@dataclass(frozen=True)
class Declaration:
    """One file: its name for people, its content, and a digest of its bytes."""

    file: str
    content: Table
    digest: str

    def error(self, text: str) -> Misuse:
        """Return a refusal that begins with the file."""
        return Misuse(f"{self.file}: {text}")

    def only(self, table: Iterable[str], known: Iterable[str], kind: str) -> None:
        """Refuse words that are not known."""
        words = tuple(known)
        for word in table:
            if word not in words:
                raise self.error(f"unknown {kind} {word!r}; {suggest(word, words)}")

    def table(self, name: str, keys: Iterable[str] | None = None) -> Table:
        """Return a table, empty when it is not there; `keys` are all it may hold."""
        found = self.content.get(name, {})
        if not isinstance(found, dict):
            raise self.error(f"[{name}] must be a table, not {found!r}")
        if keys is not None:
            self.only(found, keys, f"key in [{name}]:")
        return found

    def entries(self, name: str, keys: Iterable[str]) -> list[Table]:
        """Return the tables of one list, such as all [[name]]."""
        found = self.content.get(name, [])
        if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
            raise self.error(f"[[{name}]] must be a list of tables, not {found!r}")
        for entry in found:
            self.only(entry, keys, f"key in [[{name}]]:")
        return found

    def text(self, table: Table, key: str, where: str) -> str:
        """Return a text that is not empty."""
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"[{where}] {key} must be a text, got {value!r}")
        return value

    def texts(
        self, table: Table, key: str, where: str, default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Return one text or several."""
        value = table.get(key, list(default))
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self.error(f"[{where}] {key} must be texts, got {value!r}")
        return tuple(values)

    def choice(self, value: object, known: Iterable[str], what: str) -> str:
        """Return one of the known words."""
        words = tuple(known)
        if not isinstance(value, str) or value not in words:
            hint = suggest(str(value), words)
            raise self.error(f"{what} {value!r} is unknown; {hint}")
        return value


def read_toml(path: Path) -> Declaration:
    """Return what a file declares; refuse one that cannot be read or is no TOML."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Misuse(f"{path}: cannot be read: {error.strerror}") from None
    digest = "sha256:" + hashlib.sha256(raw).hexdigest()
    try:
        return Declaration(path.name, tomllib.loads(raw.decode()), digest)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"{path.name}: is no TOML: {error}") from None
