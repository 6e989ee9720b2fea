"""The vault seals what must not be readable in a stolen database (CON-06).

Invariants: credentials, signing secrets and PINs enter a table only as what `seal`
returns. The key never does; it comes from the environment or from a file that only
the service's user can read. While the key is changed there are several: the first one
seals, each of them opens (`reseal` seals anew what another one sealed).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from service.secret import Secret, reveal

OPENED: Final = 1024
"""How many decrypted values are cached, so that a webhook need not decrypt."""


class SecretKeyError(ValueError):
    """A secret key that is malformed, or not the one of this database."""


class Vault:
    """Seals texts and opens them again; safe to use from many threads.

    `key` holds one key, or several with commas or blanks between, the newest first.
    """

    def __init__(self, key: Secret) -> None:
        keys = key.reveal().replace(",", " ").split()
        try:
            self._newest, *_ = fernets = [Fernet(each) for each in keys]
        except ValueError:
            raise SecretKeyError(
                "the secret key is not a Fernet key: it is 32 bytes in URL-safe "
                "base64; leave STRIKEPLATE_SECRET_KEY out to have one made"
            ) from None
        self._fernet = MultiFernet(fernets)
        self._fingerprint_key = hashlib.sha256(b"mark:" + keys[-1].encode()).digest()
        self._open = lru_cache(maxsize=OPENED)(self._decrypt)
        self._open_all = lru_cache(maxsize=OPENED)(self._unpacked)

    def seal(self, secret: Secret) -> str:
        """Return the encrypted text; the same secret gives another text each time."""
        return self._fernet.encrypt(secret.reveal().encode()).decode()

    def open(self, sealed: str) -> Secret:
        """Return the secret that was sealed with this vault's key."""
        return self._open(sealed)

    def resealed(self, sealed: str) -> str | None:
        """Return the text sealed with the newest key, None where it is already."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return self.seal(self.open(sealed))
        return None

    def seal_fingerprint_key(self) -> str:
        """Return the key of fingerprints, sealed."""
        return self.seal(Secret(self._fingerprint_key.hex()))

    def take_fingerprint_key(self, sealed: str) -> None:
        """Make fingerprints by this key from now on: that of the database."""
        self._fingerprint_key = bytes.fromhex(self.open(sealed).reveal())

    def seal_all(self, values: Mapping[str, Secret | str]) -> str:
        """Return one encrypted text for a mapping, such as credentials."""
        plain = {name: reveal(value) for name, value in values.items()}
        return self.seal(Secret(json.dumps(plain)))

    def open_all(self, sealed: str) -> dict[str, Secret]:
        """Return the mapping that `seal_all` sealed, every value a secret."""
        return dict(self._open_all(sealed))

    def fingerprint(self, secret: Secret) -> str:
        """Return a keyed hash: equal for equal secrets, and it tells nothing else."""
        message = secret.reveal().encode()
        return hmac.digest(self._fingerprint_key, message, hashlib.sha256).hex()

    def _unpacked(self, sealed: str) -> dict[str, Secret]:
        values: dict[str, str] = json.loads(self.open(sealed).reveal())
        return {name: Secret(value) for name, value in values.items()}

    def _decrypt(self, sealed: str) -> Secret:
        try:
            return Secret(self._fernet.decrypt(sealed).decode())
        except InvalidToken:
            raise SecretKeyError(
                "a stored secret does not open with this secret key; give "
                "STRIKEPLATE_SECRET_KEY the key that the database was made with"
            ) from None


def key_from_file(path: Path, database: Path) -> Secret:
    """Return the key in the file; beside a new database it is created with mode 600.

    The file appears whole or not at all, also when two processes start at once.
    """
    used = database.exists() and database.stat().st_size > 0  # looked at before the key
    if not path.exists() and used:
        raise SecretKeyError(
            f"the key file {str(path)!r} is missing, and the records in "
            f"{str(database)!r} open with no other key; restore the file from your "
            "backup, or set STRIKEPLATE_SECRET_KEY to the key"
        )
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    try:
        return Secret(path.read_text().strip())
    except (OSError, UnicodeDecodeError):
        raise SecretKeyError(
            f"the key file {str(path)!r} cannot be read as text; restore it from your "
            "backup, or set STRIKEPLATE_SECRET_KEY to the key"
        ) from None
