export const on = (type, listener, capture) => document.addEventListener(type, listener, capture);
export const byId = (id) => document.getElementById(id);
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
async function read(address, options) {
  const response = await fetch(address, options);
  return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

export const look = (address) => read(address).catch(() => ({}));
export function cycle(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}

function show(boxes) {
  byId("said").className = "said-floating";
  byId("said").replaceChildren(...boxes);
}
export function say(textContent, kind = "fault", ...more) {
  show([make("p", { className: `said said-${kind}`, textContent }, ...more)]);
}

const typed = (part) => all("input, textarea", part).some(({ value, defaultValue }) => value !== defaultValue);
const busy = (part) => one(":focus, details[open]", part) || typed(part);
const mark = ({ id, name, href, value }) => [id, name, href, value].join();

// A press or drop on what was exchanged would come to nothing.
let pressed;
const press = ({ buttons }) => (pressed = buttons === 1);
for (const what of ["down", "move", "up", "cancel"]) on(`pointer${what}`, press, true);
export const held = () => pressed || one(".ticket-dragged, .ticket-waiting, #move[open]");
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

// How many it took over. Where somebody is busy, but not with `form`, the old stays.
function take(page, ids, form) {
  return ids.filter((id) => {
    const [old, fresh] = [byId(id), page.getElementById(id)];
    if (!old || !fresh) return;
    if (!old.matches("[data-swap]") && !old.contains(form) && busy(old)) return (old.dataset.stale = true);
    const focused = one(":focus", old);
    const ticked = all("[name=tasks]:checked", old);
    const find = (known) => all("a, button, input, select, textarea", fresh).find((each) => mark(each) === mark(known));
    old.replaceWith(fresh);
    fresh.value = old.value;
    for (const box of ticked.map(find)) if (box) box.checked = true;
    if (focused) {
      fresh.tabIndex = -1;
      (find(focused) ?? fresh).focus({ preventScroll: true });
    }
    return true;
  }).length;
}

// True when parts came back, as they are now or with what is wrong.
const again = new WeakSet();
export async function send(form, submitter) {
  if (form.ariaBusy === "true") return void again.add(form);
  form.ariaBusy = "true";
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const ids = (submitter?.dataset.preview ?? form.dataset.inline).split(" ");
  try {
    let { response, page } = await read(url, { method: "POST", body: new FormData(form, submitter) });
    while (response.headers.has("refresh")) {
      say("Accepted, not done yet …");
      await pause(1500);
      ({ response, page } = await read(response.url));
    }
    if (response.url.includes("/operations/")) return say(one(".fault", page).textContent);
    while (one(".ticket-dragged")) await pause(99);
    // What was changed meanwhile is sent first.
    if (!again.has(form) && !take(page, ids, form)) {
      if (response.redirected) return location.assign(response.url);
      if (!take(page, ["main"], form)) throw new Error("try again shortly");
    }
    // Sent again it is another change.
    for (const once of all("[name=once]", form)) once.value += "+";
    show(one("#said", page)?.children ?? []);
    return true;
  } catch ({ message }) {
    say(`There was no answer (${message}). What you typed is still here.`);
  } finally {
    form.ariaBusy = "false";
    if (again.delete(form)) send(form);
  }
}

// From where the first says or this page. True when the hand was in the way.
export async function renew(parts) {
  if (document.hidden || !parts.length) return;
  const { response, page } = await look(parts[0].dataset.from ?? location.href);
  if (!response?.ok || response.redirected) return;
  if (held()) return true;
  take(page, parts.map(({ id }) => id));
}

on("submit", (event) => {
  const { target, submitter } = event;
  if (!(target.dataset.inline || submitter?.dataset.preview)) return;
  event.preventDefault();
  send(target, submitter);
});
// By keyboard one passes values on the way: the last one counts.
on("change", ({ target }) => {
  const save = () => target.form.requestSubmit();
  if (!target.form?.matches("[data-autosave]")) return;
  if (target.type === "checkbox" || !target.matches(":focus-visible")) save();
  else target.onblur = save;
});
on("keydown", ({ key, ctrlKey, metaKey, target }) => {
  if (key === "Enter" && (ctrlKey || metaKey) && target.matches("textarea, #quick-add")) target.form.requestSubmit();
});
