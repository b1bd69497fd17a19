// The inbox: news appear by themselves, and what is opened counts as read.
import { fetched, send, swap } from "./swap.js";

if (document.getElementById("inbox")) {
  document.addEventListener("notification", async () => {
    if (document.activeElement?.closest("#inbox")) return;
    const { page } = await fetched(location.href);
    swap(page, "#inbox");
  });
  document.addEventListener("click", (event) => {
    const id = event.target.closest("[data-read]")?.dataset.read;
    const form = document.getElementById("reading");
    const body = new URLSearchParams([...new FormData(form), ["id", id]]);
    if (id) fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
  });
}
