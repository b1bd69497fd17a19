// Quick add: what a line is understood as is shown while it is typed; Enter then creates the task.
import { fetched } from "./swap.js";

const line = document.getElementById("quick-add");
const echo = document.getElementById("quick-echo");
let timer = 0;
let asked = "";

function hide() {
  echo.hidden = true;
}

async function understand() {
  const query = new URLSearchParams(new FormData(line.form));
  asked = line.value;
  if (!asked.trim()) return hide();
  const { page } = await fetched(`/quick-add?${query}`);
  if (line.value !== asked || document.activeElement !== line) return;
  const [seen, draft] = [page.getElementById("echo"), page.getElementById("draft")];
  if (!seen || !draft) return hide();
  draft.hidden = true;
  draft.id = "quick-draft";
  for (const part of draft.querySelectorAll("[id]")) part.removeAttribute("id");
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = seen.dataset.ready ? "Enter creates it. Ctrl+Enter: look at it first." : "Enter: correct it.";
  echo.replaceChildren(...seen.children, hint);
  // A form can't stand within another one.
  document.getElementById("quick-draft")?.remove();
  document.body.append(draft);
  echo.dataset.ready = seen.dataset.ready;
  echo.hidden = false;
}

if (line) {
  line.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(understand, 250);
  });
  line.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (event.key !== "Enter" || event.isComposing) return;
    const ready = !echo.hidden && echo.dataset.ready && asked === line.value && !event.ctrlKey;
    if (ready || event.ctrlKey) event.preventDefault();
    if (ready) document.getElementById("quick-draft").requestSubmit();
    else if (event.ctrlKey) line.form.requestSubmit();
  });
  line.addEventListener("blur", () => setTimeout(hide, 200));
}
