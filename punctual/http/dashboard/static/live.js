// Follows the person's notifications: the count in the header, and an event on the document for whoever else listens.
export function follow() {
  const count = document.getElementById("unread");
  let source = null;
  const show = (unread) => {
    count.textContent = unread || "";
    count.hidden = !unread;
  };
  // What came, or was read elsewhere, while nobody listened.
  const recount = async () => {
    const response = await fetch("/inbox/count");
    if (response.ok && !response.redirected) show(Number(await response.text()));
  };
  let opened = false;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource("/live");
    source.addEventListener("open", () => {
      if (opened) recount();
      opened = true;
    });
    source.addEventListener("notification", (event) => {
      const notification = JSON.parse(event.data);
      show(Number(count.textContent || 0) + 1);
      document.dispatchEvent(new CustomEvent("notification", { detail: notification }));
    });
  };
  // A person may have five streams; tabs that nobody looks at need none.
  const close = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
