// The doors: whose turn it is, and how much is due for them. Without this script both are links with the same names.

import { every, people } from "./simpanan.js";
import { due, today } from "./ulangan.js";

const page = document.getElementById("pintu");

async function tell() {
  const { now, list } = await people();
  const who = list.find((one) => one.id === now);
  if (who) {
    const link = page.querySelector("[data-pelajar]");
    const picture = link.previousElementSibling;
    link.textContent = who.name;
    picture.firstElementChild.setAttribute("href", `${page.dataset.gambar}#${who.picture}`);
    picture.removeAttribute("hidden");
  }
  const states = [...(await every()).values()];
  const ready = states.filter((one) => one.learned && due(one.learned, one.seen, today())).length;
  const again = page.querySelector("[data-ulang]");
  if (ready) again.textContent = ready === 1 ? again.dataset.satu : again.dataset.banyak.replace("{n}", ready);
}

await tell().catch(() => undefined);
const { worker, scope } = page.dataset;
const registered = await navigator.serviceWorker?.register(worker, { scope }).catch(() => undefined);
if (registered) (await navigator.serviceWorker.ready).active?.postMessage({ keep: [location.pathname] });
