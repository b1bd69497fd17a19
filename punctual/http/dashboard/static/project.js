import { all, byId, make, on, one, send } from "./page.js";

const board = byId("board");
const form = byId("cards");
const dialog = byId("move");
const column = (element) => element.closest(".column");
let card, over;
let moving = Promise.resolve();

function move(to) {
  if (to === column(card)) return;
  const place = [card.id, to.dataset.status];
  card.classList.add("ticket-waiting");
  moving = moving.finally(() => carry(...place));
}

async function carry(id, status) {
  const moved = byId(id) ?? make("li");
  const from = moved.parentElement;
  moved.classList.add("ticket-waiting");
  one(`#column-${status} .cards`)?.prepend(moved);
  form.to.value = `${id} ${status}`;
  if (await send(form)) return byId(id)?.firstElementChild.focus();
  moved.classList.remove("ticket-waiting");
  from?.prepend(moved);
}

function hover(to) {
  over?.classList.remove("column-over");
  (over = to)?.classList.add("column-over");
}

// Between columns the last one counts.
function enter(event) {
  if (!one(".ticket-dragged")) return;
  event.preventDefault();
  hover(column(event.target) ?? over);
}

// A card is all link: that is dragged.
if (form) {
  board.ondragstart = ({ target, dataTransfer }) => {
    card = target.closest?.(".ticket");
    card?.classList.add("ticket-dragged");
    if (card) dataTransfer.setDragImage(card, 20, 20);
  };
  board.ondragenter = board.ondragover = enter;
  board.ondrop = (event) => {
    event.preventDefault();
    if (over) move(over);
    board.ondragend();
  };
  board.ondragend = () => {
    one(".ticket-dragged")?.classList.remove("ticket-dragged");
    hover();
  };
  board.onclick = (event) => {
    if (event.target.name !== "move") return;
    event.preventDefault();
    card = event.target.closest(".ticket");
    dialog.ariaLabel = `Move ${card.id} to`;
    for (const each of all("button", dialog)) each.hidden = each.value === column(card).dataset.status;
    dialog.showModal();
  };
  dialog.onclose = () => dialog.returnValue && move(byId(`column-${dialog.returnValue}`));
}

on("change", ({ target }) => {
  if (target.id === "all") for (const box of all("[name=tasks]")) box.checked = target.checked;
});
