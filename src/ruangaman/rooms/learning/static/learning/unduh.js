// Everything behind a door, kept for times without signal. It asks for room first, says what is kept, and goes on where it
// stopped: what is kept already is not fetched again.

import { note, putNote } from "./simpanan.js";

const page = document.getElementById("unduh");
const wanted = JSON.parse(document.getElementById("paket").textContent);
const button = page.querySelector("[data-simpan]");
const words = page.querySelector("[data-keadaan]");
const language = document.documentElement.lang;
const mark = `#paket-${page.dataset.siapa}`;
const AT_ONCE = 20;

const say = (text, facts = {}) => (words.textContent = Object.entries(facts).reduce((told, [name, value]) => told.replace(`{${name}}`, value), text));

/** What is not kept yet; pages in another language count as not kept. */
async function missing() {
  if ((await note(mark).catch(() => undefined)) !== language) return wanted;
  const found = await Promise.all(wanted.map((one) => caches.match(one)));
  return wanted.filter((_, at) => !found[at]);
}

async function room(bytes) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || quota - usage >= bytes;
}

/** The worker keeps some addresses; the answer is how many, and what stopped it. */
function keep(worker, some) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ keep: some }, [port2]);
  });
}

async function fetchAll() {
  const rest = await missing();
  const bytes = Math.ceil((Number(page.dataset.byte) * rest.length) / wanted.length);
  if (!(await room(bytes))) return say(words.dataset.penuh, { mb: (bytes / 1e6).toFixed(1).replace(".", language === "id" ? "," : ".") });
  button.disabled = true;
  const { worker, scope } = page.dataset;
  await navigator.serviceWorker.register(worker, { scope });
  const { active } = await navigator.serviceWorker.ready;
  await putNote(mark, language);
  for (let at = 0; at < rest.length; at += AT_ONCE) {
    const some = rest.slice(at, at + AT_ONCE);
    const told = await keep(active, some);
    say(words.dataset.maju, { n: wanted.length - rest.length + at + told.kept, jumlah: wanted.length });
    if (told.stopped) break;
  }
  await state();
}

async function state({ quiet = false } = {}) {
  const rest = await missing();
  button.disabled = false;
  button.hidden = rest.length === 0;
  if (rest.length === 0) say(words.dataset.selesai);
  else if (rest.length < wanted.length) {
    button.textContent = button.dataset.lanjutkan;
    if (quiet) say(words.dataset.maju, { n: wanted.length - rest.length, jumlah: wanted.length });
    else say(words.dataset.putus);
  } else if (!quiet) say(words.dataset.putus);
}

if ("serviceWorker" in navigator && "caches" in globalThis) {
  button.addEventListener("click", () => fetchAll().catch(() => state()));
  await state({ quiet: true });
  page.hidden = false;
}
