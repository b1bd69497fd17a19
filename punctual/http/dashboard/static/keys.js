// Keyboard shortcuts. A module adds its own with: import { shortcut } from "./keys.js"
const actions = new Map();
let before = "";

export function shortcut(keys, action) {
  actions.set(keys, action);
}

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const action = actions.get(`${before} ${event.key}`) ?? actions.get(event.key);
  before = event.key;
  setTimeout(() => (before = ""), 1000);
  if (action) {
    event.preventDefault();
    action();
  }
});

const focus = (id) => () => document.getElementById(id)?.focus();
const go = (path) => () => location.assign(path);
const step = (by) => () => {
  const links = [...document.querySelectorAll(".task-link")];
  links[links.indexOf(document.activeElement) + by || 0]?.focus();
};

shortcut("/", focus("search"));
shortcut("c", focus("quick-add"));
shortcut("g m", go("/"));
shortcut("g p", go("/projects"));
shortcut("g i", go("/inbox"));
shortcut("j", step(1));
shortcut("k", step(-1));
shortcut("?", () => document.getElementById("shortcuts")?.showModal());
