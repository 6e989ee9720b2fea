"""Every example runs once, against one process of fakes, each in its own world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.smtp_sink import SmtpSink
from tests.examples.message_sink import MessageSink
from tests.examples.programs import EXAMPLES, NO_NODE, NODE, SIGNED, Sinks
from tests.examples.world import World, eventually, fakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.examples.programs import Example


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Example]]:
    folder = tmp_path_factory.mktemp("examples")
    sinks = Sinks(SmtpSink(), MessageSink())
    server = fakes(folder)
    server.start()
    running = [server]
    eventually(server.ready, "the fakes listen")
    made = {}
    for name, kind in EXAMPLES.items():
        if name == "NodeNuki" and not NODE:
            continue
        world = World(f"http://127.0.0.1:{server.port}")
        world.call("PATCH", "/quirks", {"nuki.delivery-seconds": 0})
        made[name] = kind(world, sinks, folder)
        made[name].program.start()
        running.append(made[name].program)
    for each in running:
        eventually(each.ready, f"{each.command} listens")
    yield made
    for each in running:
        each.stop()
    sinks.smtp.close()
    sinks.http.close()


@pytest.fixture(params=EXAMPLES)
def example(
    request: pytest.FixtureRequest, examples: dict[str, Example]
) -> Iterator[Example]:
    """Return each example in turn."""
    if request.param not in examples:
        pytest.skip(NO_NODE)
    chosen = examples[request.param]
    yield chosen
    chosen.world.call("DELETE", "/faults")
    chosen.world.call("DELETE", "/requests")


@pytest.fixture(params=SIGNED)
def signed(request: pytest.FixtureRequest, examples: dict[str, Example]) -> Example:
    """Return each example that takes signed events."""
    return examples[request.param]
