// Bridges a cut of the network for the hall's machines: their page at rest and what draws it. Never keeps a visitor's page.
const SHELF = "zt-devices-{{ shelf }}";
const ASSETS = [{% for asset in assets %}"{{ asset|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((n) => n.startsWith("zt-devices-") && n !== SHELF).map((n) => caches.delete(n))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

const patiently = (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) });

const home = (url) => /^\/devices\/[0-9a-f-]{36}\//.exec(url.pathname)?.[0];

async function page(request) {
  const url = new URL(request.url);
  try {
    const answer = await patiently(request);
    if (answer.ok && answer.headers.get("X-Keep") === "1" && request.method === "GET") {
      const shelf = await caches.open(SHELF);
      await shelf.put(url.pathname, answer.clone());
    }
    return answer;
  } catch (reason) {
    const kept = home(url) && (await caches.match(home(url)));
    if (kept) return kept;
    throw reason;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (!request.url.startsWith(self.location.origin)) return;
  if (request.mode === "navigate" && request.destination === "document") return event.respondWith(page(request));
  if (request.method !== "GET" || !ASSETS.includes(new URL(request.url).pathname)) return;
  event.respondWith(
    fetch(request)
      .then((answer) => {
        if (answer.ok) {
          const copy = answer.clone();
          caches.open(SHELF).then((shelf) => shelf.put(request, copy));
        }
        return answer;
      })
      .catch(() => caches.match(request)),
  );
});
