"""The control interface, `/_sim`: worlds, time, doors, records, switches, state."""

from fakes.kit.control import doors, records, switches, worlds
from fakes.kit.control.sim import routes

__all__ = ["doors", "records", "routes", "switches", "worlds"]
