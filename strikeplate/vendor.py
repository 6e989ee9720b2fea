"""The vendor's server under judgement, when a rule is about the vendor itself.

fake          our fake vendors, in this process
mutant:NAME   the same with one fault, from tests/mutants
http:URL      fakes that run elsewhere, if STRIKEPLATE_CONTROL_TOKEN holds their
              control token; else any server, as `live_vendor` tells
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from strikeplate.fakes_client import Fakes
from strikeplate.http import HttpCaller
from strikeplate.live_vendor import LiveVendor
from strikeplate.mutant import load
from strikeplate.processes import TOKEN_VARIABLE
from strikeplate.world_inprocess import fakes_app, fakes_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.target import Target
    from strikeplate.vocabulary import VendorVocabulary


@contextmanager
def start(
    target: Target, vocabularies: Mapping[str, VendorVocabulary]
) -> Iterator[Fakes]:
    """Give the vendor's server that a connect text names, as long as it is needed."""
    if target.kind == "http" and (token := os.environ.get(TOKEN_VARIABLE)):
        yield Fakes(HttpCaller(target.address), token)
    elif target.kind == "http":
        live_vendor = LiveVendor(target.address, vocabularies)
        yield live_vendor
        live_vendor.close()
    elif target.kind == "mutant":
        fault = load(target.address)
        with fault.applied():
            yield fakes_in(fakes_app(), fault.before)
    else:
        yield fakes_in(fakes_app())
