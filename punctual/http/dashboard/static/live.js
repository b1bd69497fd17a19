// Follows the person's notifications: the count in the header, and an event on the document for whoever else listens.
import { byId } from "./page.js";

const LONGEST_WAIT = 60;
const count = byId("unread");
let source, timer;
let wait = 2;

function show(unread) {
  count.textContent = unread || "";
  count.hidden = !unread;
}

function open() {
  if (source || document.hidden) return;
  source = new EventSource("/live");
  source.addEventListener("open", () => (wait = 2));
  source.addEventListener("notification", ({ data }) => {
    show(Number(count.textContent) + 1);
    document.dispatchEvent(new CustomEvent("notification", { detail: JSON.parse(data) }));
  });
  // A browser comes back by itself after a broken connection, but not after an answer that refuses.
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    timer = setTimeout(reopen, wait * 1000 * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

// A person may have five streams; tabs that nobody looks at need none.
function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

// What came while there was no stream is in the count.
async function reopen() {
  if (source || document.hidden) return;
  try {
    const response = await fetch("/live/count");
    if (response.status === 204) return;
    if (response.ok) show((await response.json()).unread);
  } catch {
    // The stream finds out the same, and waits.
  }
  open();
}

if (count) {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : reopen()));
  addEventListener("online", reopen);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && reopen());
  open();
}
