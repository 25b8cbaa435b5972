// Keeps the whole site for reading without a connection. `$version` changes when any file does; the old copy is then
// dropped at once, so nobody reads a mixture of two builds.
"use strict";

const CACHE = "course-$version";
const FILES = $files;
const STAMP = "$stamp";  // what this build's pages ask their scripts and styles by

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // One by one: a single file that is missing on the server must not keep the rest from being kept.
    await Promise.allSettled(FILES.map((file) => cache.add(new Request(encodeURI(file), { cache: "no-cache" }))));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("course-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// Without a connection: a folder's own page, or what says that there is no such page.
const unknown = async (cache, url) => {
  const front = url.pathname.endsWith("/") && await cache.match(`$${url.pathname}index.html`);
  if (front) return front;
  const missing = await cache.match(new URL("404.html", location.href));
  return missing && new Response(missing.body, { status: 404, headers: missing.headers });
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    const page = event.request.mode === "navigate";
    const kept = await cache.match(event.request, { ignoreSearch: true });
    // Pages come from the network where there is one, so that a corrected sentence is seen at once; and so does what a
    // newer page asks for.
    const other = (url.searchParams.get("v") ?? STAMP) !== STAMP;
    if (kept && !page && !other) return kept;
    try {
      return await fetch(event.request);
    } catch (error) {
      const instead = page && !kept ? await unknown(cache, url) : kept;
      if (instead) return instead;
      throw error;
    }
  })());
});
