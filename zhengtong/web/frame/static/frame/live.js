// Says things to screen readers and shows toasts. Others ask by event: document.dispatchEvent(new CustomEvent("zt:say", {detail: {text}})).
const live = document.getElementById("live");

document.addEventListener("zt:say", (event) => {
  if (!live) return;
  live.textContent = "";
  // A region that is emptied and filled in one turn is not read again.
  setTimeout(() => { live.textContent = event.detail.text; }, 60);
});

document.addEventListener("zt:toast", (event) => {
  document.querySelector(".toast")?.remove();
  const { text, label, press, href } = event.detail;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (label) {
    const way = document.createElement(href ? "a" : "button");
    way.textContent = label;
    if (href) way.href = href;
    else way.addEventListener("click", () => { toast.remove(); press?.(); });
    toast.append(way);
  }
  const close = Object.assign(document.createElement("button"), { textContent: "×", className: "close" });
  close.setAttribute("aria-label", document.getElementById("zt-words")?.dataset.no ?? "×");
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  document.body.append(toast);
});

// The server's own words, as a list with links, say more than a browser's bubble in the browser's own language.
for (const form of document.forms) form.noValidate = true;

// After a failed submit the reader is taken to the list of what to correct.
document.querySelector("[data-summary]")?.focus();

// A date or a counter that a script must not guess: characters left in a text with a limit.
for (const area of document.querySelectorAll("textarea[data-most]")) {
  const words = document.getElementById("zt-words").dataset;
  const counter = Object.assign(document.createElement("p"), { className: "counter" });
  counter.setAttribute("aria-live", "off");
  area.after(counter);
  const count = () => {
    const left = Number(area.dataset.most) - [...area.value].length;
    counter.textContent = (left < 0 ? words.over : words.left).replace("%s", Math.abs(left));
    counter.classList.toggle("over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  // A menu closes when one presses beside it.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
