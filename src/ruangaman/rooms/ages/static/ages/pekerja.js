// The wallet's service worker. The line above it, `KEPT`, is written by the house: version, pages, files, language.
// Pages come from what is kept, also with signal: the house does not hear that somebody uses a card.

const CACHE = `dompet-${KEPT.version}`;
const SPEAKS = "/dompet/bahasa";

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(speak(event.data?.language)));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && pageOf(url)) event.respondWith(page(url, event));
  else if (KEPT.files.includes(url.pathname)) event.respondWith(file(event.request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  const wanted = [...KEPT.pages, ...KEPT.files];
  await cache.addAll(wanted.map((one) => new Request(one, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("dompet-") && name !== CACHE && name !== "dompet-bahasa") await caches.delete(name);
  }
  await self.clients.claim();
}

async function speak(language) {
  if (!/^[a-z]{2}$/.test(language ?? "")) return;
  await (await caches.open("dompet-bahasa")).put(SPEAKS, new Response(language));
}

async function spoken() {
  const kept = await (await caches.open("dompet-bahasa")).match(SPEAKS);
  return kept ? kept.text() : KEPT.language;
}

function pageOf(url) {
  return KEPT.pages.some((one) => one.split("?")[0] === url.pathname);
}

async function page(url, event) {
  const asked = url.searchParams.get("bahasa");
  if (asked) {
    await speak(asked);
    event.waitUntil(fetch(event.request.url, { credentials: "same-origin" }).catch(() => {})); // other pages follow
  }
  const kept = await (await caches.open(CACHE)).match(`${url.pathname}?bahasa=${asked ?? (await spoken())}`);
  return kept ?? fetch(event.request);
}

async function file(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreSearch: true })) ?? fetch(request);
}
