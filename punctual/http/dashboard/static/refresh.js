// What changes by itself: <div id="…" data-refresh="2"> is read again every two seconds, for as long as it says so.
import { take } from "./inline.js";

let seconds = 0;
let asking = false;

setInterval(async () => {
  seconds += 1;
  const due = [...document.querySelectorAll("[data-refresh][id]")].filter(
    ({ dataset }) => seconds % Number(dataset.refresh) === 0,
  );
  if (asking || document.hidden || !due.length) return;
  asking = true;
  try {
    const response = await fetch(location.href);
    if (!response.ok || response.redirected) return;
    take(new DOMParser().parseFromString(await response.text(), "text/html"), due.map(({ id }) => id));
  } catch {
    // Without a connection what is shown stays; the next look may have one.
  } finally {
    asking = false;
  }
}, 1000);
