"""A machine with an account for the newer interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.livionkey.v2 import machine as machines

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant
    from tests.fakes.vendors.livionkey.v2.machine import Machine


@pytest.fixture
def machine(tenant: Tenant) -> Machine:
    return machines.make(tenant)
