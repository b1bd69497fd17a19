import { all, byId, one, send } from "./page.js";

const board = byId("board");
const form = byId("cards");
const dialog = byId("move");
const column = (element) => element.closest(".column");
let card, over;

async function move(to) {
  const moved = card;
  const from = column(moved);
  if (!to || to === from || one(".ticket-waiting")) return;
  one(".cards", to).prepend(moved);
  moved.classList.add("ticket-waiting");
  const body = new FormData(form);
  body.set("to", `${moved.id} ${to.dataset.status}`);
  if (await send(form, null, body)) return one("a", byId(moved.id))?.focus();
  moved.classList.remove("ticket-waiting");
  one(".cards", from).prepend(moved);
}

function choose(element) {
  card = element.closest(".ticket");
  if (!card) return;
  dialog.ariaLabel = `Move ${card.id} to`;
  for (const button of all("button", dialog)) button.hidden = button.value === column(card).dataset.status;
  dialog.showModal();
}

function hover(to) {
  over?.classList.remove("column-over");
  over = to;
  over?.classList.add("column-over");
}

// A card is all link: that is dragged.
const LISTENERS = {
  dragstart({ target, dataTransfer }) {
    card = target.closest(".ticket");
    dataTransfer.setDragImage(card, 20, 20);
    requestAnimationFrame(() => card.classList.add("ticket-dragged"));
  },
  dragover(event) {
    event.preventDefault();
    hover(column(event.target));
  },
  drop(event) {
    event.preventDefault();
    move(over);
  },
  dragend() {
    card.classList.remove("ticket-dragged");
    hover();
  },
  click(event) {
    if (event.target.name !== "move") return;
    event.preventDefault();
    choose(event.target);
  },
};

if (form) {
  for (const name in LISTENERS) board.addEventListener(name, LISTENERS[name]);
  dialog.onclose = () => dialog.returnValue && move(byId(`column-${dialog.returnValue}`));
}

const whole = one("[data-all]");
if (whole) {
  whole.parentElement.hidden = false;
  whole.onchange = () => all("[name=tasks]").forEach((box) => (box.checked = whole.checked));
}
