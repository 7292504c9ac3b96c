// What an auditor's phone keeps (IndexedDB), each thing sealed (AES-GCM) under a key that only its auditor is told.
//   hal      name -> value                       user, kunci (a key that scripts cannot read out), kirim, keluar, csrf
//   tugas    {id: user/seat, user, seat, sealed} place, form, limits, what the house has
//   jawaban  {id: user/seat/item, user, seat, sealed} {item, answer, measure, base, at, conflict}; gone once it was sent
//   foto     {id, user, seat, sealed, bytes}     {item, at}; gone once it was sent
//   kirim    {id, user, seat, sealed}            a set on its way: sent again as it is until the house replied

const NAMES = ["tugas", "jawaban", "foto", "kirim"];
let opened, user, key;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function base() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(`audit-${document.getElementById("audit").dataset.kota}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("hal");
      for (const name of NAMES) request.result.createObjectStore(name, { keyPath: "id" }).createIndex("user", "user");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

const store = async (name, mode = "readonly") => (await base()).transaction(name, mode).objectStore(name);

export const get = async (name) => done((await store("hal")).get(name));
export const put = async (name, value) => done((await store("hal", "readwrite")).put(value, name));
export const drop = async (name) => done((await store("hal", "readwrite")).delete(name));

/** Who used this phone last, if it was not left; whether somebody did. */
export async function resume() {
  [user, key] = [await get("user"), await get("kunci")];
  return Boolean(user && key);
}

/** The house said who is signed in: another one's key goes away, so that their drafts stay sealed until they return. */
export async function enter(who, hex) {
  const raw = Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
  key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  user = who;
  await put("user", user);
  await put("kunci", key);
}

/** Leave this phone: without the key nothing of it can be read. */
export async function leave() {
  for (const name of ["user", "kunci", "csrf", "kirim"]) await drop(name);
  user = key = undefined;
}

export const whose = () => user;

async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

const unseal = async (sealed) => crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
const sealJson = (value) => seal(new TextEncoder().encode(JSON.stringify(value)));
const openJson = async (sealed) => JSON.parse(new TextDecoder().decode(await unseal(sealed)));

async function rows(name) {
  const mine = user;
  return mine ? done((await store(name)).index("user").getAll(mine)) : [];
}

async function write(name, row) {
  const database = await base();
  await new Promise((resolve, reject) => {
    const change = database.transaction(name, "readwrite");
    change.objectStore(name).put(row);
    change.oncomplete = resolve; // the disk has it
    change.onerror = change.onabort = () => reject(change.error);
  });
}

const erase = async (name, id) => done((await store(name, "readwrite")).delete(id));

export async function audits() {
  return Promise.all((await rows("tugas")).map((row) => openJson(row.sealed)));
}
export const keepAudit = async (one) => write("tugas", { id: `${user}/${one.id}`, user, seat: one.id, sealed: await sealJson(one) });
export const forgetAudit = async (seat) => erase("tugas", `${user}/${seat}`);

export async function drafts(seat) {
  const found = (await rows("jawaban")).filter((row) => !seat || row.seat === seat);
  return Promise.all(found.map(async (row) => ({ seat: row.seat, ...(await openJson(row.sealed)) })));
}
export const keepDraft = async (seat, draft) =>
  write("jawaban", { id: `${user}/${seat}/${draft.item}`, user, seat, sealed: await sealJson(draft) });
export const forgetDraft = async (seat, item) => erase("jawaban", `${user}/${seat}/${item}`);

export async function photos(seat) {
  const found = (await rows("foto")).filter((row) => !seat || row.seat === seat);
  return Promise.all(found.map(async (row) => ({ id: row.id, seat: row.seat, ...(await openJson(row.sealed)) })));
}
export async function keepPhoto(seat, item, blob) {
  const row = { id: crypto.randomUUID(), user, seat, sealed: await sealJson({ item, at: Date.now() }), bytes: await seal(await blob.arrayBuffer()) };
  await write("foto", row);
}
export async function photoBytes(id) {
  const row = await done((await store("foto")).get(id));
  return new Blob([await unseal(row.bytes)], { type: "image/jpeg" });
}
export const forgetPhoto = async (id) => erase("foto", id);

export async function sets(seat) {
  const found = (await rows("kirim")).filter((row) => row.seat === seat);
  return Promise.all(found.map(async (row) => ({ id: row.id, ...(await openJson(row.sealed)) })));
}
export const keepSet = async (seat, id, body) => write("kirim", { id, user, seat, sealed: await sealJson(body) });
export const forgetSet = async (id) => erase("kirim", id);

/** How many things wait to be sent: answers and photos. */
export async function waiting() {
  return (await rows("jawaban")).length + (await rows("foto")).length;
}
