// Quick add; names after an @.
import { all, byId, cycle, look, make, on, one } from "./page.js";

const line = byId("quick-add");
const echo = byId("quick-echo");
let timer, asked;

async function understand() {
  asked = line.value;
  const { page } = await look(`/quick-add?${new URLSearchParams(new FormData(line.form))}`);
  const parts = ["#echo", "#draft"].map((id) => page && one(id, page));
  echo.hidden = line.value !== asked || !parts[0];
  if (echo.hidden) return;
  echo.dataset.ready = parts[0].dataset.ready;
  echo.replaceChildren(...parts);
  for (const part of all("[id]", echo)) part.removeAttribute("id");
}

if (line) {
  line.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(understand, 250);
  };
  line.onkeydown = (event) => {
    if (event.key === "Escape") echo.hidden = true;
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey) return;
    if (echo.hidden || !echo.dataset.ready || asked !== line.value) return;
    event.preventDefault();
    one("form", echo).requestSubmit();
  };
}

const list = make("div", { className: "mentions", role: "group", ariaLabel: "People" });
on("input", ({ target }) => {
  list.remove();
  if (!target.matches("[data-mention]")) return;
  const start = /(?:^|\s)@(\S*)$/.exec(target.value.slice(0, target.selectionStart))?.[1].toLowerCase();
  const fits = ({ value, label }) => ` ${value} ${label}`.toLowerCase().includes(` ${start}`);
  const offer = ({ value, label }) => {
    const onclick = () => {
      target.focus();
      const end = target.selectionStart;
      target.setRangeText(`${value} `, end - start.length, end, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return make("button", { type: "button", textContent: label, onclick });
  };
  list.replaceChildren(...all("#names option").filter(fits).slice(0, 7).map(offer));
  if (one("button", list)) target.after(list);
});
on("keydown", (event) => {
  if (!list.parentElement?.contains(event.target)) return;
  if (event.key === "Escape") list.remove();
  cycle(event, [list.previousSibling, ...list.children]);
});
