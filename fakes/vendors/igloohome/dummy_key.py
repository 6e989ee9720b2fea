"""The key that signs simulated webhooks.

Invariants: it guards nothing. It is fixed, so that a receiver under test can keep the
public half in its settings, and public as a whole, so that nobody takes it for a
secret.
"""

from __future__ import annotations

P = int(
    "dee2fa4b0605555f27f055d06149b60a5e14f81a5b67cd6b52dff57d615bf1ba"
    "d6f0167f06546fdf0ef7c5be57722a063aa3aad5024cbca44213ede6c678dd7d"
    "49e0842ffd4e39541e7968a6c3058f44a3bc0534ade91d4164c83769fac36363"
    "c71554e74af779d086af45c0a17a9acb703b5a962dfd6dfb2a5d83824f704777",
    16,
)
Q = int(
    "c56fe2b88dd7363b0494098e0cd005a3e7b2381dbbc30b14c8446a537aff92fe"
    "175ab158eae563e2e35dba04666c6aafe78cf49b08bd3299ee7fe2a64fe98b8b"
    "60c556efd1f126d37b23a605cdffa40d7c8e0bd752de8d7a906a71bee0262110"
    "f434555e021bb22e6e0b4c39310ed105af2a4dad6fff6bd42051c643d38e0ba9",
    16,
)
E = 65537
