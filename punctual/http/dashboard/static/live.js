// Follows the person's notifications: the count in the header, and an event on the document for whoever else listens.
const LONGEST_WAIT = 60;

export function follow() {
  const count = document.getElementById("unread");
  let source = null;
  let timer = 0;
  let wait = 2;

  const show = (unread) => {
    count.textContent = unread || "";
    count.hidden = !unread;
  };
  const told = (event) => {
    show(Number(count.textContent || 0) + 1);
    document.dispatchEvent(new CustomEvent("notification", { detail: JSON.parse(event.data) }));
  };
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource("/live");
    source.addEventListener("open", () => (wait = 2));
    source.addEventListener("notification", told);
    source.addEventListener("error", failed);
  };
  // A person may have five streams; tabs that nobody looks at need none.
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  // A browser comes back by itself after a broken connection, but not after an answer that refuses.
  const failed = () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    timer = setTimeout(reopen, wait * 1000 * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  // What came while there was no stream is in the count.
  const reopen = async () => {
    if (source || document.hidden) return;
    try {
      const response = await fetch("/live/count");
      if (response.status === 204) return;
      if (response.ok) show((await response.json()).unread);
    } catch {
      // The stream finds out the same, and waits.
    }
    open();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : reopen()));
  addEventListener("online", reopen);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && reopen());
  open();
}
