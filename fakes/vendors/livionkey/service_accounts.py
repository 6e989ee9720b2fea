"""Service accounts of the newer interface, and the key with which they sign.

Invariants: the key guards nothing. It is one for all accounts of the simulation: fixed,
so that a client under test can keep it in its settings, and public as a whole, so that
nobody takes it for a secret. The account's id tells worlds apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from fakes.vendors.livionkey.state import NAME, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World

P = int(
    "c23d4ee4aa536edaa90d9d6c86e58de7ea0eff2adb2e9364e6432a0ffb4a8d73"
    "d79221f96c589d100c0bdf54457a404b1ed5aa75e3a03aa43bd7e2561ee2d474"
    "7566c921cdc20e0e454d37a15352939f4e71e0fd64f7930fc4ab7a7c39ec2f2e"
    "11d3476137dc57b0453e040bbcb543153831552c88053d8415f199724886ef99",
    16,
)
Q = int(
    "bdde08096d9d1258d9f3cff822af5ef3efc87483229bc8f442f526644fd9266f"
    "0156bd2d71d73fe5edfee3e91f0e40065ef78c52195d90b2fb58fe9f1ce42969"
    "199ba9bbb782a9dfa98c5781c4025aab5127f4438c27cb611cb746b7cb7d6ae7"
    "44ebed3686e8b561329385b1c610e9545a361b8c6573014e7cab7926d5f6675b",
    16,
)
E = 65537


def make(world: World, name: str) -> dict[str, Any]:
    """Return a new account as it is shown once, its private key included."""
    account = state_of(world).account
    ref = account.secret("service", world.ids.ordinal("livionkey.service")).hex()[:24]
    account.services[ref] = name
    world.register_credential(NAME, f"service:{ref}")
    pem = key().private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    return {
        "id": ref,
        "name": name,
        "role": "admin",
        "privateKey": pem.decode(),
        "organizationUnitId": account.unit,
    }


def drop(world: World, ref: str) -> bool:
    """Let an account sign nothing from now on; false if there is none."""
    if state_of(world).account.services.pop(ref, None) is None:
        return False
    world.release_credential(NAME, f"service:{ref}")
    return True


@cache
def key() -> rsa.RSAPrivateKey:
    """Return the key pair."""
    d = pow(E, -1, (P - 1) * (Q - 1))
    return rsa.RSAPrivateNumbers(
        p=P,
        q=Q,
        d=d,
        dmp1=d % (P - 1),
        dmq1=d % (Q - 1),
        iqmp=pow(Q, -1, P),
        public_numbers=rsa.RSAPublicNumbers(E, P * Q),
    ).private_key()
