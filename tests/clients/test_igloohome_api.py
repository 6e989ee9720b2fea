"""PyPI igloohome-api, unmodified, against the served fake over a real socket.

Its own constructors take the two hosts that it would otherwise have as constants, so
nothing of the library is touched. It asks for eleven scopes, reads dates strictly,
takes 200 alone for success, and can do no more than devices and bridge jobs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import igloohome_api
import pytest
import requests
from aiohttp import ClientSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

CONTROL = {"Authorization": "Bearer control"}
T = TypeVar("T")

# The library's own use of aiohttp is none of ours to change
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated"),
]


async def whole(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Read every answer to its end; the library leaves those that it refuses open."""
    response = await handler(request)
    await response.read()
    return response


class Bed:
    """A world with a lock and a bridge, and the library as its user sets it up."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.world = self.sim("POST", "", {"now": "2026-12-01T08:20:00Z"})
        self.lock = self.add_door("Gate")
        self.bridge = self.add_door("Bridge", kind="bridge", locks=[self.lock["id"]])
        self.account = self.world["credentials"]["igloohome"]

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.base}/_sim/worlds{path}"
        answer = requests.request(method, url, json=body, headers=CONTROL, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def add_door(self, name: str, **fields: Any) -> dict[str, Any]:
        door = {"vendor": "igloohome", "name": name} | fields
        return dict(self.sim("POST", f"/{self.world['id']}/doors", door))

    def wait(self, span: str) -> None:
        self.sim("POST", f"/{self.world['id']}/clock", {"advance": span})

    def enter(self, code: str) -> str:
        path = f"/{self.world['id']}/doors/{self.lock['id']}/entries"
        return str(self.sim("POST", path, {"code": code})["reason"])

    def use(self, callback: Callable[[igloohome_api.Api], Awaitable[T]]) -> T:
        async def run() -> T:
            async with ClientSession(middlewares=(whole,)) as session:
                auth = igloohome_api.Auth(
                    session,
                    self.account["client_id"],
                    self.account["client_secret"],
                    host=self.account["token_url"].removesuffix("/oauth2/token"),
                )
                host = self.account["api_url"].removesuffix("/igloohome")
                return await callback(igloohome_api.Api(auth, host=host))

        return asyncio.run(run())


@pytest.fixture
def bed(base: str) -> Bed:
    return Bed(base)


def test_it_lists_the_devices_and_reads_one(bed: Bed) -> None:
    listed = bed.use(lambda api: api.get_devices())
    assert listed.nextCursor == ""
    gate, bridge = listed.payload
    assert (gate.type, gate.deviceName) == (igloohome_api.DEVICE_TYPE_LOCK, "Gate")
    assert bridge.type == igloohome_api.DEVICE_TYPE_BRIDGE
    assert [each.deviceId for each in bridge.linkedDevices] == [gate.deviceId]
    alone = bed.use(lambda api: api.get_device_info(bed.lock["vendor_id"]))
    assert alone == gate
    assert alone.lastSync.isoformat() == "2026-12-01T08:20:00+00:00"


def test_it_runs_a_bridge_job_that_opens_the_door(bed: Bed) -> None:
    places = bed.lock["vendor_id"], bed.bridge["vendor_id"]
    pin = {
        "accessName": "Ada",
        "pin": "4711",
        "pinType": 4,
        "startDate": "2026-12-01T08:20:00+00:00",
        "endDate": "2026-12-01T09:20:00+00:00",
    }
    job_type = igloohome_api.BRIDGE_JOB_CREATE_CUSTOM_PIN
    made = bed.use(lambda api: api.create_bridge_proxied_job(*places, job_type, pin))
    assert bed.use(lambda api: api.get_job_status(made.jobId)).completed is False
    assert bed.enter("4711") == "wrong-code"
    bed.wait("PT1M")
    status = bed.use(lambda api: api.get_job_status(made.jobId))
    assert (status.completed, status.jobType) == (True, "4")
    assert status.jobResponse["jobStatus"] == 0
    assert bed.enter("4711") == "opened"


def test_it_unlocks_without_job_data(bed: Bed) -> None:
    places = bed.lock["vendor_id"], bed.bridge["vendor_id"]
    unlock = igloohome_api.BRIDGE_JOB_UNLOCK
    made = bed.use(lambda api: api.create_bridge_proxied_job(*places, unlock))
    bed.wait("PT1M")
    assert bed.use(lambda api: api.get_job_status(made.jobId)).completed is True


def test_it_makes_an_algopin_through_its_own_signed_in_request(bed: Bed) -> None:
    """The library has no method for it; its `Auth.request` carries the token."""
    url = f"{bed.account['api_url']}/devices/{bed.lock['vendor_id']}/algopin/onetime"
    order = {
        "variance": 1,
        "startDate": "2026-12-01T08:00:00+00:00",
        "accessName": "Ada",
    }

    async def issue_pin(api: igloohome_api.Api) -> Any:
        answer = await api.auth.request("post", url, json=order)
        return await answer.json()

    assert bed.enter(bed.use(issue_pin)["pin"]) == "opened"


def test_it_names_the_status_of_a_refusal(bed: Bed) -> None:
    with pytest.raises(igloohome_api.ApiException) as refused:
        bed.use(lambda api: api.get_device_info("IGB2FFFFFFFF"))
    assert refused.value.response_code == 404
    bed.account = bed.account | {"client_secret": "wrong"}
    with pytest.raises(igloohome_api.AuthException, match="400"):
        bed.use(lambda api: api.get_devices())
