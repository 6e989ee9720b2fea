"""Strikeplate: the tool that tests an integration against the documented rules.

`strikeplate` is its command line; README.md describes the package.

The suite (fakes, service, rules, load tests) is beside this package in a checkout. In
an installed package it is inside, in `_suite`: on the path of processes of ours alone,
so that no name of it meets a user's own.
"""

from __future__ import annotations

import os
import sys
import tomllib
from functools import cache
from importlib import metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
INSTALLED = (HERE / "_suite").is_dir()
HOME = HERE / "_suite" if INSTALLED else HERE.parent
"""The folder of the suite."""

RESULTS = Path("results")
"""The folder that results are written to, in the folder of the caller."""

FEATURES = HOME / "features"
"""The folder that holds the rules."""


@cache
def suite_module(name: str) -> ModuleType:
    """Return a module of the suite that imports none of it, as in `serving.deadlines`.

    For code that runs in a user's own process, where the suite is not on the path.
    """
    path = HOME.joinpath(*name.split(".")).with_suffix(".py")
    spec = spec_from_file_location(f"{__name__}._{name.replace('.', '_')}", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"the installation lacks {path}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def version() -> str:
    """Return the version of the suite."""
    if INSTALLED:
        return metadata.version("strikeplate")
    table = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    return str(table["project"]["version"])


def module(name: str) -> list[str]:
    """Return the command that runs a module of the suite, whatever the folder.

    To be called with `variables()`; `-P` keeps the folder's own modules out.
    """
    return [sys.executable, "-P", "-m", name]


def variables() -> dict[str, str]:
    """Return the environment of a process of the suite."""
    given = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(HOME), given] if given else [str(HOME)])
    return {**os.environ, "PYTHONPATH": path}
