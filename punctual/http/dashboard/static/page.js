export const on = (type, listener, capture) => document.addEventListener(type, listener, capture);
export const byId = (id) => document.getElementById(id);
export const one = (selector, within = document) => within.querySelector(selector);
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

// Nothing without a connection, or when the page is being left.
export const look = (address) => read(address).catch(() => ({}));
export function cycle(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}

// Sentences float, so that nothing moves under the hand.
let hiding;
function show(boxes) {
  const place = byId("said");
  place.className = "said-floating";
  place.replaceChildren(...boxes);
  clearTimeout(hiding);
  if (!one("form, a, .said-fault", place)) hiding = setTimeout(() => place.replaceChildren(), 6000);
}
export function say(textContent, kind = "fault", ...more) {
  show([make("p", { className: `said said-${kind}`, textContent }, ...more)]);
}

const typed = ({ value, defaultValue }) => value !== defaultValue;
const busy = (part) => one(":focus, details[open]", part) || all("input, textarea", part).some(typed);

// Takes parts over; how many. Where somebody is busy and `form` isn't, the old stays.
function take(page, ids, form) {
  return ids.filter((id) => {
    const [old, fresh] = [byId(id), page.getElementById(id)];
    if (!old || !fresh) return false;
    if (!old.matches("[data-swap]") && !old.contains(form) && busy(old)) return (old.dataset.stale = true);
    const focused = one(":focus", old);
    old.replaceWith(fresh);
    if (focused) refocus(fresh, focused);
    return true;
  }).length;
}
function refocus(part, focused) {
  const same = (other) => ["id", "name", "href", "value"].every((key) => other[key] === focused[key]);
  part.tabIndex = -1;
  (all("a, button, input, select, textarea", part).find(same) ?? part).focus({ preventScroll: true });
}

// True when the form's parts came back, as they are now or with what is wrong.
const again = new WeakSet();
export async function send(form, submitter, body = new FormData(form, submitter)) {
  if (form.ariaBusy === "true") return void again.add(form);
  form.ariaBusy = "true";
  const url = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const ids = (submitter?.dataset.preview ?? form.dataset.inline).split(" ");
  try {
    let { response, page } = await read(url, { method: "POST", body });
    while (response.headers.has("refresh")) {
      say("Accepted, not done yet …");
      await new Promise((resolve) => setTimeout(resolve, 1500));
      ({ response, page } = await read(response.url));
    }
    if (response.url.includes("/operations/")) return say(one(".fault", page).textContent);
    // What was changed meanwhile isn't in this answer: that is sent first.
    if (!again.has(form) && !take(page, ids, form)) {
      if (response.redirected) return location.assign(response.url);
      if (!take(page, ["main"], form)) throw new Error("try again shortly");
    }
    // The same, sent again, is another change.
    for (const once of all("[name=once]", form)) once.value += "+";
    show(page.getElementById("said")?.children ?? []);
    return true;
  } catch ({ message }) {
    say(`There was no answer (${message}). What you typed is still here.`);
  } finally {
    form.ariaBusy = "false";
    if (again.delete(form)) send(form);
  }
}

// Reads parts anew, from where the first of them says or from this page.
export async function renew(parts) {
  if (document.hidden || !parts.length) return;
  const { response, page } = await look(parts[0].dataset.from ?? location.href);
  if (!response?.ok || response.redirected) return;
  take(page, parts.map(({ id }) => id));
  return page;
}

on("submit", (event) => {
  const { target, submitter } = event;
  if (event.defaultPrevented || !(target.dataset.inline || submitter?.dataset.preview)) return;
  event.preventDefault();
  send(target, submitter);
});
// By keyboard a value is passed on the way to another one: it counts when the field is left.
on("change", ({ target }) => {
  const save = () => target.form.requestSubmit();
  if (!target.form?.matches("[data-autosave]")) return;
  if (target.type === "checkbox" || !target.matches(":focus-visible")) save();
  else target.onblur = save;
});
on("keydown", ({ key, ctrlKey, metaKey, target }) => {
  if (key === "Enter" && (ctrlKey || metaKey) && target.matches("textarea, #quick-add")) target.form.requestSubmit();
});
