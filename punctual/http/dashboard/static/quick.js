// Quick add: what a line is understood as is shown while it is typed; Enter then creates the task.
import { all, byId, make, read } from "./page.js";

const line = byId("quick-add");
const echo = byId("quick-echo");
let timer, asked;

const hide = () => (echo.hidden = true);

async function understand() {
  asked = line.value;
  if (!asked.trim()) return hide();
  const { page } = await read(`/quick-add?${new URLSearchParams(new FormData(line.form))}`);
  if (line.value !== asked || document.activeElement !== line) return;
  const [seen, draft] = [page.getElementById("echo"), page.getElementById("draft")];
  if (!seen || !draft) return hide();
  for (const part of all("[id]", draft)) part.removeAttribute("id");
  draft.hidden = true;
  draft.id = "quick-draft";
  // A form can't stand within another one.
  byId("quick-draft")?.remove();
  document.body.append(draft);
  const textContent = seen.dataset.ready ? "Enter creates it. Ctrl+Enter: look at it first." : "Enter: correct it.";
  echo.replaceChildren(...seen.children, make("p", { className: "hint", textContent }));
  echo.dataset.ready = seen.dataset.ready;
  echo.hidden = false;
}

line?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(understand, 250);
});
line?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  if (event.key !== "Enter" || event.isComposing) return;
  const ready = !echo.hidden && echo.dataset.ready && asked === line.value;
  if (!ready && !event.ctrlKey) return;
  event.preventDefault();
  (event.ctrlKey ? line.form : byId("quick-draft")).requestSubmit();
});
line?.addEventListener("blur", () => setTimeout(hide, 200));
