// What the generated clients do at the fakes: a code at a door of each vendor.
import { client as control } from './control/client.gen';
import * as sim from './control/sdk.gen';
import { client as exivo } from './exivo/client.gen';
import { getComponents, getSiteInfo } from './exivo/sdk.gen';
import { client as igloohome } from './igloohome/client.gen';
import { algopinPost, devicesGet, jobGet, submitJobPost, tokenPost } from './igloohome/sdk.gen';
import { client as livionkey } from './livionkey/client.gen';
import { listDevicesGet, loginPost } from './livionkey/sdk.gen';
import { client as nuki } from './nuki/client.gen';
import { createAuthPut, listAuthsGet, listLocksGet } from './nuki/sdk.gen';

declare const process: { env: Record<string, string | undefined>; exit(code: number): never };

type Settings = Record<string, string>;
type World = { id: string; credentials: Record<string, Settings> };
type Door = { id: string; vendor_id: string };
type Answer = { opens: boolean; holds: boolean; why: string | null };

const { FAKES = '', CONTROL_TOKEN = '' } = process.env;
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const basic = (user: string, secret: string) => ({ Authorization: `Basic ${btoa(`${user}:${secret}`)}` });

async function opens(world_id: string, door: Door, code: string, at: string): Promise<boolean> {
  const path = { world_id, door_id: door.id };
  const { data } = await sim.probe({ path, body: { code, at }, throwOnError: true });
  return (data as Answer).opens;
}

async function hang(world_id: string, vendor: string): Promise<Door> {
  const body = { vendor, name: 'Court 1', timezone: 'Europe/Stockholm' };
  return (await sim.addDoor({ path: { world_id }, body, throwOnError: true })).data as Door;
}

async function atIgloohome(world_id: string, account: Settings): Promise<boolean[]> {
  const door = await hang(world_id, 'igloohome');
  const body = { grant_type: 'client_credentials' as const };
  igloohome.setConfig({ baseUrl: `${FAKES}/igloohome`, headers: basic(account.client_id, account.client_secret) });
  const token = await tokenPost({ body, throwOnError: true });
  igloohome.setConfig({ headers: bearer(token.data.access_token) });
  const { data } = await devicesGet({ throwOnError: true });
  const device_id = data.payload[0].deviceId;
  const order = {
    variance: 1, accessName: 'Ada',
    startDate: '2026-12-01T15:00:00+01:00', endDate: '2026-12-01T18:00:00+01:00',
  };
  const made = await algopinPost({ path: { device_id, kind: 'hourly' }, body: order, throwOnError: true });
  return Promise.all(['14:59:59', '15:00:00', '18:00:00'].map(
    (time) => opens(world_id, door, made.data.pin, `2026-12-01T${time}+01:00`)));
}

async function atNuki(world_id: string, account: Settings): Promise<boolean[]> {
  const door = await hang(world_id, 'nuki');
  nuki.setConfig({ baseUrl: `${FAKES}/nuki`, headers: bearer(account.api_token) });
  const locks = await listLocksGet({ throwOnError: true });
  const { smartlockId } = locks.data[0];
  const body = {
    name: 'Ada', type: 13, code: 251463,
    allowedFromDate: '2026-12-01T14:00:00Z', allowedUntilDate: '2026-12-01T17:00:00Z',
  };
  await createAuthPut({ path: { smartlock_id: smartlockId }, body, throwOnError: true });
  await sim.moveClock({ path: { world_id }, body: { advance: 'PT1M' }, throwOnError: true });
  const wanted = { code: { door: door.id, code: '251463' }, within_seconds: 0 };
  const seen = await sim.wait({ path: { world_id }, body: wanted, throwOnError: true });
  const rows = await listAuthsGet({ path: { smartlock_id: smartlockId }, throwOnError: true });
  const listed = rows.data.some((row) => row.name === 'Ada');
  const times = await Promise.all(['14:59:59', '15:00:00', '18:00:01'].map(
    (time) => opens(world_id, door, '251463', `2026-12-01T${time}+01:00`)));
  return [(seen.data as Answer).holds, listed, ...times];
}

async function atExivo(world_id: string, account: Settings): Promise<string[]> {
  await hang(world_id, 'exivo');
  const { api_key, api_secret, site_id } = account;
  exivo.setConfig({ baseUrl: account.api_url, headers: basic(api_key, api_secret) });
  await getSiteInfo({ path: { siteId: site_id }, throwOnError: true });
  const { data } = await getComponents({ path: { siteId: site_id }, throwOnError: true });
  return (data as { identifier: string }[]).map((each) => each.identifier);
}

async function atLivionKey(world_id: string, account: Settings): Promise<number> {
  await hang(world_id, 'livionkey');
  livionkey.setConfig({ baseUrl: `${FAKES}/livionkey` });
  const { email, password } = account;
  const login = { body: { email, password } } as unknown as Parameters<typeof loginPost>[0];
  const { data } = await loginPost(login);
  livionkey.setConfig({ headers: bearer((data as unknown as { token: string }).token) });
  return ((await listDevicesGet()).data as unknown as unknown[]).length;
}

async function main(): Promise<void> {
  control.setConfig({ baseUrl: FAKES, headers: bearer(CONTROL_TOKEN) });
  const body = { now: '2026-12-01T09:00:00Z' };
  const world = (await sim.makeWorld({ body, throwOnError: true })).data as World;
  const at = world.credentials;
  console.log(JSON.stringify({
    igloohome: await atIgloohome(world.id, at.igloohome),
    nuki: await atNuki(world.id, at.nuki),
    exivo: await atExivo(world.id, at.exivo),
    livionkey: await atLivionKey(world.id, at.livionkey),
  }));
}

main().catch((error) => { console.error(error); process.exit(1); });
