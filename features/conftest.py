"""Steps are shared with every scenario below this folder, and with nothing else."""

from __future__ import annotations

import pytest

pytest_plugins = ["strikeplate.plugin"]

pytest.register_assert_rewrite("features.steps")

from strikeplate.step_discovery import discover_steps  # noqa: E402 - rewriting comes first

globals().update(discover_steps("features.steps"))
