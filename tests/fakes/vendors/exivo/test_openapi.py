"""The interface's document is right, complete, and holds for whatever is asked."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fakes.vendors.exivo.routes.interface import OPERATIONS, document
from tests.campaigns import budget

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from schemathesis import Case

    from fakes.vendors.exivo.operation import Operation
    from tests.fakes.vendors.exivo.site import Site

CASES = budget.of(1_000, 2_000)
EACH = -(-CASES // len(OPERATIONS))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=EACH, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
# Without its security, of which a third of the cases would be about nothing else
schema = schemathesis.openapi.from_dict(document() | {"security": []})


def test_the_interface_has_62_operations_on_44_paths() -> None:
    assert len(OPERATIONS) == len({each.name for each in OPERATIONS}) == 62
    assert len({each.path for each in OPERATIONS}) == 44
    assert {each.method for each in OPERATIONS} == {"GET", "POST", "DELETE"}


def test_the_document_is_valid_and_has_them_all() -> None:
    made = document()
    validate(made)
    assert sum(len(path) for path in made["paths"].values()) == 62


def test_the_document_is_served_to_whoever_has_a_key(site: Site) -> None:
    answer = site.client.get("/exivo/docs/openapi.json", auth=site.key)
    assert answer.json == document()
    assert site.client.get("/exivo/docs/openapi.json").status_code == 401


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_whatever_is_asked_is_answered_as_documented(
    site: Site, operation: Operation
) -> None:
    site.switch(swisspass_unknown_status=400)  # the one 500 that the vendor documents
    ids = known_ids(site)
    secret = b64encode(":".join(site.key).encode()).decode()

    @bounded
    @given(cases(operation))
    def judge(case: Case) -> None:
        for name, made_up in case.path_parameters.items():
            if name == "siteId" or len(made_up) % 2:  # half of the ids are right
                case.path_parameters[name] = ids[name]
        answer = case.call(app=site.app, headers={"Authorization": f"Basic {secret}"})
        case.validate_response(answer, checks=CHECKS)

    judge()


def cases(operation: Operation) -> SearchStrategy[Case]:
    """Return calls that fit the document, and calls that do not."""
    found = schema["/{siteId}" + operation.path][operation.method]
    fit, unfit = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    return one_of(*(found.as_strategy(generation_mode=mode) for mode in (fit, unfit)))


def known_ids(site: Site) -> dict[str, str]:
    """Furnish a site with one of each; return the ids by their names in the paths."""
    door = site.add_door(keypad=True)
    group = site.group()
    app = {"id": "123", "name": "Doors"}
    registration = {"formFactor": "ma-phone", "publicRegistrationId": "+41791234567"}
    window = {"validFrom": site.now, "validTo": "2026-12-02T00:00:00Z"}
    key_visit = {
        **registration,
        **window,
        "components": [door["vendor_id"]],
        "mobileApp": app,
        "installNotification": True,
    }
    profile = {"name": "Day", "ranges": [{"start": 0, "end": 60, "days": ["1"]}]}
    medium = {"cid": "ab12", "formFactor": "badge"}
    return {
        "siteId": site.site_id,
        "componentId": door["vendor_id"],
        "visitId": site.visit(door)["id"],
        "digitalKeyVisitId": site.done("POST", "/digitalKeyVisits", key_visit)["id"],
        "personId": site.member(group),
        "accessGroupId": group,
        "accessZoneId": site.done("GET", "/accessZone")[0]["id"],
        "timeProfileId": site.done("POST", "/timeprofile", profile)["id"],
        "mediumId": site.done("POST", "/medium", medium)["id"],
    }
