// A Nuki code is tried at its door, with the fakes in a container of the test's own.
//
//   docker build -t strikeplate .          in a checkout of Strikeplate, once
//   npm install --save-dev testcontainers
//   node --test doors.test.mjs
//
// With FAKES_URL and CONTROL_TOKEN it uses fakes that already run.
import assert from "node:assert";
import { after, before, test } from "node:test";

const token = process.env.CONTROL_TOKEN ?? "s3same";
let url = process.env.FAKES_URL;
let container;

before(async () => {
  if (url) return;
  const { GenericContainer, Wait } = await import("testcontainers");
  container = await new GenericContainer("strikeplate")
    .withEnvironment({ STRIKEPLATE_CONTROL_TOKEN: token })
    .withExposedPorts(8700)
    .withWaitStrategy(Wait.forHttp("/healthz", 8700))
    .start();
  url = `http://${container.getHost()}:${container.getMappedPort(8700)}`;
});

after(() => container?.stop());

async function call(method, path, bearer, body) {
  const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" };
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  const said = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${said}`);
  return said && JSON.parse(said);
}

const control = (path, body) => call("POST", `/_sim/worlds${path}`, token, body);

test("a code opens for the booked time and no longer", async () => {
  const { id: world, credentials } = await control("", { now: "2026-12-01T09:00:00Z" });
  const door = await control(`/${world}/doors`, { vendor: "nuki", name: "Flat 12", timezone: "Europe/Berlin" });
  // Here your integration would be told of a booking; this is the call that it makes.
  await call("PUT", `/nuki/smartlock/${door.vendor_id}/auth`, credentials.nuki.api_token, {
    name: "Ada", type: 13, code: 251463,
    allowedFromDate: "2026-12-01T14:00:00Z", allowedUntilDate: "2026-12-01T17:00:00Z",
  });
  await control(`/${world}/clock`, { advance: "PT1M" }); // the code travels to the keypad
  const opens = async (at) => (await control(`/${world}/doors/${door.id}/probe`, { code: "251463", at })).opens;
  assert.equal(await opens("2026-12-01T15:00:00+01:00"), true);
  assert.equal(await opens("2026-12-01T14:59:59+01:00"), false);
  assert.equal(await opens("2026-12-01T18:00:01+01:00"), false);
});
