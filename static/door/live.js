/** How does a live page stay live? Fetches itself and puts the part marked data-live in place; else the Refresh link does. */

const EVERY = 5000; // milliseconds

async function refresh() {
  const now = document.querySelector("[data-live]");
  if (!now || document.hidden || now.contains(document.activeElement)) return;
  const response = await fetch(location.href, { redirect: "error", signal: AbortSignal.timeout(EVERY * 4) });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.querySelector("[data-live]");
  if (next && !now.contains(document.activeElement)) now.replaceWith(document.adoptNode(next));
}

function init() {
  const again = () => refresh().catch(() => {}).then(() => setTimeout(again, EVERY));
  setTimeout(again, EVERY);
}

init();
