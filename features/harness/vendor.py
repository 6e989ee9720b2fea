"""The vendor's server under judgement, when a rule is about the vendor itself.

    fake          our fake vendors, in this process
    mutant:NAME   the same with one fault, from tests/mutants
    http:URL      fakes that run elsewhere; their control token is in
                  STRIKEPLATE_CONTROL_TOKEN

A vendor's own sandbox has no doors that we could type at, so it is not judged yet.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from features.harness.call import HttpCaller
from features.harness.mutant import load
from features.harness.served import TOKEN_VARIABLE
from features.harness.verdict import HarnessFault
from features.harness.world import Fakes
from features.harness.world_inprocess import fakes_app
from features.harness.world_inprocess import fakes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.harness.target import Target


@contextmanager
def start(target: Target) -> Iterator[Fakes]:
    """Give the vendor's server that a connect text names, as long as it is needed."""
    if target.kind == "http":
        yield _elsewhere(target.address)
    elif target.kind == "mutant":
        fault = load(target.address)
        with fault.at_work():
            yield fakes_in(fakes_app(), fault.before)
    else:
        yield fakes_in(fakes_app())


def _elsewhere(url: str) -> Fakes:
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        message = f"${TOKEN_VARIABLE} is empty; it holds the control token of {url}"
        raise HarnessFault(message)
    return Fakes(HttpCaller(url), token)
