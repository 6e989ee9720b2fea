"""Each token may do what its scopes say, and the trail says who saw which code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from service.domain.errors import NotPossible
from service.store import tokens
from service.store.audit import Action
from service.store.tokens import EVERYTHING, Scope
from tests.service.web.conftest import by_hand, event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.service.web.conftest import ApiClient

BY = "command line"


def make(
    api: ApiClient, *scopes: Scope, name: str = "reception"
) -> dict[str, dict[str, str]]:
    """Return the headers that a new token of these scopes is sent by."""
    token = api.env.service.deps.store.write(
        lambda tx: tokens.make(tx, name, scopes, actor=BY, now=now())
    )
    return sent(token.reveal())


def sent(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def trail(api: ApiClient, **query: str) -> list[tuple[str, str, str]]:
    given = api.call("GET", "/api/audit", query_string=query).json["items"]
    return [(each["actor"], each["action"], each["subject"]) for each in given]


def booked(api: ApiClient) -> Any:
    """Return the access of a booking whose code is made, read by nobody yet."""
    connection = api.ready()
    api.send(connection, event())
    api.env.work()
    return connection


@pytest.mark.parametrize(
    ("scopes", "statuses"),
    [
        ([Scope.READ], [200, 403]),
        ([Scope.WRITE], [403, 204]),
        ([Scope.CODES], [403, 403]),
        (EVERYTHING, [200, 204]),
    ],
)
def test_token_may_do_what_its_scopes_say(
    api: ApiClient, scopes: Iterable[Scope], statuses: list[int]
) -> None:
    rule = api.ready()["rule"]
    headers = make(api, *scopes)
    read = api.call("GET", "/api/accesses", **headers)
    removed = api.call("DELETE", f"/api/rules/{rule}", **headers)
    assert [read.status_code, removed.status_code] == statuses


def test_codes_are_masked_to_a_token_without_that_scope(api: ApiClient) -> None:
    connection = booked(api)
    headers = make(api, Scope.READ)
    (masked,) = api.call("GET", "/api/accesses", **headers).json["items"]
    path = f"/api/connections/{connection['id']}/bookings/B-1"
    door = api.call("GET", f"{path}/customer", **headers).json["doors"][0]
    shown = api.get("/api/accesses")["items"][0]["pin"]
    whole = api.call("GET", path, **headers).text
    lock = api.call("GET", f"/api/locks/{connection['front']}", **headers).json
    assert (masked["pin"], door["pin"], lock["accesses"][0]["pin"]) == (None,) * 3
    assert shown.isdigit()
    assert shown not in whole


def test_trail_says_who_saw_which_code_once_an_hour(api: ApiClient) -> None:
    booked(api)
    headers = make(api, *EVERYTHING)
    access = api.call("GET", "/api/accesses", **headers).json["items"][0]["id"]
    api.call("GET", f"/api/accesses/{access}", **headers)
    assert trail(api, subject=access) == [("token reception", Action.CODE_SEEN, access)]
    api.get("/api/accesses")
    assert trail(api, subject=access)[0] == (
        "token of the settings",
        Action.CODE_SEEN,
        access,
    )


def test_who_may_see_no_code_leaves_no_trail_of_one(api: ApiClient) -> None:
    booked(api)
    api.call("GET", "/api/accesses", **make(api, Scope.READ))
    assert [entry for entry in trail(api) if entry[1] == Action.CODE_SEEN] == []


def test_trail_says_who_made_and_took_away_a_code(api: ApiClient) -> None:
    api.env.stub_vendor.revocable = True
    connection = api.ready()
    headers = make(api, Scope.WRITE)
    made = api.call("POST", "/api/accesses", json=by_hand(connection), **headers)
    access = made.json["id"]
    api.env.work()
    api.call("DELETE", f"/api/accesses/{access}", **headers)
    assert trail(api, subject=access) == [
        ("token reception", Action.CODE_REMOVED, access),
        ("token reception", Action.CODE_ORDERED, access),
    ]


def test_trail_says_who_had_a_code_made_anew(api: ApiClient) -> None:
    booked(api)
    access = api.get("/api/accesses")["items"][0]["id"]
    headers = make(api, Scope.WRITE)
    answer = api.call("POST", f"/api/accesses/{access}/reissue", **headers)
    assert answer.status_code == 204
    assert trail(api, subject=access)[0][:2] == (
        "token reception",
        Action.CODE_REISSUED,
    )


def test_rotated_token_counts_beside_the_new_one_for_a_while(api: ApiClient) -> None:
    old = make(api, Scope.READ)
    store = api.env.service.deps.store

    def rotate(overlap: timedelta) -> dict[str, dict[str, str]]:
        token = store.write(
            lambda tx: tokens.rotate(tx, "reception", overlap, actor=BY, now=now())
        )
        return sent(token.reveal())

    second = rotate(timedelta(hours=1))
    third = rotate(timedelta())
    statuses = [
        api.call("GET", "/api/accesses", **each).status_code
        for each in (old, second, third)
    ]
    assert statuses == [200, 401, 200]


def test_revoked_token_counts_no_more(api: ApiClient) -> None:
    headers = make(api, Scope.READ)
    store = api.env.service.deps.store
    store.write(lambda tx: tokens.revoke(tx, "reception", actor=BY, now=now()))
    assert api.call("GET", "/api/accesses", **headers).status_code == 401
    assert [entry[1] for entry in trail(api, subject="reception")] == [
        Action.TOKEN_REVOKED,
        Action.TOKEN_MADE,
    ]


def test_name_has_one_token_and_an_unknown_name_is_told_the_known(
    api: ApiClient,
) -> None:
    make(api, Scope.READ)
    with pytest.raises(NotPossible, match="there is a token 'reception'"):
        make(api, Scope.READ)
    store = api.env.service.deps.store
    with pytest.raises(NotPossible, match="'recption'; known: reception"):
        store.write(lambda tx: tokens.revoke(tx, "recption", actor=BY, now=now()))


def test_database_holds_no_token_in_clear(api: ApiClient) -> None:
    token = make(api, Scope.READ)["headers"]["Authorization"].split()[1]
    rows = api.env.service.deps.store.read(tokens.GATEWAY.all)
    assert token not in repr(rows)


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_scheme_is_read_whatever_its_case(api: ApiClient, scheme: str) -> None:
    token = make(api, Scope.READ)["headers"]["Authorization"].split()[1]
    headers = {"Authorization": f"{scheme} {token}"}
    assert api.call("GET", "/api/accesses", headers=headers).status_code == 200


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer \udcff", "Basic x", ""])
def test_malformed_authorization_is_401(api: ApiClient, value: str) -> None:
    given = value.encode(errors="surrogateescape").decode("latin-1")
    answer = api.call("GET", "/api/accesses", headers={"Authorization": given})
    assert answer.status_code == 401
