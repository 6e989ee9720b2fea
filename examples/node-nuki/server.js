// Nuki from Node 20, without dependencies: reservations become keypad codes.
//
// The platform posts {"event": "reservation.created", "revision": 1, "data": {...}} to
// /hooks/reservations, unsigned: only the platform's network may reach this port. Times
// are those of the clock on the wall at the space, as "2026-12-01 15:20". Every event
// carries the whole reservation; the highest revision counts and a deletion is final. One
// that is updated and was never created gets no code.
//
// Once a second every reservation is looked at, and the next missing step is taken: a code
// is ordered, changed or deleted, and once the lock has it, a message is posted to
// MESSAGES_URL. Nuki's 204 only means that an order was understood.
//
// SPACES is {"court-1": {"lock": "<smartlockId>", "zone": "Europe/Berlin"}, ...}.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const { randomInt } = require("node:crypto");

const { NUKI_API_URL, NUKI_API_TOKEN, MESSAGES_URL } = process.env;
const SPACES = JSON.parse(process.env.SPACES);
const STATE = process.env.STATE || "reservations.json";
const POLL_MS = Number(process.env.POLL_MS || 1000);
const MAX_BODY = 65536;
const UTF8 = new TextDecoder("utf-8", { fatal: true }); // a name in Latin-1 is refused
const KEYPAD_CODE = 13;
const ALL_DAYS = 127; // without it the lock may ignore the dates
const LATEST_ORDER_MS = 600000; // an order that is not listed by then never arrives

// id -> { revision, created, deleted, space, begins, finishes, mail, codes: {lock: {...}}, mailed }
const reservations = fs.existsSync(STATE) ? JSON.parse(fs.readFileSync(STATE, "utf8")) : {};

function save() {
  fs.writeFileSync(`${STATE}.new`, JSON.stringify(reservations));
  fs.renameSync(`${STATE}.new`, STATE);
}

// --- What the platform says ----------------------------------------------------------

const server = http.createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (request.method !== "POST" || request.url !== "/hooks/reservations") {
    return answer(404, { error: "post to /hooks/reservations" });
  }
  let body = Buffer.alloc(0);
  for await (const part of request) {
    body = Buffer.concat([body, part]);
    if (body.length > MAX_BODY) return answer(413, { error: "too large" });
  }
  try {
    take(JSON.parse(UTF8.decode(body)));
  } catch (error) {
    return answer(400, { error: String(error.message) });
  }
  return answer(200, { ok: true });
});

function take({ event, revision, data }) {
  if (!/^reservation\.(created|updated|deleted)$/.test(text({ event }, "event"))) return;
  if (!Number.isInteger(revision)) throw new Error("revision must be a whole number");
  const id = text(data, "reservation");
  const deleted = event === "reservation.deleted";
  const change = deleted ? { deleted } : read(data);
  const known = reservations[id] || { revision: 0, codes: {}, mailed: null };
  const created = known.created || event === "reservation.created";
  const newer = revision >= known.revision && !known.deleted;
  reservations[id] = newer ? { ...known, ...change, created, revision } : { ...known, created };
  save();
}

function read(data) {
  const zone = SPACES[text(data, "space")]?.zone || "UTC";
  const begins = instant(text(data, "begins"), zone);
  const finishes = instant(text(data, "finishes"), zone);
  if (finishes <= begins) throw new Error("finishes must be after begins");
  const times = { begins, finishes, from: data.begins, to: data.finishes };
  return { ...times, space: data.space, mail: text(data.guest, "mail") };
}

function text(fields, name) {
  if (typeof fields?.[name] !== "string" || !fields[name]) {
    throw new Error(`${name} must be a text`);
  }
  return fields[name];
}

// Return the instant (ms) at which the clock on the wall of a zone shows a local time.
function instant(local, zone) {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(local)) throw new Error(`${local} is no time`);
  const wall = Date.parse(`${local.replace(" ", "T")}Z`);
  if (Number.isNaN(wall)) throw new Error(`there is no ${local}`);
  const shown = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone, dateStyle: "short", timeStyle: "medium",
  });
  const ahead = (at) => Date.parse(`${shown.format(at).replace(" ", "T")}Z`) - at;
  return wall - ahead(wall - ahead(wall));
}

// --- What is done about it -----------------------------------------------------------

async function look() {
  for (const id of Object.keys(reservations)) {
    try {
      await settle(id);
    } catch (error) {
      console.error(`${id} has to wait: ${error.message}`);
    }
  }
  setTimeout(look, POLL_MS);
}

async function settle(id) {
  const stay = reservations[id];
  const due = stay.created && !stay.deleted && stay.finishes > Date.now();
  const live = due && SPACES[stay.space];
  const wanted = live ? SPACES[stay.space].lock : null;
  for (const lock of Object.keys(stay.codes)) {
    if (lock !== wanted && (await isGone(id, lock, stay.codes[lock]))) {
      delete stay.codes[lock];
      save();
    }
  }
  const current = JSON.stringify([stay.space, stay.from, stay.to, stay.mail]);
  if (!wanted || stay.mailed === current) return;
  if (!stay.codes[wanted]) {
    stay.codes[wanted] = { digits: newDigits(), orderedAt: Date.now() };
    save(); // before it is ordered: ordered again, it must be the same code
  }
  const ready = await isOnLock(id, wanted, stay.codes[wanted], stay);
  if (!ready || reservations[id] !== stay) return; // else there was news meanwhile
  const { digits } = stay.codes[wanted];
  const message = `Your time: ${stay.from} to ${stay.to}. Your code: ${digits}`;
  await send("POST", MESSAGES_URL, { to: stay.mail, text: message }, {});
  stay.mailed = current;
  save();
}

// Take the next step towards a code on a lock; true once the lock has it as it must be.
async function isOnLock(id, lock, code, stay) {
  const terms = {
    name: id.slice(0, 20),
    allowedFromDate: new Date(stay.begins).toISOString(),
    allowedUntilDate: new Date(stay.finishes).toISOString(),
    allowedWeekDays: ALL_DAYS,
  };
  const row = await find(lock, code.digits);
  if (!row) {
    const digits = { type: KEYPAD_CODE, code: Number(code.digits) };
    await nuki("PUT", `/smartlock/${lock}/auth`, { ...terms, ...digits });
  } else if (row.name !== terms.name) {
    code.digits = newDigits(); // somebody else has these
  } else if (row.error) {
    await nuki("DELETE", `/smartlock/${lock}/auth/${row.id}`);
  } else if (!row.operationId) {
    if (Object.keys(terms).every((name) => row[name] === terms[name])) return "authId" in row;
    await nuki("POST", `/smartlock/${lock}/auth/${row.id}`, terms);
  }
  return false;
}

async function isGone(id, lock, code) {
  const row = await find(lock, code.digits);
  if (!row) return Date.now() > code.orderedAt + LATEST_ORDER_MS;
  if (row.name !== id.slice(0, 20)) return true;
  if (!row.operationId) await nuki("DELETE", `/smartlock/${lock}/auth/${row.id}`);
  return false;
}

async function find(lock, digits) {
  const rows = await nuki("GET", `/smartlock/${lock}/auth?types=${KEYPAD_CODE}`);
  return rows.find((row) => row.code === Number(digits));
}

// Six digits, no 0, and not 12 at the beginning: what a Nuki keypad takes.
function newDigits() {
  const rest = Array.from({ length: 5 }, () => randomInt(1, 10));
  return [randomInt(3, 10), ...rest].join("");
}

async function nuki(method, path, body) {
  const headers = { Authorization: `Bearer ${NUKI_API_TOKEN}` };
  return send(method, NUKI_API_URL + path, body, headers);
}

async function send(method, url, body, headers) {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10000),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} was answered ${answer.status}`);
  return said ? JSON.parse(said) : null;
}

server.listen(Number(process.env.PORT || 3000), "127.0.0.1", look);
