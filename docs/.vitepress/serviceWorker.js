// The site, kept for reading offline. VERSION and FILES are filled in at build (offline.ts).
const CACHE = `wengert-${"VERSION"}`;
const FILES = ["FILES"];

globalThis.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await globalThis.skipWaiting();
  };
  event.waitUntil(keep());
});

globalThis.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(
      names
        .filter((name) => name.startsWith("wengert-") && name !== CACHE)
        .map((name) => caches.delete(name)),
    );
    await globalThis.clients.claim();
  };
  event.waitUntil(tidy());
});

/** From the network, and kept. */
async function fetched(request) {
  const response = await fetch(request);
  if (response.ok) (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

/** Pages may have changed, so the network is asked first; what has a hash in its name has not. */
async function answer(request) {
  const kept = () => caches.match(request, { ignoreSearch: true });
  if (request.mode !== "navigate") return (await kept()) ?? fetched(request);
  try {
    return await fetched(request);
  } catch (error) {
    const page = await kept();
    if (page === undefined) throw error;
    return page;
  }
}

globalThis.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === globalThis.location.origin) {
    event.respondWith(answer(request));
  }
});
