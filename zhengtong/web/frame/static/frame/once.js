// A form is sent once. The server refuses a second one anyway (idempotency, versions); this spares the person the refusal.
const words = document.getElementById("zt-words")?.dataset ?? {};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[data-many]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter;
  // Disabling at once would leave the pressed button's own name and value out of what is sent.
  setTimeout(() => {
    button?.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-disabled", "true");
    if (form.method === "post") document.dispatchEvent(new CustomEvent("zt:say", { detail: { text: words.sending } }));
  });
  // A download or a refused file leaves the page where it is: the form must not stay dead.
  setTimeout(() => release(form), 8000);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
// Back from the next page: the browser may show the old page as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
