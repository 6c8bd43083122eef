// Lists by keyboard: j k Enter / x ?. A list is any element with data-keys; its rows carry data-row, or are tbody rows.
const TYPING = "input, textarea, select, [contenteditable]";

const rows = () => [...document.querySelectorAll("[data-keys] [data-row], table[data-keys] > tbody > tr")]
  .filter((row, at, all) => all.indexOf(row) === at && row.offsetParent !== null);

const here = () => document.querySelector("[data-keys] .here");

function goTo(row) {
  here()?.classList.remove("here");
  if (!row) return;
  row.classList.add("here");
  row.scrollIntoView({ block: "nearest" });
  // Focus on the row's own link: Enter works by itself, and a screen reader reads where one is.
  (row.querySelector("[data-open]") ?? row.querySelector("a[href], button"))?.focus({ preventScroll: true });
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(here());
  goTo(all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)]);
  return true;
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: (event) => Boolean(event.target.closest("[data-keys]")) && move(1),
  ArrowUp: (event) => Boolean(event.target.closest("[data-keys]")) && move(-1),
  Enter: (event) => {
    const row = here();
    if (!row || event.target.closest("a, button, summary")) return false;
    (row.querySelector("[data-open]") ?? row.querySelector("a[href]"))?.click();
    return true;
  },
  x: () => {
    const box = here()?.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  },
  "/": () => {
    const search = document.querySelector("[data-search]") ?? document.querySelector("main [type=search], [role=search] input");
    search?.focus();
    search?.select?.();
    return Boolean(search);
  },
  "?": () => {
    const help = document.querySelector("[data-keys-help]");
    help?.showModal();
    return Boolean(help);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    // A box inside a list does not swallow the way down.
    if (!event.target.matches("[data-keys] input[type=checkbox]")) return;
  }
  if (document.querySelector("dialog[open]")) return;
  // A single letter that belongs to a control of the page: data-key="a" presses it.
  const own = event.key.length === 1 && document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (own && !event.shiftKey) {
    event.preventDefault();
    own.focus();
    own.click();
    return;
  }
  if (KEYS[event.key]?.(event)) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-keys] [data-row], table[data-keys] > tbody > tr");
  if (row && row !== here()) {
    here()?.classList.remove("here");
    row.classList.add("here");
  }
});
