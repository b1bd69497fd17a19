// The views of a project: cards that are dragged, rows that are chosen together, addresses without empty fields.
import { shortcut } from "./keys.js";
import { all, byId, make, say } from "./page.js";

const board = document.querySelector("[data-board]");
const form = byId("cards");
const column = (card) => card.closest(".column");
const close = () => board.querySelector(".ticket-to")?.remove();
let dragged = null;

function place(card, to, before = to.querySelector(".ticket")) {
  for (const [where, by] of [[column(card), -1], [to, 1]]) {
    const count = where.querySelector("[data-count]");
    count.textContent = Number(count.textContent) + by;
  }
  to.querySelector(".column-none")?.remove();
  to.querySelector(".cards").insertBefore(card, before);
}

// The small form on a card, as the server would show it there.
function choose(card) {
  close();
  const others = all(".column", board).filter((to) => to !== column(card));
  const buttons = others.map((to) =>
    make("button", { value: to.dataset.status, textContent: to.querySelector(".status").textContent }),
  );
  card.append(make("div", { className: "ticket-to", role: "group", ariaLabel: `Move ${card.id} to` }, ...buttons));
  buttons[0]?.focus();
}

async function send(to) {
  const body = new FormData(form);
  // The same move may be made again, and is another one then.
  body.delete("once");
  body.set("to", to);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const said = await answer.json().catch(() => null);
  if (!said || !answer.ok) throw new Error(said?.sentence ?? "This was not saved. Reload the page, and try again.");
  return said;
}

// A move that was accepted and isn't done yet: look until it is decided.
async function settled(operation) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const answer = await fetch(`/operations${operation}?then=/`, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return;
    if (!answer.headers.has("Refresh")) throw new Error("It was not done after all. Reload the page to see why.");
  }
}

async function move(card, to) {
  const [from, after] = [column(card), card.nextElementSibling];
  if (!to || to === from || card.matches(".ticket-waiting")) return;
  const focused = card.contains(document.activeElement);
  place(card, to);
  card.classList.add("ticket-waiting");
  close();
  if (focused) card.querySelector(".task-link").focus();
  try {
    const { sentence, pending } = await send(`${card.id} ${to.dataset.status}`);
    say(sentence);
    if (pending) await settled(pending);
  } catch (problem) {
    place(card, from, after?.isConnected ? after : null);
    const away = "Punctual can’t be reached. The card is back where it was.";
    say(problem instanceof TypeError ? away : problem.message, "fault");
  }
  card.classList.remove("ticket-waiting");
}

function over(to) {
  for (const one of all(".column", board)) one.classList.toggle("column-over", one === to);
}

const LISTENERS = {
  dragstart({ target, dataTransfer }) {
    dragged = target.closest(".ticket");
    dataTransfer.effectAllowed = "move";
    dataTransfer.setData("text/plain", dragged.id);
    requestAnimationFrame(() => dragged?.classList.add("ticket-dragged"));
  },
  dragover(event) {
    const to = dragged && column(event.target);
    if (!to) return;
    event.preventDefault();
    over(to);
  },
  drop(event) {
    if (!dragged) return;
    event.preventDefault();
    move(dragged, column(event.target));
  },
  dragend() {
    dragged?.classList.remove("ticket-dragged");
    dragged = null;
    over(null);
  },
  click(event) {
    const button = event.target.closest("button");
    const card = button?.closest(".ticket");
    if (!card) return;
    event.preventDefault();
    if (button.name === "move") return card.querySelector(".ticket-to") ? close() : choose(card);
    move(card, board.querySelector(`[data-status="${button.value.split(" ").at(-1)}"]`));
  },
  keydown({ key, target }) {
    const card = target.closest(".ticket-to")?.parentElement;
    if (key !== "Escape" || !card) return;
    close();
    card.querySelector(".ticket-move").focus();
  },
};

if (board && form) {
  for (const card of all(".ticket", board)) card.draggable = true;
  for (const link of all(".ticket-link", board)) link.draggable = false;
  for (const [name, listener] of Object.entries(LISTENERS)) board.addEventListener(name, listener);
  shortcut("m", () => {
    const card = document.activeElement.closest(".ticket");
    if (card) choose(card);
  });
}

const whole = document.querySelector("[data-all]");
if (whole) {
  const boxes = all("tbody [name=tasks]");
  whole.parentElement.hidden = false;
  whole.addEventListener("change", () => boxes.forEach((box) => (box.checked = whole.checked)));
  document.querySelector("[data-many]").addEventListener("change", () => {
    const chosen = boxes.filter(({ checked }) => checked).length;
    whole.checked = chosen === boxes.length;
    whole.indeterminate = chosen > 0 && !whole.checked;
  });
}

document.querySelector("[data-sparing]")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});
