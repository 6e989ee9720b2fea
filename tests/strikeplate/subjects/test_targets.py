from __future__ import annotations

import pytest

from strikeplate.subjects import Role, Target, targets
from strikeplate.verdict import Misuse

MUTANT = "counts_hours_in_utc"


@pytest.mark.parametrize(
    ("role", "connect", "name", "kind", "address"),
    [
        ("service", "inprocess:service", "inprocess", "inprocess", "service"),
        ("service", "http:http://[::1]:1/", "http", "http", "http://[::1]:1/"),
        ("service", f"mutant:{MUTANT}", "mutant", "mutant", MUTANT),
        ("vendor", "fake", "fake", "fake", ""),
        ("vendor", "http:https://example.org", "vendor", "http", "https://example.org"),
        ("vendor", "https://example.org", "vendor", "http", "https://example.org"),
        ("service", "http://127.0.0.1:1/", "http", "http", "http://127.0.0.1:1/"),
    ],
)
def test_connect_text_names_one_target(
    role: Role, connect: str, name: str, kind: str, address: str
) -> None:
    (found,) = targets(role, [connect])
    assert found == Target(role, connect, name)
    assert (found.kind, found.address) == (kind, address)


def test_second_target_of_a_kind_is_numbered() -> None:
    found = targets("service", ["http:a", "inprocess:b", "http:c"])
    assert [target.id for target in found] == ["http", "inprocess", "http2"]


@pytest.mark.parametrize(
    ("connect", "message"),
    [("", "unknown kind"), ("fake", "unknown"), ("http", "WHAT")],
)
def test_text_that_names_no_target_is_refused(connect: str, message: str) -> None:
    with pytest.raises(Misuse, match=message):
        targets("service", [connect])
