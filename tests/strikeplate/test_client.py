"""The client of a user's tests: doors that change, and calls that are held."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import requests
from openapi_schema_validator import OAS31Validator
from werkzeug import Request

from fakes.kit.app import Options, create_app
from fakes.kit.control.document import document
from strikeplate.calls import SHOWN, Call, Calls
from strikeplate.client import HarnessFault, Strikeplate, World
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from strikeplate.client import Door

NOW = "2026-12-01T09:00:00Z"
CODE = "251463"


class Documented:
    """The fakes; a call of the control interface must be as its document says."""

    def __init__(self) -> None:
        self._app = create_app(Options(control_token="control"))
        self._paths = {
            re.compile(re.sub(r"{\w+}", "[^/]+", path)): found
            for path, found in document()["paths"].items()
        }

    def __call__(
        self, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        asked = Request(environ)
        environ["wsgi.input"] = BytesIO(asked.get_data())  # to be read again
        if asked.path.startswith("/_sim/"):
            (found,) = (
                each for path, each in self._paths.items() if path.fullmatch(asked.path)
            )
            taken = found[asked.method.lower()].get("requestBody")
            assert bool(taken) >= bool(asked.data), asked.path
            if taken and asked.data:
                schema = taken["content"]["application/json"]["schema"]
                whole = schema | {"components": document()["components"]}
                OAS31Validator(whole).validate(asked.json)
        return self._app(environ, start)


@pytest.fixture(scope="module")
def strikeplate() -> Iterator[Strikeplate]:
    with served(Documented()) as url:
        yield Strikeplate(url, "control")


@pytest.fixture
def world(strikeplate: Strikeplate) -> Iterator[World]:
    made = strikeplate.world(now=NOW)
    yield made
    made.drop()


def ask(
    world: World,
    method: str,
    path: str,
    body: object = None,
    account: Mapping[str, str] | None = None,
) -> requests.Response:
    account = account or world.credentials["nuki"]
    bearer = {"Authorization": f"Bearer {account['api_token']}"}
    url = account["api_url"] + path
    return requests.request(method, url, json=body, headers=bearer, timeout=60)


def issue(world: World, door: Door) -> None:
    order = {"name": "Ada", "type": 13, "code": int(CODE)}
    answer = ask(world, "PUT", f"/smartlock/{door.vendor_id}/auth", order)
    assert answer.status_code == 204, answer.text
    world.advance(timedelta(minutes=1))


def test_reset_door_opens_again_once_it_is_paired_and_has_a_code(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    issue(world, door)
    assert door.opens(CODE)
    door.reset()
    assert not door.opens(CODE)
    door.pair()
    assert not door.opens(CODE)
    issue(world, door)
    assert door.opens(CODE)


def test_replaced_door_is_another_at_the_vendor(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    before = door.vendor_id
    door.replace()
    assert door.vendor_id != before
    assert ask(world, "GET", f"/smartlock/{before}").status_code == 404
    issue(world, door)
    assert door.opens(CODE)


def test_background_work_is_waited_for(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    with ThreadPoolExecutor() as background:
        background.submit(issue, world, door)
        world.wait_until(
            calls={"method": "PUT"}, door={"door": door.id, "code": CODE}, within=60
        )
    assert door.opens(CODE)


def test_wait_that_ends_in_vain_says_what_is_missing(world: World) -> None:
    with pytest.raises(TimeoutError) as late:
        world.wait_until(webhook={"vendor": "nuki"}, within=0)
    assert str(late.value) == (
        "not so within 0 s: webhook: 1 expected, there were 0 of 0; "
        "no vendor was called"
    )


def test_removed_door_is_gone(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    assert [each.id for each in world.doors()] == [door.id]
    door.remove()
    assert world.doors() == []
    with pytest.raises(HarnessFault, match="404"):
        door.opens(CODE)


def test_calls_are_held_as_they_were_made(world: World) -> None:
    door = world.door("nuki", "Flat 12")
    issue(world, door)
    ask(world, "GET", f"/smartlock/{door.vendor_id}/auth")
    world.calls("nuki").exactly(2)
    world.calls("nuki", "PUT", "/smartlock/*/auth").exactly(1)
    world.calls("nuki", "DELETE").never()
    world.calls("exivo").never()
    world.calls("nuki").in_order("PUT /smartlock/*/auth", "GET /smartlock/*/auth")
    assert world.calls("nuki", "PUT")[0].request["name"] == "Ada"


def test_credentials_rotate_without_a_gap(world: World) -> None:
    old = world.credentials["nuki"]
    new = world.add_credentials("nuki")

    def answers() -> list[int]:
        rows = (old, new.settings)
        return [
            ask(world, "GET", "/smartlock", account=each).status_code for each in rows
        ]

    assert answers() == [200, 200]
    first, second = world.credential_ids("nuki")
    assert second == new.id
    world.revoke_credentials("nuki", first)
    assert answers() == [401, 200]
    world.restore_credentials("nuki", first)
    assert answers() == [200, 200]
    world.revoke_credentials("nuki")
    assert answers() == [401, 401]
    world.restore_credentials("nuki")
    assert world.renew_credentials("nuki").settings != old
    assert answers() == [401, 200]
    assert old["api_token"] not in repr(new)
    assert new.settings["api_token"] not in repr(new)


MADE = [
    Call("nuki", "GET", "/smartlock", 200, None, None),
    Call("nuki", "PUT", "/smartlock/1/auth", 204, None, None),
    Call("nuki", "PUT", "/smartlock/2/auth", None, None, None),
    Call("exivo", "GET", "/v1/info", 200, None, None),
]


def calls(vendor: str = "*", method: str = "*", path: str = "*") -> Calls:
    return Calls(MADE, vendor, method, path)


def test_too_many_calls_are_listed() -> None:
    with pytest.raises(AssertionError) as failed:
        calls("nuki", "PUT").exactly(1)
    assert str(failed.value) == (
        "1 call of nuki PUT * expected, there were 2; these were made:\n"
        "  nuki PUT /smartlock/1/auth: 204\n"
        "  nuki PUT /smartlock/2/auth: no answer"
    )
    with pytest.raises(AssertionError, match=r"0 calls of nuki PUT [*] expected"):
        calls("nuki", "PUT").never()


def test_missing_calls_are_shown_with_what_was_called_instead() -> None:
    with pytest.raises(AssertionError) as failed:
        calls("nuki", "POST").exactly(1)
    assert "there were 0; these were made:\n  nuki GET /smartlock: 200" in str(
        failed.value
    )
    assert "exivo GET /v1/info: 200" in str(failed.value)
    with pytest.raises(AssertionError, match="no vendor was called"):
        Calls([], "*", "*", "*").exactly(1)


def test_only_the_last_of_many_calls_are_listed() -> None:
    many = Calls(MADE * SHOWN, "*", "*", "*")
    with pytest.raises(AssertionError) as failed:
        many.exactly(1)
    assert f"({3 * SHOWN} older ones)" in str(failed.value)
    assert str(failed.value).count("\n  ") == SHOWN + 1


def test_order_allows_other_calls_between() -> None:
    # Each raises AssertionError where the order is another, as the next test holds
    calls().in_order("GET /smartlock", "PUT /smartlock/2/auth", "GET /v1/*")
    calls("nuki").in_order("PUT *", "PUT *")
    calls().in_order()


def test_wrong_order_names_the_call_that_did_not_come() -> None:
    with pytest.raises(AssertionError) as failed:
        calls("nuki").in_order("PUT /smartlock/*/auth", "GET /smartlock")
    said = str(failed.value)
    assert said.startswith(
        "no call 'GET /smartlock' after 'PUT /smartlock/*/auth' (number 2 of 2); these"
    )
    assert "nuki PUT /smartlock/1/auth: 204" in said
    with pytest.raises(AssertionError, match=r"no call 'PUT [*]' after 'PUT [*]'"):
        calls("nuki", path="/smartlock/1/*").in_order("PUT *", "PUT *")
