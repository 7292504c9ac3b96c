// What this device remembers of lessons, and nobody else: who learns here, where somebody is, what was chosen.
// IndexedDB, no network. A key is a lesson (`B3-2`), after the learner's where one was named (`p1/B3-2`).

const NAME = "pelajaran";
const PEOPLE = "#orang";
const SEED = "#benih";
const NOBODY = { now: "", last: 0, list: [] };
/** What saving says when the learner, or what was saved of this lesson, was removed in the meantime. */
export const GONE = "gone";
// Rows that this page has met: once one of them is gone, somebody emptied it, and nothing may bring it back.
const met = new Set();
let opened;
let whose;

function base() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pelajaran");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Everything that `work` asks happens, or nothing of it. */
async function act(mode, work) {
  const store = (await base()).transaction("pelajaran", mode).objectStore("pelajaran");
  return new Promise((resolve, reject) => {
    const asked = work(store);
    store.transaction.oncomplete = () => resolve(asked?.result);
    store.transaction.onabort = () => reject(store.transaction.error ?? new Error(GONE)); // without an error it was ours
  });
}

const read = (key) => act("readonly", (store) => store.get(key));
const write = (key, value) => act("readwrite", (store) => store.put(value, key));
const starts = (id) => (id ? `${id}/` : "");
const own = (key, id) => (id ? key.startsWith(`${id}/`) : !key.startsWith("#") && !key.includes("/"));

/** Who learns here: `now` is whose turn it is, empty for nobody in particular. */
export const people = async () => (await read(PEOPLE)) ?? NOBODY;

// Read once a page: in another window somebody else may begin, and what is answered here stays whose it was.
const learner = () => (whose ??= people().then(({ now, list }) => (list.some((one) => one.id === now) ? now : "")));

export async function addPerson(name, picture) {
  const told = await people();
  const id = `p${told.last + 1}`;
  await write(PEOPLE, { now: id, last: told.last + 1, list: [...told.list, { id, name, picture }] });
  whose = undefined;
}

export async function choosePerson(id) {
  await write(PEOPLE, { ...(await people()), now: id });
  whose = undefined;
}

/** Everything of one learner, their name and picture too, at once: no answer of another window slips in between. */
export async function wipePerson(id) {
  await act("readwrite", (store) => {
    const keys = store.getAllKeys();
    keys.onsuccess = () => keys.result.filter((key) => own(key, id)).forEach((key) => store.delete(key));
    const asked = store.get(PEOPLE);
    asked.onsuccess = () => {
      const told = asked.result ?? NOBODY;
      store.put({ ...told, now: told.now === id ? "" : told.now, list: told.list.filter((one) => one.id !== id) }, PEOPLE);
    };
  });
  whose = undefined;
}

export async function load(key) {
  const row = starts(await learner()) + key;
  const found = await read(row);
  if (found !== undefined) met.add(row);
  return found;
}

/** Under whoever learned when this page began; refused (`GONE`) once they, or what was there of them, were removed. */
export async function save(key, value) {
  const id = await learner();
  const row = starts(id) + key;
  await act("readwrite", (store) => {
    const list = store.get(PEOPLE);
    const before = store.getKey(row);
    before.onsuccess = () => {
      const known = !id || list.result?.list.some((one) => one.id === id);
      if (known && (before.result !== undefined || !met.has(row))) store.put(value, row);
      else store.transaction.abort();
    };
  });
  met.add(row);
}

/** A note of the device itself, not of a learner; its key begins with `#`. */
export const note = read;
export const putNote = write;

export async function wipe() {
  await act("readwrite", (store) => void store.clear());
  whose = undefined;
}

/** What whoever learns now has begun: lesson -> its state. */
export async function every() {
  const now = await learner();
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
  return `${word}/${await learner()}`;
}

// A browser may bring a page back as it was left. Somebody else may learn here now, and must not meet it.
addEventListener("pageshow", async (event) => {
  if (event.persisted && whose && (await people()).now !== (await whose)) location.reload();
});
