// Sends forms without leaving the page: <form data-inline="ids"> takes the elements with these ids from the answer.
// docs/dashboard.md says how to use it.
const again = new WeakSet();

let hiding = 0;

// Sentences float here, so that nothing moves under the hand; faults, and what can be undone, stay.
function show(...boxes) {
  const place = document.getElementById("said");
  place.className = "said-floating";
  place.replaceChildren(...boxes);
  clearTimeout(hiding);
  if (!place.querySelector("form, .said-fault")) hiding = setTimeout(() => place.replaceChildren(), 6000);
}

export function say(sentence, kind = "done") {
  const box = document.createElement("div");
  box.className = `said said-${kind}`;
  if (kind === "fault") box.role = "alert";
  box.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  show(box);
}

// Replaces elements of this page by those of another one; how many there were.
export function take(answer, ids) {
  return ids.filter((id) => {
    const [old, fresh] = [document.getElementById(id), answer.getElementById(id)];
    if (!old || !fresh) return false;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    if (focused) refocus(fresh, focused);
    return true;
  }).length;
}

function refocus(fresh, focused) {
  const same = ({ id, name, value }) => (focused.id ? id === focused.id : name && name === focused.name && value === focused.value);
  const target = [fresh, ...fresh.querySelectorAll("*")].find(same) ?? fresh;
  if (target === fresh) fresh.tabIndex = -1;
  target.focus({ preventScroll: true });
}

export async function send(form, submitter) {
  if (form.ariaBusy === "true") {
    again.add(form);
    return;
  }
  const body = new FormData(form, submitter);
  const url = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  form.ariaBusy = "true";
  try {
    const response = await fetch(url, { method: "POST", body });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    // What was changed meanwhile isn't in this answer, so it is sent before anything is taken over.
    if (!again.has(form) && !take(answer, form.dataset.inline.split(" "))) return location.assign(response.url);
    const once = answer.querySelector('[name="once"]');
    if (once) for (const field of form.querySelectorAll('[name="once"]')) field.value = once.value;
    show(...(answer.getElementById("said")?.children ?? []));
    document.dispatchEvent(new CustomEvent("inline", { detail: { ok: response.ok, form: form.id } }));
  } catch {
    say("This could not be sent: there is no connection. What you typed is still here.", "fault");
  } finally {
    form.ariaBusy = "false";
    if (again.delete(form)) send(form);
  }
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !("inline" in event.target.dataset)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-inline][data-autosave]")) event.target.form.requestSubmit();
});
