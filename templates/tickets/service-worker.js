{% load static %}/* Keeps a ticket's own page, and what it needs to look right, for when there is no signal. Nothing else. */
const PAGES = "tickets-1";
const LOOKS = "ticket-looks-1";
const TICKET = /^\/my\/[a-z2-7]{26}\/(ticket\/[0-9]+\/)?$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), wipeOld()])));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("{% static '' %}")) event.respondWith(look(event.request));
  else if (event.request.mode === "navigate" && TICKET.test(url.pathname) && !url.search) event.respondWith(ticket(url));
});

/* The page asks for itself once after the first visit, when the worker was not yet there to see it. */
self.addEventListener("message", (event) => {
  if (event.data === "keep" && event.source) {
    const url = new URL(event.source.url);
    if (TICKET.test(url.pathname)) event.waitUntil(ticket(url).catch(() => undefined));
  }
});

async function ticket(url) {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(url.pathname, { credentials: "same-origin" });
    if (answer.ok && answer.headers.has("X-Keep-Until")) await pages.put(url.pathname, answer.clone());
    else if (answer.status < 500) await pages.delete(url.pathname);
    return answer;
  } catch (fault) {
    const kept = await pages.match(url.pathname);
    if (kept && !over(kept)) return kept;
    throw fault;
  }
}

async function look(request) {
  const looks = await caches.open(LOOKS);
  try {
    const answer = await fetch(request);
    if (answer.ok) await looks.put(request, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await looks.match(request);
    if (kept) return kept;
    throw fault;
  }
}

async function wipeOld() {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    if (over(await pages.match(request))) await pages.delete(request);
  }
}

function over(answer) {
  return Number(answer.headers.get("X-Keep-Until")) * 1000 < Date.now();
}
