import { all, byId, held, make, on, one, renew, say } from "./page.js";

const count = byId("unread");
const { project, since } = document.body.dataset;
let source, waiting;
let [began, wait] = [0, 2];

const HEARD = {
  // Streams begin with it.
  unread(number) {
    const other = count.textContent != (number || "");
    count.textContent = number || "";
    wait = 2;
    if (began++ || other) HEARD.missed();
  },
  notification() {
    count.textContent = +count.textContent + 1;
    later(all("[data-live='']"));
  },
  task({ task_id, key, version }) {
    const parts = all(`[data-live="${task_id}"]`);
    if (parts.length || !(byId(key)?.dataset.version >= version)) later([...parts, ...all("[data-swap]")]);
  },
  missed: () => later(all("[data-live], [data-statuses], [data-swap]")),
  status: () => HEARD.missed(),
};

let due = [];
function later(parts) {
  due.push(...parts);
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (held()) return later([]);
    const before = byId("lately")?.textContent;
    [parts, due] = [due, []];
    if (await renew(parts)) return later(parts);
    const told = byId("lately")?.textContent;
    const stale = one("[data-stale]") && make("a", { href: location.pathname, textContent: "Load it" });
    if (told && told !== before) say(told, "done", stale ?? "");
  }, 150);
}

// Browsers give up after a refusal; hidden tabs need no stream.
function open() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource(project ? `/live?project=${project}&since=${since}` : "/live");
  for (const name in HEARD) source.addEventListener(name, ({ data }) => HEARD[name](JSON.parse(data)));
  source.onerror = () => {
    if (source.readyState < 2) return;
    setTimeout(open, wait * (750 + Math.random() * 500));
    wait = Math.min(wait * 2, 60);
  };
}

if (count) {
  on("visibilitychange", open);
  addEventListener("pageshow", open);
}
setInterval(() => renew(all("[data-refresh]")), 2000);
