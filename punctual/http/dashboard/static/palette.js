// The command palette (Ctrl+K): what this page offers, everywhere one can go, projects and tasks.
// An element is offered by its data-command, or by its text in the places listed here.
import { all, byId, make } from "./page.js";

const OFFERED = "[data-command], .bar-nav a, .menu-box a, .menu-box button, .tabs a, .page-head a, .page-head button";
const text = ({ dataset, textContent }) => (dataset.command ?? textContent).replace(/\s+/g, " ").trim();
let dialog, input, list, options, chosen, asking;

function build() {
  list = make("ul", { id: "palette-list", className: "palette-list", role: "listbox", ariaLabel: "Commands" });
  input = make("input", { role: "combobox", autocomplete: "off", maxLength: 200, ariaExpanded: "true", ariaAutoComplete: "list" });
  input.placeholder = input.ariaLabel = "Go to, or do";
  input.setAttribute("aria-controls", list.id);
  input.addEventListener("input", fill);
  input.addEventListener("keydown", pressed);
  dialog = make("dialog", { className: "palette", ariaLabel: "Command palette" }, input, list);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
}

function choose(index) {
  options[chosen]?.element.removeAttribute("aria-selected");
  chosen = (index + options.length) % options.length || 0;
  const element = options[chosen]?.element;
  input.setAttribute("aria-activedescendant", element?.id ?? "");
  if (!element) return;
  element.ariaSelected = "true";
  element.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const { key } = event;
  if (event.isComposing || !["ArrowDown", "ArrowUp", "Enter"].includes(key)) return;
  event.preventDefault();
  if (key === "Enter") options[chosen]?.element.click();
  else choose(chosen + (key === "ArrowDown" ? 1 : -1));
}

function offer(found) {
  options = found.map(({ title, hint, run }, index) => {
    const parts = [make("span", { textContent: title }), ...(hint ? [make("small", { textContent: hint })] : [])];
    const element = make("li", { id: `palette-${index}`, role: "option" }, ...parts);
    element.addEventListener("click", () => {
      dialog.close();
      run();
    });
    return { element };
  });
  const nothing = make("li", { className: "hint", textContent: "Nothing of that name. Try a task's key, or fewer letters." });
  list.replaceChildren(...(options.length ? options.map(({ element }) => element) : [nothing]));
  chosen = -1;
  choose(0);
}

async function fill() {
  asking?.abort();
  asking = new AbortController();
  const words = input.value.toLowerCase().split(/\s+/);
  const here = new Map();
  for (const element of all(OFFERED)) {
    const title = text(element);
    if (!here.has(title) && words.every((word) => title.toLowerCase().includes(word))) {
      here.set(title, { title, run: () => element.click() });
    }
  }
  offer([...here.values()]);
  try {
    const response = await fetch(`/palette?q=${encodeURIComponent(input.value)}`, { signal: asking.signal });
    if (!response.ok) return;
    const { items } = await response.json();
    offer([...here.values(), ...items.map(({ href, ...item }) => ({ ...item, run: () => location.assign(href) }))]);
  } catch {
    // Overtaken by the next letter, or without a connection: the commands of this page are still there.
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  if (document.querySelector("dialog[open]") || !byId("unread")) return;
  event.preventDefault();
  if (!dialog) build();
  input.value = "";
  dialog.showModal();
  fill();
});
