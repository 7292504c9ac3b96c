// What this device remembers of lessons, and nobody else: who learns here, where somebody is, what was chosen.
// IndexedDB, no network. A key is a lesson (`B3-2`), after the learner's where one was named (`p1/B3-2`).

const NAME = "pelajaran";
const PEOPLE = "#orang";
const SEED = "#benih";
let opened;

function base() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pelajaran");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function act(mode, work) {
  const store = (await base()).transaction("pelajaran", mode).objectStore("pelajaran");
  return new Promise((resolve, reject) => {
    const asked = work(store);
    store.transaction.oncomplete = () => resolve(asked?.result);
    store.transaction.onabort = store.transaction.onerror = () => reject(store.transaction.error);
  });
}

const read = (key) => act("readonly", (store) => store.get(key));
const write = (key, value) => act("readwrite", (store) => store.put(value, key));
const starts = (id) => (id ? `${id}/` : "");
const own = (key, id) => (id ? key.startsWith(`${id}/`) : !key.startsWith("#") && !key.includes("/"));

/** Who learns here: `now` is whose turn it is, empty for nobody in particular. */
export const people = async () => (await read(PEOPLE)) ?? { now: "", last: 0, list: [] };

export async function addPerson(name, picture) {
  const told = await people();
  const id = `p${told.last + 1}`;
  await write(PEOPLE, { now: id, last: told.last + 1, list: [...told.list, { id, name, picture }] });
}

export async function choosePerson(id) {
  await write(PEOPLE, { ...(await people()), now: id });
}

/** Everything of one learner, their name and picture too. */
export async function wipePerson(id) {
  const told = await people();
  const keys = (await act("readonly", (store) => store.getAllKeys())).filter((key) => own(key, id));
  await act("readwrite", (store) => keys.forEach((key) => store.delete(key)));
  const list = told.list.filter((one) => one.id !== id);
  await write(PEOPLE, { ...told, now: told.now === id ? "" : told.now, list });
}

export const load = async (key) => read(starts((await people()).now) + key);
export const save = async (key, value) => write(starts((await people()).now) + key, value);
/** A note of the device itself, not of a learner; its key begins with `#`. */
export const note = read;
export const putNote = write;
export const wipe = () => act("readwrite", (store) => store.clear());

/** What whoever learns now has begun: lesson -> its state. */
export async function every() {
  const { now } = await people();
  const [keys, values] = [await act("readonly", (store) => store.getAllKeys()), await act("readonly", (store) => store.getAll())];
  return new Map(keys.map((key, at) => [key, values[at]]).filter(([key]) => own(key, now)).map(([key, value]) => [key.slice(starts(now).length), value]));
}

/** A word of this device by which answers are mixed, and the learner's; it says nothing of anybody. */
export async function seed() {
  let word = await read(SEED);
  if (word === undefined) {
    word = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    await write(SEED, word);
  }
  return `${word}/${(await people()).now}`;
}
