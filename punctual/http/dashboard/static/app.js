import { all, byId, on, one } from "./page.js";
import "./fields.js";
import "./live.js";
import "./palette.js";
import "./project.js";

// Keys act on the element with this data-key.
const OFF = "shortcuts-off";
let before, forgetting;
on("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || localStorage[OFF]) return;
  if (target.matches("input, textarea, select") || one("dialog[open]")) return;
  const find = (keys, marked = `[data-key="${CSS.escape(keys)}"]`) => one(`.ticket:focus-within ${marked}`) ?? one(marked);
  const links = all(".task-link");
  const step = { j: 1, k: -1 }[key];
  const element = step ? links[links.indexOf(target) + step] : find(`${before} ${key}`) ?? find(key);
  before = key;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (before = ""), 1000);
  if (!element) return;
  event.preventDefault();
  if (element.matches("details")) element.open = true;
  else if (element.matches("input, textarea, .task-link")) element.focus();
  else element.click();
});

// Who speaks to the computer can do without.
const choice = byId("shortcuts-on");
if (choice) {
  choice.checked = !localStorage[OFF];
  choice.onchange = () => (localStorage[OFF] = choice.checked ? "" : "1");
  byId("open-shortcuts").onclick = () => byId("shortcuts").showModal();
}

const shut = (but) => all("details.menu[open]").forEach((menu) => (menu.open = menu.contains(but)));
on("click", ({ target }) => shut(target));
on("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  target.closest("details.menu")?.firstElementChild.focus();
  shut();
});
on("toggle", ({ target }) => target.open && byId(target.dataset.focus)?.focus(), true);

const zone = one(`[data-guess-zone] [value="${Intl.DateTimeFormat().resolvedOptions().timeZone}"]`);
if (zone?.parentElement.value === "UTC") zone.selected = true;
