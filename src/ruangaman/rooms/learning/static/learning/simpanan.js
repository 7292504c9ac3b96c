// What this device remembers of lessons, and nobody else: where somebody is, and what was chosen. IndexedDB, no network.

const NAME = "pelajaran";
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
    store.transaction.oncomplete = () => resolve(asked.result);
    store.transaction.onabort = store.transaction.onerror = () => reject(store.transaction.error);
  });
}

export const load = (key) => act("readonly", (store) => store.get(key));
export const save = (key, value) => act("readwrite", (store) => store.put(value, key));
export const wipe = () => act("readwrite", (store) => store.clear());
