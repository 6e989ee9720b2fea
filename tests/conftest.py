"""What holds for all tests: pytest within a test, and properties that repeat.

A property draws the same examples in each run and has no deadline: how long one takes
says how busy the machine is.
"""

from hypothesis import settings

pytest_plugins = ["pytester"]

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.load_profile("same")
