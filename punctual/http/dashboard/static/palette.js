// Ctrl+K: what this page offers, then projects and tasks.
import { all, byId, cycle, look, make, on, one } from "./page.js";

const OFFERED = "[data-command], :is(.bar-nav, .menu-box, .tabs, .page-head) :is(a, button)";
const dialog = byId("palette");
const list = byId("palette-list");

function offer(element) {
  const textContent = (element.dataset.command ?? element.textContent).replace(/\s+/g, " ").trim();
  const onclick = () => {
    dialog.close();
    element.click();
  };
  return make("li", {}, make("button", { textContent, onclick }));
}

async function fill({ target }) {
  const asked = target.value;
  const words = asked.toLowerCase().split(/\s+/);
  const fits = ({ textContent }) => words.every((word) => textContent.toLowerCase().includes(word));
  list.replaceChildren(...all(OFFERED).map(offer).filter(fits));
  const { page } = await look(`/palette?q=${encodeURIComponent(asked)}`);
  if (page && target.value === asked) list.append(...all(".found", page));
}

if (dialog) {
  const input = one("input", dialog);
  input.oninput = fill;
  dialog.onkeydown = (event) => {
    const items = all("input, button, a", dialog);
    cycle(event, items);
    if (event.key !== "Enter" || event.target !== input || event.isComposing) return;
    event.preventDefault();
    items[1]?.click();
  };
  on("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || one("dialog[open]")) return;
    event.preventDefault();
    input.value = "";
    dialog.showModal();
    fill({ target: input });
  });
}
