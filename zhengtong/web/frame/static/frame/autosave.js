// <form data-autosave="/address/">: what is typed is posted a moment later and, until the server has it, kept on this
// device. When the session has ended or the network is gone nothing is lost: the copy is put back after sign-in.
//
// The server answers a save with JSON {"saved_at": "14:02", "version": 7}; `version` refreshes input[name=version].
// The copy is kept under the account's key, so that who signs in next on this device does not see it, and signing out
// clears all copies.
const words = document.getElementById("zt-words")?.dataset ?? {};
const account = document.documentElement.dataset.account ?? "";
const PREFIX = "zt-draft:";
const WAIT = 1200;
const RETRY = 15000;
const MOST_AGE = 14 * 24 * 60 * 60 * 1000;
const SKIPPED = new Set(["csrfmiddlewaretoken", "version"]);

for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);

function keep(form) {
  const key = `${PREFIX}${account}:${form.dataset.autosave}`;
  const status = form.querySelector("[data-saved]") ?? form.appendChild(document.createElement("p"));
  status.classList.add("saved");
  let timer = 0;
  let typed = 0;
  let busy = false;

  const say = (text, lost = false) => {
    status.textContent = text;
    status.classList.toggle("lost", lost);
  };

  const entries = () => [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");

  const copy = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), entries: entries() }));
    } catch { /* storage full or forbidden: the server copy is still made */ }
  };

  const kept = (text, action) => {
    say(text, true);
    if (action) {
      status.append(" ", action);
    }
  };

  async function save() {
    clearTimeout(timer);
    if (busy) {
      timer = setTimeout(save, WAIT);
      return;
    }
    const sent = typed;
    busy = true;
    say(words.saving);
    try {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
      });
      if (answer.status === 401 || answer.type === "opaqueredirect") {
        const way = Object.assign(document.createElement("a"), { textContent: words.signIn });
        way.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
        kept(words.signedOut, way);
      } else if (answer.ok) {
        const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
        const version = form.elements.namedItem("version");
        if (told.version !== undefined && version) version.value = told.version;
        if (sent === typed) localStorage.removeItem(key);
        const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        say(`${words.saved} ${told.saved_at ?? now}`);
      } else {
        const told = await answer.json().catch(() => ({}));
        kept(told.detail ?? words.refused);
      }
    } catch {
      kept(words.kept);
      timer = setTimeout(save, RETRY);
    } finally {
      busy = false;
    }
  }

  const changed = () => {
    typed += 1;
    copy();
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("online", () => { if (localStorage.getItem(key)) save(); });
  // Sent for good: the server now has everything. If it does not (network gone), the copy made while typing is still here.
  form.addEventListener("submit", () => { clearTimeout(timer); copy(); });

  restore(form, key, status, changed);
}

function restore(form, key, status, changed) {
  // Typed before this script had come (a slow network): it is saved now, and wins over what was kept then.
  const touched = new Set([...form.elements].filter(isTouched).map((control) => control.name));
  let stored;
  try {
    stored = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    stored = null;
  }
  const savedAt = Date.parse(form.dataset.savedAt ?? "") || 0;
  const now = JSON.stringify([...new FormData(form)].filter(([n, v]) => !SKIPPED.has(n) && typeof v === "string"));
  if (!stored || stored.at < savedAt || Date.now() - stored.at > MOST_AGE || now === JSON.stringify(stored.entries)) {
    localStorage.removeItem(key);
    if (touched.size) changed();
    return;
  }
  const before = fill(form, stored.entries, touched);
  const notice = document.createElement("div");
  notice.className = "notice warning row";
  notice.setAttribute("role", "status");
  notice.append(Object.assign(document.createElement("span"), { textContent: words.restored }));
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "btn plain small", textContent: words.discard });
  discard.addEventListener("click", () => {
    fill(form, before);
    localStorage.removeItem(key);
    notice.remove();
    status.textContent = "";
  });
  notice.append(discard);
  form.before(notice);
  changed();
}

function isTouched(control) {
  if (control instanceof HTMLSelectElement) return control.selectedIndex > 0 && !control.options[control.selectedIndex].defaultSelected;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  return control.type !== "hidden" && "defaultValue" in control && control.value !== control.defaultValue;
}

// Puts values into controls by name and order, but for those named; answers with what stood there before.
function fill(form, wanted, but = new Set()) {
  const before = [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");
  const values = new Map();
  for (const [name, value] of wanted) values.set(name, [...(values.get(name) ?? []), value]);
  const seen = new Map();
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || SKIPPED.has(name) || but.has(name) || type === "file" || type === "submit" || type === "button" || type === "password") continue;
    const mine = values.get(name) ?? [];
    if (type === "checkbox" || type === "radio") control.checked = mine.includes(control.value);
    else if (control instanceof HTMLSelectElement && control.multiple) for (const o of control.options) o.selected = mine.includes(o.value);
    else {
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      if (mine[at] !== undefined) control.value = mine[at];
    }
  }
  return before;
}

// Shared machines stand in halls: leaving takes every copy along.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
});
