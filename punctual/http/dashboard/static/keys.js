// Shortcuts: a key acts on the element with this data-key, or as a module says: shortcut("m", action).
import { all, byId } from "./page.js";

const OFF = "shortcuts-off";
const actions = new Map();
let before = "";
let forgetting;

export const shortcut = (keys, action) => actions.set(keys, action);

function find(keys) {
  const element = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (!element) return actions.get(keys);
  if (element.matches("details")) return () => (element.open = true);
  return () => (element.matches("input, textarea") ? element.focus() : element.click());
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.matches("input, textarea, select") || localStorage.getItem(OFF) || document.querySelector("dialog[open]")) return;
  const action = find(`${before} ${key}`) ?? find(key);
  before = key;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (before = ""), 1000);
  if (!action) return;
  event.preventDefault();
  action();
});

const step = (by) => () => {
  const links = all(".task-link");
  links[links.indexOf(document.activeElement) + by || 0]?.focus();
};
shortcut("j", step(1));
shortcut("k", step(-1));

// Whoever speaks to the computer, or is easily off by a key, can do without single keys.
const choice = byId("shortcuts-on");
const opener = byId("open-shortcuts");
if (opener) {
  choice.checked = !localStorage.getItem(OFF);
  choice.addEventListener("change", () => (choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  opener.hidden = false;
  opener.addEventListener("click", () => byId("shortcuts").showModal());
}
