/* Serves the door page with no network. The list of files is its version; a new one waits until the page is idle. */

const VERSION = "door {{ version }}";
const PAGE = "{{ page }}";
const FILES = {{ files|safe }};

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});

/** All or nothing, and never the page of a hotspot in place of ours. */
async function keepAll() {
  const answers = await Promise.all(
    [PAGE, ...FILES].map((url) => fetch(new Request(url, { cache: "reload", redirect: "error" }))),
  );
  for (const [place, answer] of answers.entries()) {
    const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
    if (!answer.ok || isPage !== (place === 0)) throw new Error(`not ours: ${answer.url}`);
  }
  if (!(await answers[0].clone().text()).includes('data-service-worker="')) throw new Error("not our page");
  const cache = await caches.open(VERSION);
  await Promise.all(answers.map((answer, place) => cache.put(place ? FILES[place - 1] : PAGE, answer)));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = event.request.mode === "navigate" && url.pathname === PAGE;
  if (!isPage && !FILES.includes(url.pathname)) return;
  event.respondWith(
    caches
      .open(VERSION)
      .then((cache) => cache.match(isPage ? PAGE : event.request, { ignoreSearch: isPage }))
      .then((known) => known ?? fetch(event.request)),
  );
});
