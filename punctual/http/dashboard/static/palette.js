// The command palette (Ctrl+K): what this page offers, everywhere one can go, projects and tasks.
// An element is offered by its data-command, or by its text in the places listed here.
const OFFERED = "[data-command], .bar-nav a, .menu-box a, .menu-box button, .tabs a, .page-head a, .page-head button";
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const text = ({ dataset, textContent }) => (dataset.command ?? textContent).replace(/\s+/g, " ").trim();

let dialog, input, list, options, chosen, asking;

function build() {
  list = make("ul", { id: "palette-list", className: "palette-list", role: "listbox", ariaLabel: "Commands" });
  input = make("input", { type: "text", role: "combobox", autocomplete: "off", maxLength: 200 });
  input.placeholder = input.ariaLabel = "Go to, or do";
  input.ariaExpanded = "true";
  input.ariaAutoComplete = "list";
  input.setAttribute("aria-controls", list.id);
  dialog = make("dialog", { className: "palette", ariaLabel: "Command palette" }, input, list);
  input.addEventListener("input", () => fill(input.value));
  input.addEventListener("keydown", pressed);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
}

function choose(index) {
  options[chosen]?.element.removeAttribute("aria-selected");
  chosen = (index + options.length) % options.length || 0;
  const element = options[chosen]?.element;
  if (!element) return input.removeAttribute("aria-activedescendant");
  element.ariaSelected = "true";
  input.setAttribute("aria-activedescendant", element.id);
  element.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const action = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: () => options[chosen]?.run(),
  }[event.key];
  if (!action || event.isComposing) return;
  event.preventDefault();
  action();
}

function offer(found) {
  options = found.map(({ title, hint = "", run }, index) => {
    const element = make("li", { id: `palette-${index}`, role: "option" }, make("span", { textContent: title }));
    if (hint) element.append(make("small", { textContent: hint }));
    const done = () => {
      dialog.close();
      run();
    };
    element.addEventListener("click", done);
    return { element, run: done };
  });
  const nothing = make("li", { className: "hint", textContent: "Nothing of that name. Try a task's key, or fewer letters." });
  list.replaceChildren(...(options.length ? options.map(({ element }) => element) : [nothing]));
  chosen = -1;
  if (options.length) choose(0);
}

async function fill(query) {
  asking?.abort();
  asking = new AbortController();
  const words = query.toLowerCase().split(/\s+/);
  const seen = new Set();
  const here = [...document.querySelectorAll(OFFERED)]
    .map((element) => ({ title: text(element), run: () => element.click() }))
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)) && !seen.has(title) && seen.add(title));
  offer(here);
  try {
    const response = await fetch(`/palette?q=${encodeURIComponent(query)}`, { signal: asking.signal });
    if (!response.ok) return;
    const { items } = await response.json();
    offer([...here, ...items.map(({ href, ...item }) => ({ ...item, run: () => location.assign(href) }))]);
  } catch {
    // Overtaken by the next letter, or without a connection: the commands of this page are still there.
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  if (document.querySelector("dialog[open]") || !document.getElementById("unread")) return;
  event.preventDefault();
  if (!dialog) build();
  input.value = "";
  dialog.showModal();
  fill("");
});
