// <form data-upload data-most-bytes="20971520">: says "too large" before a byte is sent, and shows progress while sending.
const words = document.getElementById("zt-words")?.dataset ?? {};
const UNITS = [["GB", 1 << 30], ["MB", 1 << 20], ["KB", 1 << 10]];

const size = (bytes) => {
  const [unit, by] = UNITS.find(([, least]) => bytes >= least) ?? ["B", 1];
  return `${Math.round(bytes / by)} ${unit}`;
};

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file]")) return;
  const most = Number(input.dataset.mostBytes ?? input.form?.dataset.mostBytes ?? 0);
  const tooBig = most && [...input.files].some((file) => file.size > most);
  input.setCustomValidity(tooBig ? words.tooBig.replace("%s", size(most)) : "");
  if (tooBig) input.reportValidity();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const refused = [...form.querySelectorAll("input[type=file]")].find((input) => !input.validity.valid);
  if (refused) {
    event.preventDefault();
    event.stopImmediatePropagation();
    refused.reportValidity();
    return;
  }
  if (event.defaultPrevented || !form.matches("[data-upload]")) return;
  if (![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) return;
  event.preventDefault();
  send(form, event.submitter);
}, { capture: true });

function send(form, submitter) {
  const body = new FormData(form, submitter);
  const bar = form.querySelector("progress") ?? form.appendChild(document.createElement("progress"));
  const label = bar.nextElementSibling?.matches(".saved") ? bar.nextElementSibling : document.createElement("p");
  label.className = "saved";
  bar.after(label);
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", words.uploading);
  const request = new XMLHttpRequest();
  request.open("POST", form.getAttribute("action") || location.href);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    label.textContent = `${words.uploading} ${Math.round(bar.value)}% · ${size(event.loaded)} / ${size(event.total)}`;
  });
  request.addEventListener("load", () => {
    // The answer is a whole page, the same as without a script: show it under its own address.
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    document.open();
    document.write(request.responseText);
    document.close();
  });
  request.addEventListener("error", () => {
    bar.remove();
    label.textContent = words.uploadLost;
    label.classList.add("lost");
    delete form.dataset.sent;
    submitter?.removeAttribute("aria-busy");
    submitter?.removeAttribute("aria-disabled");
  });
  request.send(body);
}
