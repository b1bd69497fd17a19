// What makes the pages more pleasant; each of them works without.
import { all, byId } from "./page.js";
import "./keys.js";
import "./project.js";
import "./quick.js";
import "./palette.js";
import "./live.js";

// Menus close by Escape and by a click elsewhere.
const menus = () => all("details.menu[open]");
document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const [menu] = key === "Escape" ? menus() : [];
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("toggle", ({ target }) => target.open && byId(target.dataset.focus)?.focus(), true);

// What is opened from the inbox counts as read.
document.addEventListener("click", ({ target }) => {
  const id = target.closest("[data-read]")?.dataset.read;
  if (!id) return;
  const body = new FormData(byId("reading"));
  body.set("id", id);
  fetch("/inbox", { method: "POST", body, keepalive: true, redirect: "manual" });
});

// The browser's own time zone is chosen where one is asked for and none was chosen yet.
const zones = document.querySelector("[data-guess-zone] select");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones?.value === "UTC" && [...zones.options].some(({ value }) => value === own)) zones.value = own;
