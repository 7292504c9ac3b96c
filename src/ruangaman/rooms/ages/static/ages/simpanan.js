// What a wallet keeps, in this browser alone (IndexedDB). Nothing of it is sent anywhere but a token that is spent.
//   lembar   {id, claim, assurance, keyId (hex), ends (s), token}   tokens of the open challenge, each spent once
//   catatan  {id, place, claim, at (s)}                              what was used where
//   hal      name -> value                                           directory, lock

const NAME = "dompet";
let opened;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function base() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("lembar", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("catatan", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("hal");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function store(name, mode = "readonly") {
  return (await base()).transaction(name, mode).objectStore(name);
}

export const now = () => Math.floor(Date.now() / 1000);

/** All tokens that somebody still takes; the others go away here. */
export async function sheets() {
  const found = await done((await store("lembar")).getAll());
  for (const one of found) if (one.ends <= now()) await done((await store("lembar", "readwrite")).delete(one.id));
  return found.filter((one) => one.ends > now());
}

export const add = async (sheet) => done((await store("lembar", "readwrite")).add(sheet));

/** Take one token out for good, in one step, so that two windows never spend the same; null when none fits. */
export async function take(fits) {
  const request = (await store("lembar", "readwrite")).openCursor();
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(null);
      if (cursor.value.ends > now() && fits(cursor.value)) {
        cursor.delete();
        return resolve(cursor.value);
      }
      return cursor.continue();
    };
  });
}

export const uses = async () => done((await store("catatan")).getAll());
export const note = async (place, claim) => done((await store("catatan", "readwrite")).add({ place, claim, at: now() }));
export const forgetUses = async () => done((await store("catatan", "readwrite")).clear());

export const get = async (name) => done((await store("hal")).get(name));
export const put = async (name, value) => done((await store("hal", "readwrite")).put(value, name));
export const drop = async (name) => done((await store("hal", "readwrite")).delete(name));

/** Everything away. */
export async function empty() {
  for (const name of ["lembar", "catatan", "hal"]) await done((await store(name, "readwrite")).clear());
  sessionStorage.clear();
}
