"""A machine that calls the newer interface: every call is signed by its own key."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

ORIGIN = "http://localhost"
CONTACT = {"name": "Ada Novak"}


@dataclass
class Machine:
    """A service account, and what it sends; parts of a signature can be spoilt."""

    tenant: Tenant
    id: str
    key: rsa.RSAPrivateKey
    root: str = f"{ORIGIN}/livionkey"  # what it calls

    def now(self) -> int:
        """Return the world's present in milliseconds."""
        clock = self.tenant.sim("GET", f"{self.tenant.base}/clock")
        return int(datetime.fromisoformat(clock["now"]).timestamp() * 1000)

    def headers(
        self, method: str, path: str, text: str, stamp: int | None = None
    ) -> dict[str, str]:
        at = self.now() if stamp is None else stamp
        called = f"{method}{self.root}/v2{path}{text}"
        digest = hashlib.sha256(called.encode()).hexdigest()
        signed = f"{self.id}{at}{digest}".encode()
        signature = self.key.sign(signed, padding.PKCS1v15(), SHA256())
        return {
            "x-service-account-id": self.id,
            "x-timestamp": str(at),
            "x-signature": b64encode(signature).decode(),
            "Content-Type": "application/json",
        }

    def call(self, method: str, path: str, body: Any = None, **spoilt: str) -> Any:
        text = "" if body is None else json.dumps(body)
        headers = self.headers(method, path, text)
        more = {name.replace("_", "-"): value for name, value in spoilt.items()}
        url = f"/livionkey/v2{path}"
        return self.tenant.client.open(
            url, method=method, data=text, headers=headers | more
        )

    def book(self, *keys: str, **fields: Any) -> Any:
        usual = {
            "start": "2026-12-01T15:00:00Z",
            "end": "2026-12-04T14:00:00Z",
            "contact": CONTACT,
            "keys": [{"id": key} for key in keys or ("flat-1",)],
        }
        return self.call("POST", "/mechanical/keycontracts", usual | fields)


def make(tenant: Tenant) -> Machine:
    """Return a machine whose account was made in the web app."""
    made = tenant.portal("POST", "/serviceAccounts")
    key = load_pem_private_key(made["privateKey"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Machine(tenant, made["id"], key)
