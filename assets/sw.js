// The service worker: offline the app says so instead of showing the browser's error.
//
// It keeps only the offline page. Pages are never stored (they may belong to someone signed in), /api, /session, /_event, /_upload and
// /docs never pass through, and files whose address changes with their content are kept by the browser's own cache.

const CACHE = "todo-v3"; // a new name drops the old cache
const OFFLINE = "/offline.html";
const PRECACHED = [OFFLINE, "/offline.js", "/icon.svg"];
const UNTOUCHED = /^\/(api|session|_event|_upload|docs|redoc|openapi\.json|health|ping)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(precache());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldCaches());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);

  if (request.method !== "GET" || url.origin !== location.origin || UNTOUCHED.test(url.pathname)) return;

  if (request.mode === "navigate") event.respondWith(pageOrOffline(request));
  else if (PRECACHED.includes(url.pathname)) event.respondWith(fetchedOrCached(request));
});

async function precache() {
  const cache = await caches.open(CACHE);
  await cache.addAll(PRECACHED);
  await self.skipWaiting();
}

async function dropOldCaches() {
  for (const name of await caches.keys()) {
    if (name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function pageOrOffline(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function fetchedOrCached(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}
