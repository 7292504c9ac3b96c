// What a device keeps of tests until they have arrived, and of sheets of paper until they are saved: IndexedDB. Three
// boxes: `dibuka` (what a code opened), `lembar` (a test begun or finished), `baris` (a row typed in from paper).

const NAME = "tes";
const BOXES = ["dibuka", "lembar", "baris"];
let opened;

function base() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => BOXES.forEach((box) => asked.result.createObjectStore(box));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function act(box, mode, work) {
  const store = (await base()).transaction(box, mode, { durability: "strict" }).objectStore(box);
  return new Promise((resolve, reject) => {
    const asked = work(store);
    store.transaction.oncomplete = () => resolve(asked.result);
    store.transaction.onabort = store.transaction.onerror = () => reject(store.transaction.error);
  });
}

export const get = (box, key) => act(box, "readonly", (store) => store.get(key));
export const all = (box) => act(box, "readonly", (store) => store.getAll());
export const put = (box, key, value) => act(box, "readwrite", (store) => store.put(value, key));
export const wipe = () => Promise.all(BOXES.map((box) => act(box, "readwrite", (store) => store.clear())));
export const drop = (box, key) => act(box, "readwrite", (store) => store.delete(key));
