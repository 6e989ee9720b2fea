// npm nuki-web-api, unmodified: it calls https://api.nuki.io, as it always does.
'use strict';
const Nuki = require('nuki-web-api');

async function main() {
  const api = new Nuki('demo-nuki-api_token');
  const locks = await api.getSmartlocks();
  const brands = await api._req('opener/brand');
  const auth = {
    name: 'Ada', type: 13, code: 345678, remoteAllowed: false,
    allowedFromDate: '2026-12-01T00:00:00Z', allowedUntilDate: '2099-12-31T00:00:00Z',
  };
  const path = ['smartlock', locks[0].smartlockId, 'auth'];
  await api._req(path, {}, 'PUT', auth);
  const rows = await api.getSmartlockAuth(locks[0].smartlockId);
  const refusal = await api._req(path, {}, 'POST', auth).catch((error) => error.statusCode);
  console.log(JSON.stringify({
    locks: locks.map((lock) => lock.name),
    brands: brands.length,
    codes: rows.filter((row) => row.type === 13).map((row) => row.code),
    refusal,
  }));
}

main();
