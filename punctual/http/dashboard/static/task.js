// The page of a task: facts are saved as they are chosen, texts are previewed in place, what others do appears.
import { fetched, send, swap } from "./swap.js";
import { shortcut } from "./keys.js";

const task = () => document.getElementById("task");
const open = () => {
  const edit = document.getElementById("edit");
  if (edit) edit.open = true;
  document.getElementById("title")?.focus();
};
let pointed = false;
let unsaved = null;

async function save(form) {
  unsaved = null;
  const focus = document.activeElement?.id;
  form.setAttribute("aria-busy", "true");
  try {
    const { response, page } = await send(form);
    if (response.redirected && new URL(response.url).pathname !== location.pathname) return location.assign(response.url);
    const typing = document.querySelector("#edit[open], #say textarea:not(:placeholder-shown)");
    if (!page.getElementById("task") || page.querySelector("[data-conflict]") || !typing) swap(page, "main");
    else for (const part of ["#facts", ".said", ".activity"]) swap(page, part);
    document.getElementById(focus)?.focus();
  } catch {
    form.requestSubmit();
  }
}

if (task()) {
  document.addEventListener("pointerdown", () => (pointed = true));
  document.addEventListener("keydown", (event) => {
    pointed = false;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  });
  // By keyboard a value is passed on the way to another one, so it counts when the field is left.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-save]");
    if (form) pointed ? save(form) : (unsaved = form);
  });
  document.addEventListener("focusout", () => unsaved && save(unsaved));
  document.addEventListener("click", async (event) => {
    if (event.target.closest(".edit > summary")) setTimeout(open);
    const button = event.target.closest("[data-preview]");
    if (!button) return;
    event.preventDefault();
    const { page } = await send(button.form, { preview: "1" });
    swap(page, `#${button.dataset.preview}`);
  });
  shortcut("e", open);
  shortcut("m", () => document.getElementById("text")?.focus());
  document.addEventListener("notification", async ({ detail }) => {
    if (detail.task_id !== task()?.dataset.taskId || unsaved) return;
    const { page } = await fetched(location.href);
    const parts = [".activity", "#people", "#watching"];
    if (!document.activeElement?.closest("#facts")) parts.push("#facts");
    if (!document.querySelector("#edit[open]")) parts.push(".task-text");
    for (const part of parts) if (!document.querySelector(`${part} :is(:focus, details[open])`)) swap(page, part);
  });
}
