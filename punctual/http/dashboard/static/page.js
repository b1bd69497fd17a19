// Parts of a page are sent, read anew and taken over without leaving it. docs/dashboard.md says how to use it.
const again = new WeakSet();
let hiding, asking, pointed, unsaved;
let seconds = 0;

export const byId = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export async function read(address, options) {
  const response = await fetch(address, options);
  return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

// Sentences float here, so that nothing moves under the hand; faults, and what can be undone, stay.
function show(...boxes) {
  const place = byId("said");
  place.className = "said-floating";
  place.replaceChildren(...boxes);
  clearTimeout(hiding);
  if (!place.querySelector("form, .said-fault")) hiding = setTimeout(() => place.replaceChildren(), 6000);
}

export function say(sentence, kind = "done") {
  const role = kind === "fault" ? "alert" : null;
  show(make("div", { className: `said said-${kind}`, role }, make("p", { textContent: sentence })));
}

const typed = ({ value, defaultValue }) => value !== defaultValue;
const busy = (part) => part.querySelector(":focus, details[open]") || all("input, textarea", part).some(typed);

// Takes parts over from another page, but for those in which somebody is busy and that `form` isn't in; how many.
function take(page, ids, form) {
  return ids.filter((id) => {
    const [old, fresh] = [byId(id), page.getElementById(id)];
    if (!old || !fresh) return false;
    if (!old.contains(form) && busy(old)) return true;
    const focused = old.contains(document.activeElement) && document.activeElement;
    old.replaceWith(fresh);
    if (focused) refocus(fresh, focused);
    return true;
  }).length;
}

function refocus(fresh, focused) {
  const same = ({ id, name, value }) => (focused.id ? id === focused.id : name && name === focused.name && value === focused.value);
  const target = [fresh, ...all("*", fresh)].find(same) ?? fresh;
  if (target === fresh) fresh.tabIndex = -1;
  target.focus({ preventScroll: true });
}

async function send(form, submitter) {
  if (form.ariaBusy === "true") return again.add(form);
  const body = new FormData(form, submitter);
  const url = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  form.ariaBusy = "true";
  try {
    const { response, page } = await read(url, { method: "POST", body });
    const ids = (submitter?.dataset.preview ?? form.dataset.inline).split(" ");
    // What was changed meanwhile isn't in this answer, so it is sent before anything is taken over.
    if (!again.has(form) && !take(page, ids, form)) {
      if (response.redirected) return location.assign(response.url);
      take(page, ["main"], form);
    }
    const once = page.querySelector('[name="once"]');
    if (once) for (const field of all('[name="once"]', form)) field.value = once.value;
    show(...(page.getElementById("said")?.children ?? []));
  } catch {
    say("This could not be sent: there is no connection. What you typed is still here.", "fault");
  } finally {
    form.ariaBusy = "false";
    if (again.delete(form)) send(form);
  }
}

async function renew(parts) {
  if (document.hidden || !parts.length) return;
  try {
    const { response, page } = await read(location.href);
    if (response.ok && !response.redirected) take(page, parts.map(({ id }) => id));
  } catch {
    // Without a connection what is shown stays; the next look may have one.
  }
}

document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (event.defaultPrevented || !(target.dataset.inline || submitter?.dataset.preview)) return;
  event.preventDefault();
  send(target, submitter);
});
// By keyboard a value is passed on the way to another one, so it counts when the field is left.
document.addEventListener("change", ({ target: { form, type } }) => {
  if (!form?.matches("[data-autosave]")) return;
  if (pointed || type === "checkbox") form.requestSubmit();
  else unsaved = form;
});
document.addEventListener("focusout", () => {
  unsaved?.requestSubmit();
  unsaved = null;
});
document.addEventListener("pointerdown", () => (pointed = true));
document.addEventListener("keydown", ({ key, ctrlKey, metaKey, target }) => {
  pointed = false;
  if (key === "Enter" && (ctrlKey || metaKey) && target.matches("textarea")) target.form.requestSubmit();
});
document.addEventListener("notification", ({ detail }) =>
  renew(all("[data-live]").filter(({ dataset: { live } }) => !live || live === detail.task_id)),
);
setInterval(async () => {
  seconds += 1;
  if (asking) return;
  asking = true;
  await renew(all("[data-refresh]").filter(({ dataset }) => seconds % dataset.refresh === 0));
  asking = false;
}, 1000);
