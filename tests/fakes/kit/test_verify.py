"""The control interface says whether calls were made as a test expects."""

from __future__ import annotations

from typing import Any

import pytest

MAKE = {"method": "POST", "path": "/codes"}


def verify(world: Any, **body: Any) -> dict[str, Any]:
    return dict(world.post("/requests/verify", body))


def test_number_of_calls_is_verified(world: Any) -> None:
    assert verify(world, exactly=0)["holds"]
    world.make_code("4829")
    world.make_code("4830")
    assert verify(world, **MAKE, exactly=2)["holds"]
    assert verify(world, vendor="acme", path="/c*")["found"] == 2
    seen = verify(world, **MAKE, exactly=1)
    assert (seen["holds"], seen["why"]) == (False, "1 expected, there were 2")
    call = {"vendor": "acme", "method": "POST", "path": "/codes", "status": 200}
    assert seen["calls"] == [call, call]


def test_what_was_called_instead_is_shown(world: Any) -> None:
    world.make_code("4829")
    seen = verify(world, method="DELETE", exactly=1)
    assert (seen["holds"], seen["found"]) == (False, 0)
    assert [each["method"] for each in seen["calls"]] == ["POST"]
    assert "4829" not in str(seen)


def test_order_of_calls_is_verified(world: Any) -> None:
    world.make_code("4829")
    world.acme("GET", "/nothing")
    world.make_code("4830")
    assert verify(world, in_order=["POST /codes", "POST *"])["holds"]
    assert verify(world, in_order=["GET *", "POST /codes"])["holds"]
    seen = verify(world, in_order=["POST *", "POST *", "GET *"])
    assert seen["why"] == "no call 'GET *' (number 3 of 3)"


@pytest.mark.parametrize("body", [{"exactly": -1}, {"times": 1}, {"in_order": "x"}])
def test_wrong_expectation_is_refused(world: Any, body: dict[str, Any]) -> None:
    assert world.ask("POST", "/requests/verify", body).status_code == 422
