"""The control interface, `/_sim`: worlds, time, doors, records, switches, state."""

from fakes.kit.control import doors
from fakes.kit.control import records
from fakes.kit.control import switches
from fakes.kit.control import tenants
from fakes.kit.control import time
from fakes.kit.control.sim import routes

__all__ = ["doors", "records", "routes", "switches", "tenants", "time"]
