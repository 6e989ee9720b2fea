"""What the fake serves, and that its shapes are the vendor's."""

from __future__ import annotations

import pytest

from fakes.vendors.nuki import coverage
from fakes.vendors.nuki.contract import locks
from fakes.vendors.nuki.contract import people
from tests.fakes.vendors.nuki.document import ABSENT
from tests.fakes.vendors.nuki.document import Document
from tests.fakes.vendors.nuki.document import document

SHAPES = {
    "SmartlockAuth": locks.AuthShape,
    "PaginatedResponse": locks.AuthPage,
    "Pagination": locks.PageInfo,
    "AdvancedConfirmationResponse": locks.Confirmation,
    "Smartlock": locks.LockShape,
    "Smartlock.Config": locks.LockConfig,
    "Smartlock.AdvancedConfig": locks.AdvancedConfig,
    "Smartlock.WebConfig": locks.WebConfig,
    "Smartlock.State": locks.LockState,
    "SmartlockLog": locks.LogShape,
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
}


@pytest.fixture
def known() -> Document:
    """Return the vendor's document; where it is not, these tests say so."""
    found = document()
    if found is None:
        pytest.skip(ABSENT)
    return found


def test_the_table_is_what_the_routes_say() -> None:
    written = (coverage.HOME / "COVERAGE.md").read_text()
    assert written == coverage.table(), (
        "run: python -m fakes.vendors.nuki.coverage > fakes/vendors/nuki/COVERAGE.md"
    )


def test_the_table_tells_of_67_paths() -> None:
    assert len(coverage.interface()) == 67
    assert coverage.table().count("\n| `/") == 67


def test_the_list_of_paths_is_the_documents(known: Document) -> None:
    theirs = {
        path: {method.upper() for method in methods}
        for path, methods in known.paths.items()
    }
    assert {path: set(all_) for path, all_ in coverage.interface().items()} == theirs


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_shape_has_fields_of_the_documents_and_all_that_are_required(
    known: Document, name: str
) -> None:
    shape = SHAPES[name].model_fields.values()
    theirs = known.definitions[name]
    assert {field.alias for field in shape} <= set(theirs["properties"])
    always = {field.alias for field in shape if field.is_required()}
    assert set(theirs.get("required", ())) <= always


def test_every_shape_is_held_against_the_document() -> None:
    ours = {
        shape
        for module in (locks, people)
        for shape in vars(module).values()
        if isinstance(shape, type) and shape.__module__ == module.__name__
    }
    assert ours == set(SHAPES.values())
