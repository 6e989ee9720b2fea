"""What the fake serves, and that its shapes are the vendor's."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError

from fakes.vendors.nuki import coverage
from fakes.vendors.nuki.schemas import addresses, people, responses
from tests.fakes.vendors.nuki import original
from tests.fakes.vendors.nuki.document import CALLS, document
from tests.fakes.vendors.nuki.document import SHAPES as SHAPES_TOLD

SHAPES = {
    "SmartlockAuth": responses.AuthShape,
    "PaginatedResponse": responses.AuthPage,
    "Pagination": responses.PageInfo,
    "AdvancedConfirmationResponse": responses.Confirmation,
    "Smartlock": responses.LockShape,
    "Smartlock.Config": responses.LockConfig,
    "Smartlock.AdvancedConfig": responses.AdvancedConfig,
    "Smartlock.WebConfig": responses.WebConfig,
    "Smartlock.State": responses.LockState,
    "SmartlockLog": responses.LogShape,
    "MyAccount": people.AccountShape,
    "AccountUser": people.UserShape,
    "ApiKey": people.KeyShape,
    "ApiKeyToken": people.TokenShape,
    "AdvancedApiKey": people.AdvancedShape,
    "DecentralWebhook": people.HookShape,
    "WebhookLog": people.HookLogShape,
    "WebhookMessage": people.HookLogMessage,
    "Notification": people.NoticeShape,
    "Notification.Setting": people.NoticeSetting,
    "ObjectId": responses.ObjectId,
    "Address": addresses.AddressShape,
    "AddressReservation": addresses.ReservationShape,
    "Company": addresses.CompanyShape,
    "OpenerIntercomBrand": addresses.BrandShape,
    "OpenerIntercomModel": addresses.IntercomShape,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "SmartlockAuth": {
        "id": "5f0c",
        "smartlockId": 17179869185,
        "type": 13,
        "name": "Ada",
        "enabled": True,
        "remoteAllowed": False,
        "lockCount": 0,
        "code": 345678,
        "allowedFromDate": "2026-12-01T00:00:00.000Z",
    },
    "DecentralWebhook": {
        "id": 1,
        "secret": "s",
        "webhookUrl": "https://a.example/hook",
        "webhookFeatures": ["DEVICE_AUTHS"],
    },
}


def required(name: str) -> set[str]:
    return set(document().shapes[name].get("required", ()))


def test_the_table_is_what_the_routes_say() -> None:
    written = (coverage.HOME / "COVERAGE.md").read_text()
    assert written == coverage.table(), (
        "run: python -m fakes.vendors.nuki.coverage > fakes/vendors/nuki/COVERAGE.md"
    )


def test_the_table_tells_of_67_paths() -> None:
    assert len(coverage.interface()) == 67
    assert coverage.table().count("\n| `/") == 67


def test_our_words_say_what_the_vendors_document_says() -> None:
    theirs = original.read()
    if theirs is None:
        pytest.skip(original.ABSENT)
    fix = "run: python -m tests.fakes.vendors.nuki.original"
    assert original.calls(theirs) == CALLS.read_text(), fix
    assert original.shapes(theirs) == SHAPES_TOLD.read_text(), fix


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_shape_has_fields_of_the_documents_and_all_that_are_required(
    name: str,
) -> None:
    shape = SHAPES[name].model_fields.values()
    theirs = document().shapes[name]
    assert {field.alias for field in shape} <= set(theirs["properties"])
    always = {field.alias for field in shape if field.is_required()}
    assert required(name) <= always


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("SmartlockAuth", {"type": "13"}),
        ("SmartlockAuth", {"name": None}),
        ("SmartlockAuth", {"unheardOf": 1}),
        ("SmartlockAuth", {"allowedFromDate": "2026-12-01"}),
        ("SmartlockAuth", {"code": 2**31}),
        ("DecentralWebhook", {"webhookFeatures": ["DEVICE_SECRETS"]}),
    ],
    ids=str,
)
def test_an_answer_of_another_shape_is_not_taken(
    name: str, change: dict[str, Any]
) -> None:
    right = EXAMPLES[name]
    document().validate({"$ref": f"#/definitions/{name}"}, right)
    with pytest.raises(ValidationError):
        document().validate({"$ref": f"#/definitions/{name}"}, right | change)


def test_every_shape_is_held_against_the_document() -> None:
    ours = {
        shape
        for module in (responses, people, addresses)
        for shape in vars(module).values()
        if isinstance(shape, type) and shape.__module__ == module.__name__
    }
    assert ours == set(SHAPES.values())
