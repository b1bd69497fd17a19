// Keyboard shortcuts. A module adds its own with: import { shortcut } from "./keys.js"
const OFF = "shortcuts-off";
const actions = new Map();
const dialog = document.getElementById("shortcuts");
let before = "";
let forgetting = 0;

// `keys` is one key, or two after each other with a space between; with a `text` the list gets a row for them.
export function shortcut(keys, action, text = "") {
  actions.set(keys, action);
  if (!text || !dialog) return;
  const row = document.createElement("div");
  row.append(document.createElement("dt"), Object.assign(document.createElement("dd"), { textContent: text }));
  for (const key of keys.split(" ")) {
    row.firstChild.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
  }
  dialog.querySelector(".keys").append(row);
}

const typing = (element) => element.isContentEditable || element.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (localStorage.getItem(OFF) || document.querySelector("dialog[open]")) return;
  const action = actions.get(`${before} ${event.key}`) ?? actions.get(event.key);
  before = event.key;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (before = ""), 1000);
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
const list = () => dialog?.showModal();

shortcut("/", focus("search"));
shortcut("c", focus("quick-add"));
shortcut("g m", go("/"));
shortcut("g p", go("/projects"));
shortcut("g s", go("/settings"));
shortcut("g i", go("/inbox"));
shortcut("j", step(1));
shortcut("k", step(-1));
shortcut("?", list);

// Whoever speaks to the computer, or is easily off by a key, can do without single keys.
const choice = document.getElementById("shortcuts-on");
if (choice) {
  choice.checked = !localStorage.getItem(OFF);
  choice.addEventListener("change", () =>
    choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"),
  );
}
const opener = document.getElementById("open-shortcuts");
if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", list);
}
