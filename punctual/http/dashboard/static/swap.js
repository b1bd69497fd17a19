// A page's form without leaving the page: what the server answers is put where it belongs.
export async function fetched(address, options) {
  const response = await fetch(address, options);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, page };
}

export function swap(page, selector) {
  const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
  if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  return fresh;
}

export async function send(form, extra = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return fetched(form.action, { method: "POST", body });
}
