"""The key and its secret open one site, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from fakes.vendors.exivo.routes.interface import OPERATIONS
from tests.fakes.vendors.exivo.site import Site

if TYPE_CHECKING:
    from fakes.vendors.exivo.operation import Operation


def test_right_key_and_secret_show_the_site(site: Site) -> None:
    shown = site.done("GET", "/info")
    assert shown["id"] == site.site_id
    assert shown.keys() == {"id", "name", "language", "timeZone", "type"}


def test_credentials_are_uuids(site: Site) -> None:
    for each in (site.site_id, *site.key):
        assert UUID(each).version == 4


def test_wrong_secret_and_wrong_key_are_refused_with_401(site: Site) -> None:
    key, secret = site.key
    for auth in ((key, "wrong"), ("wrong", secret), (key, ""), ("", "")):
        answer = site.ask("GET", "/info", auth=auth)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_no_credentials_are_refused_with_401(site: Site) -> None:
    assert site.ask("GET", "/info", auth=None).status_code == 401


def test_right_key_at_another_site_is_refused(site: Site) -> None:
    other = Site(site.app)
    assert site.ask("GET", "/info", site=other.site_id).status_code == 403
    site.switch(foreign_site_status=404)
    assert site.ask("GET", "/info", site=other.site_id).status_code == 404


def test_secret_of_another_world_is_refused(site: Site) -> None:
    other = Site(site.app)
    crossed = (site.key[0], other.key[1])
    assert site.ask("GET", "/info", auth=crossed).status_code == 401


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_no_operation_is_done_without_the_secret(
    site: Site, operation: Operation
) -> None:
    path = operation.path.replace("{", "").replace("}", "")
    answer = site.ask(operation.method, path, auth=(site.key[0], "wrong"))
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_there_is_no_put_and_no_patch(site: Site, method: str) -> None:
    person = site.person()
    assert site.ask(method, f"/person/{person}", {"info": "x"}).status_code == 404


def test_path_outside_the_interface_is_refused_in_words_of_exivo(site: Site) -> None:
    unknown = f"/nothing/{uuid4()}"
    answer = site.ask("GET", unknown)
    assert answer.status_code == 404
    assert answer.json["message"].startswith(f"there is no GET /v1/{site.site_id}/noth")
    for path in ("/exivo/", "/exivo/v2/info", "/exivo/v1", "/exivo/v1/"):
        answer = site.client.open(path, method="PATCH", auth=site.key)
        assert answer.status_code == 404, path
        assert answer.json == {"message": f"there is no PATCH {path[6:] or '/'}"}
        answer = site.client.get(path)
        assert (answer.status_code, set(answer.json)) == (401, {"message"}), path
