"""The control interface, `/_sim`: worlds, time, doors, records, switches, state."""

from fakes.kit.control import doors, records, switches, tenants, time
from fakes.kit.control.sim import routes

__all__ = ["doors", "records", "routes", "switches", "tenants", "time"]
