"""A vendor is one folder more: found, served, controlled, with no edit elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.kit.app import discover
from fakes.kit.world import Fake


def test_folder_in_a_package_is_found_by_name(package: str) -> None:
    assert list(discover(package)) == ["acme"]


def test_task_under_another_vendors_name_is_refused(package: str) -> None:
    fake = discover(package)["acme"]
    fields = {name: getattr(fake, name) for name in fake.__dataclass_fields__}
    with pytest.raises(ValueError, match=r"tasks of acme start with acme\."):
        Fake(**fields | {"tasks": {"other.sync": print}})


def test_new_world_answers_with_its_credentials_and_doors(world: Any) -> None:
    assert world.made["now"] == "2026-12-01T09:00:00Z"
    assert world.made["credentials"]["acme"]["api_url"] == "http://localhost/acme"
    assert [door["name"] for door in world.made["doors"]] == ["Front"]


def test_code_opens_the_door_only_once_the_door_knows_it(world: Any) -> None:
    world.make_code("4829")
    early = world.post(f"/doors/{world.door}/entries", {"code": "4829"})
    moved = world.advance("PT1M")
    late = world.post(f"/doors/{world.door}/entries", {"code": "4829"})

    assert (early["opened"], early["reason"]) == (False, "wrong-code")
    assert moved["ran"] == [
        {"at": "2026-12-01T09:00:30Z", "what": "acme.sync", "ref": "code-1"}
    ]
    assert late == {
        "opened": True,
        "reason": "opened",
        "rule": "ACM-01",
        "at": "2026-12-01T09:01:00Z",
    }


def test_task_that_is_never_done_with_is_told_and_stops_time(world: Any) -> None:
    world.make_code("6666")
    refused = world.ask("POST", "/clock", {"advance": "PT1H"})
    assert refused.status_code == 500
    answer = "the task 'acme.sync' comes due for ever at 2026-12-01T09:00:30+00:00"
    assert answer in refused.json["detail"]
    assert world.get("/clock")["now"] == "2026-12-01T09:00:30Z"


def test_codes_are_told_in_each_truth(world: Any) -> None:
    world.make_code("4829")
    assert [code["truth"] for code in world.get("/codes")] == ["cloud"]
    world.advance("PT1M")
    truths = [code["truth"] for code in world.get(f"/codes?door={world.door}")]
    assert truths == ["cloud", "door"]


def test_vendor_hears_of_an_entry_but_not_of_a_probe(world: Any) -> None:
    world.post(f"/doors/{world.door}/probe", {"code": "1111"})
    world.post(f"/doors/{world.door}/entries", {"code": "2222"})
    assert world.get("/state")["vendors"]["acme"]["received"] == ["wrong-code"]
    assert len(world.get(f"/doors/{world.door}/log")) == 1


def test_stranger_is_refused_in_the_vendors_own_words(world: Any) -> None:
    world.made["credentials"]["acme"]["key"] = "guessed"
    refused = world.acme("GET", "/codes")
    assert (refused.status_code, refused.json) == (401, {"error": "no such key"})
