// The service worker of pages that are the same for everybody. The line above it, `KEPT`, is written by the house:
// `name` of what is kept, its `version`, `files` of the shell, `pages` that may be kept (a pattern of their addresses),
// `first` of them that are kept before anybody opened them, `sounds` (a pattern; kept apart, so that many small
// files push no page out), `lost` of the first ones, which is shown for a page that is not kept.
// With signal the house answers and what it said is kept; without signal, or with one that brings nothing for a while,
// what is kept is shown. Nothing is sent from here.

const SHELL = `${KEPT.name}-berkas-${KEPT.version}`;
const PAGES = `${KEPT.name}-halaman-2`;
const SOUNDS = `${KEPT.name}-suara-1`;
const MOST = 600;
const PATIENCE_MS = 2500;
const PUBLIC = new RegExp(KEPT.pages);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data?.keep, event.ports[0])));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (KEPT.files.includes(url.pathname)) event.respondWith(file(event.request));
  else if (PUBLIC.test(url.pathname)) event.respondWith(page(event));
});

async function install() {
  const cache = await caches.open(SHELL);
  await cache.addAll(KEPT.files.map((one) => new Request(one, { cache: "reload" })));
  await keep(KEPT.first);
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) {
    const ours = name.startsWith(`${KEPT.name}-berkas-`) || name.startsWith(`${KEPT.name}-halaman-`);
    if (ours && name !== SHELL && name !== PAGES) await caches.delete(name);
  }
  await self.clients.claim();
}

/** Whoever sends a port is told how many were kept, and what stopped it: no signal, or no room. */
async function keep(wanted, port) {
  if (!Array.isArray(wanted)) return;
  const cache = await caches.open(PAGES);
  let kept = 0;
  for (const one of wanted.slice(0, 240)) {
    const url = new URL(one, location.href);
    if (url.origin !== location.origin || !PUBLIC.test(url.pathname)) continue;
    try {
      await put(cache, url.href, await fetch(url.href, { credentials: "same-origin" }));
      kept += 1;
    } catch (error) {
      port?.postMessage({ kept, stopped: error.name }); // what is kept stays
      return;
    }
  }
  port?.postMessage({ kept });
}

async function put(cache, key, answer) {
  if (answer.status === 204) answer = new Response(null, { status: 204 });
  if (!answer.ok || answer.redirected) return;
  const keys = await cache.keys();
  if (keys.length > MOST) await cache.delete(keys.find((one) => !KEPT.first.includes(new URL(one.url).pathname)));
  await cache.put(key, answer.clone());
}

const sound = (address) => Boolean(KEPT.sounds) && new RegExp(KEPT.sounds).test(new URL(address).pathname);

async function file(request) {
  return (await (await caches.open(SHELL)).match(request, { ignoreSearch: true })) ?? fetch(request);
}

async function page(event) {
  const { request } = event;
  const cache = await caches.open(sound(request.url) ? SOUNDS : PAGES);
  const kept = await cache.match(request.url, { ignoreVary: true });
  const asked = ask(cache, request);
  event.waitUntil(asked.catch(() => undefined)); // what comes too late to be shown is kept for the next time
  try {
    return (await (kept ? Promise.race([asked, late()]) : asked)) ?? kept;
  } catch (error) {
    if (kept) return kept;
    const lost = request.mode === "navigate" && KEPT.lost && (await cache.match(KEPT.lost, { ignoreVary: true }));
    if (lost) return lost;
    throw error;
  }
}

async function ask(cache, request) {
  const answer = await fetch(request);
  await put(cache, request.url, answer.clone());
  return answer;
}

const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
