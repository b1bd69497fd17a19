import { all, byId, make, on, one, renew, say } from "./page.js";

const count = byId("unread");
const { project } = document.body.dataset;
let source, timer, waiting, began;
let wait = 2;

const HEARD = {
  // Each stream begins with it; what happened between two of them is unknown.
  unread(number) {
    count.textContent = number || "";
    wait = 2;
    if (began) HEARD.missed();
    began = true;
  },
  notification() {
    count.textContent = +count.textContent + 1;
    renew(all("[data-live='']"));
  },
  task({ task_id, key, version }) {
    const parts = all(`[data-live="${task_id}"]`);
    if (parts.length || !(byId(key)?.dataset.version >= version)) later(parts);
  },
  missed: () => later(all("[data-live]")),
};

// Many changes are read once; none while a card is on its way.
function later(parts) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (one(".ticket-dragged, .ticket-waiting")) return later(parts);
    const before = byId("lately")?.textContent;
    await renew([...all("[data-swap]"), ...parts]);
    const told = byId("lately")?.textContent;
    const stale = one("[data-stale]") ? [make("a", { href: location.pathname, textContent: "Load it" })] : [];
    if (told && told !== before) say(told, "done", ...stale);
  }, 150);
}

// Browsers don't come back after a refusal; tabs that nobody looks at need no stream.
function open() {
  clearTimeout(timer);
  source?.close();
  if (document.hidden) return;
  source = new EventSource(project ? `/live?project=${project}` : "/live");
  for (const name in HEARD) source.addEventListener(name, ({ data }) => HEARD[name](JSON.parse(data)));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(open, wait * 1000 * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 60);
  };
}

if (count) {
  on("visibilitychange", open);
  addEventListener("pageshow", open);
}
setInterval(() => renew(all("[data-refresh]")), 2000);
