// Chooses the browser's own time zone where one is asked for and none was chosen yet.
export function guessZone() {
  const select = document.querySelector("[data-guess-zone] select");
  if (!select || select.value !== "UTC") return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === own)) select.value = own;
}
