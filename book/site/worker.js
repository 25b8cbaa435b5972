// Keeps the whole site for reading without a connection. `$version` changes when any file does; the old copy is then
// dropped at once, so nobody reads a mixture of two builds.
"use strict";

const CACHE = "course-$version";
const FILES = $files;

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

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    const page = event.request.mode === "navigate";
    const kept = await cache.match(event.request, { ignoreSearch: true });
    // Pages come from the network where there is one, so that a corrected sentence is seen at once.
    if (kept && !page) return kept;
    try {
      return await fetch(event.request);
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  })());
});
