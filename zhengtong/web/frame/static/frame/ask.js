// <form data-ask="撤回后不能恢复。" data-ask-yes="撤回">: asks once more before a step that cannot be undone.
const words = document.getElementById("zt-words")?.dataset ?? {};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const text = event.submitter?.dataset.ask ?? form.dataset.ask;
  if (!text || form.dataset.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(text, submitter?.dataset.askYes ?? form.dataset.askYes ?? words.yes, () => {
    form.dataset.asked = "1";
    form.requestSubmit(submitter);
    delete form.dataset.asked;
  });
}, { capture: true });

function ask(text, yes, then) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "ask-title");
  const title = Object.assign(document.createElement("h2"), { id: "ask-title", textContent: words.sure });
  const line = Object.assign(document.createElement("p"), { textContent: text });
  const end = Object.assign(document.createElement("form"), { method: "dialog", className: "form-end" });
  const go = Object.assign(document.createElement("button"), { textContent: yes, value: "yes", className: "btn stop" });
  const stay = Object.assign(document.createElement("button"), { textContent: words.no, value: "no", className: "btn plain" });
  stay.autofocus = true;
  end.append(go, stay);
  dialog.append(title, line, end);
  dialog.addEventListener("close", () => {
    const pressed = dialog.returnValue;
    dialog.remove();
    if (pressed === "yes") then();
  });
  document.body.append(dialog);
  dialog.showModal();
}

// htmx asks through the same dialog.
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, words.yes, () => event.detail.issueRequest(true));
});
