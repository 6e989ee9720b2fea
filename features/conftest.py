"""Steps are shared with every scenario below this folder, and with nothing else."""

from __future__ import annotations

import pytest

pytest_plugins = ["strikeplate.hooks"]

pytest.register_assert_rewrite("features.steps")

from strikeplate.bdd_guards import discover_steps  # noqa: E402 - rewriting comes first

globals().update(discover_steps("features.steps"))
