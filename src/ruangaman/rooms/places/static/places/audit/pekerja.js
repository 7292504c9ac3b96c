// The service worker of the auditor's phone. The line above it, `KEPT`, is written by the house: version, city, page,
// files, languages. Only the page that names nobody is kept; lists, forms and photos of an account never are.

const PREFIX = `audit-${KEPT.city}-`;
const CACHE = PREFIX + KEPT.version;
const WORDS = `${PREFIX}bahasa`;
const SPEAKS = `${KEPT.page}bahasa`;
const kept = (language) => `${KEPT.page}?bahasa=${language}`;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(speak(event.data?.language)));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(url.pathname === KEPT.page ? page(url, event) : other(event.request));
  else if (KEPT.files.includes(url.pathname)) event.respondWith(file(event.request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  const wanted = [...KEPT.languages.map(kept), ...KEPT.files];
  await cache.addAll(wanted.map((one) => new Request(one, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && name !== WORDS) await caches.delete(name);
  }
  await self.clients.claim();
}

async function speak(language) {
  if (!KEPT.languages.includes(language)) return;
  await (await caches.open(WORDS)).put(SPEAKS, new Response(language));
}

async function spoken() {
  const said = await (await caches.open(WORDS)).match(SPEAKS);
  return said ? said.text() : KEPT.language;
}

async function page(url, event) {
  const asked = url.searchParams.get("bahasa");
  if (KEPT.languages.includes(asked)) {
    await speak(asked);
    event.waitUntil(fetch(event.request.url, { credentials: "same-origin" }).catch(() => {})); // other pages follow
  }
  const found = await (await caches.open(CACHE)).match(kept(KEPT.languages.includes(asked) ? asked : await spoken()));
  return found ?? fetch(event.request);
}

/** Another page of audits: as it is, or, without signal, the one that works without. */
async function other(request) {
  return fetch(request).catch(() => Response.redirect(KEPT.page));
}

async function file(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreSearch: true })) ?? fetch(request);
}
