/** Lets the ticket page open without signal. Without JavaScript everything else works all the same. */

async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/my/service-worker.js", { scope: "/my/" });
  const { active } = await navigator.serviceWorker.ready;
  const looks = [...document.querySelectorAll('link[rel="stylesheet"], link[rel="preload"], script[src]')];
  active.postMessage("keep");
  // Fetched through the worker from now on, so that it keeps them too.
  await Promise.allSettled(looks.map((one) => fetch(one.href || one.src)));
}

keepForLater().catch(() => undefined);
