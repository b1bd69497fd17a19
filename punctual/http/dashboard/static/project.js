// The views of a project: cards that are dragged, rows that are chosen together, addresses without empty fields.
import { shortcut } from "./keys.js";

const board = document.querySelector("[data-board]");
const form = document.getElementById("cards");
const column = (card) => card.closest(".column");
let dragged = null;
let silence = 0;

function say(sentence) {
  document.querySelector("[data-said]").textContent = sentence;
  clearTimeout(silence);
  silence = setTimeout(say, 6000, "");
}

function place(card, to, before = to.querySelector(".ticket")) {
  for (const [where, by] of [[column(card), -1], [to, 1]]) {
    const count = where.querySelector("[data-count]");
    count.textContent = Number(count.textContent) + by;
  }
  to.querySelector(".column-none")?.remove();
  to.querySelector(".cards").insertBefore(card, before);
}

const close = () => board.querySelector(".ticket-to")?.remove();

// The small form on a card, as the server would show it there.
function choose(card) {
  close();
  const box = document.createElement("div");
  box.className = "ticket-to";
  box.role = "group";
  box.ariaLabel = `Move ${card.id} to`;
  for (const to of board.querySelectorAll(".column")) {
    if (to === column(card)) continue;
    const button = document.createElement("button");
    button.name = "to";
    button.value = `${card.id} ${to.dataset.status}`;
    button.textContent = to.querySelector(".status").textContent;
    box.append(button);
  }
  card.append(box);
  box.firstChild?.focus();
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
    const said = await send(`${card.id} ${to.dataset.status}`);
    say(said.sentence);
    if (said.pending) await settled(said.pending);
  } catch (problem) {
    place(card, from, after?.isConnected ? after : null);
    say(problem instanceof TypeError ? "Punctual can’t be reached. The card is back where it was." : problem.message);
  }
  card.classList.remove("ticket-waiting");
}

if (board && form) {
  for (const card of board.querySelectorAll(".ticket")) card.draggable = true;
  for (const link of board.querySelectorAll(".ticket-link")) link.draggable = false;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".ticket");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    requestAnimationFrame(() => dragged?.classList.add("ticket-dragged"));
  });
  const over = (to) => {
    for (const one of board.querySelectorAll(".column")) one.classList.toggle("column-over", one === to);
  };
  board.addEventListener("dragover", (event) => {
    const to = event.target.closest(".column");
    if (!dragged || !to) return;
    event.preventDefault();
    over(to);
  });
  board.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    move(dragged, event.target.closest(".column"));
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("ticket-dragged");
    dragged = null;
    over(null);
  });
  board.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const card = button?.closest(".ticket");
    if (!card) return;
    event.preventDefault();
    if (button.name === "move") return card.querySelector(".ticket-to") ? close() : choose(card);
    move(card, board.querySelector(`[data-status="${button.value.split(" ")[1]}"]`));
  });
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest(".ticket-to")?.parentElement;
    if (event.key !== "Escape" || !card) return;
    close();
    card.querySelector(".ticket-move").focus();
  });
  shortcut("m", () => {
    const card = document.activeElement.closest(".ticket");
    if (card) choose(card);
  });
}

const all = document.querySelector("[data-all]");
if (all) {
  all.parentElement.hidden = false;
  const boxes = [...document.querySelectorAll("tbody [name=tasks]")];
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  document.querySelector("[data-many]").addEventListener("change", () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
  });
}

document.querySelector("[data-sparing]")?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
document.querySelector(".new-task")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("#title").focus();
});
