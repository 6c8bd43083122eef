// The counter while one types: finds items, tells a wrong check digit at once, fills what the registers know into empty
// boxes, and asks for the questions that an answer opens. Without it the same page does all this when it is sent.
const search = document.querySelector("form[data-hits]");
if (search) {
  let timer = 0;
  let asked = 0;
  search.q.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = ++asked;
      const answer = await fetch(`${search.dataset.hits}?q=${encodeURIComponent(search.q.value)}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || turn !== asked) return;
      const piece = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("hits");
      if (piece) document.getElementById("hits").replaceWith(piece);
    }, 200);
  });
  // Down from the box into the list; Enter in the box opens the first hit.
  search.q.addEventListener("keydown", (event) => {
    const first = document.querySelector("#hits [data-open]");
    if (!first) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      first.focus();
    }
  });
  // Typed before this script had come.
  if (search.q.value !== search.q.defaultValue) search.q.dispatchEvent(new Event("input"));
}

// What opens further questions once it is answered.
const ASKS = "[data-asks], #questions input[type=radio], #questions input[type=checkbox]:not([name=material]):not([data-all-materials]), #questions select:not(.small-select)";
const form = document.querySelector("form[data-counter]");
if (form) counter(form);

function counter(form) {
  const controls = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "file");

  // --- who applies ---
  const kinds = () => {
    const kind = form.querySelector("[name=kind]:checked")?.value;
    for (const block of form.querySelectorAll("[data-kind]")) block.hidden = block.dataset.kind !== kind;
  };
  const comer = ["uscc", "id_number", "phone", "agent_id_number", "enterprise_name", "id_kind", "agent_name"];
  async function look(name) {
    const query = new URLSearchParams({ kind: form.querySelector("[name=kind]:checked")?.value ?? "enterprise" });
    for (const one of comer) if (form.elements[one]) query.set(one, form.elements[one].value.trim());
    if (name !== "enterprise_name") query.delete("enterprise_name");
    const answer = await fetch(`${form.dataset.look}?${query}`);
    if (!answer.ok) return;
    const told = await answer.json();
    for (const one of ["uscc", "id_number", "phone", "agent_id_number"]) say(one, told.errors[one] ?? "");
    const found = document.getElementById("found");
    const words = told.found ? `✓ ${told.found}` : "";
    if (found.textContent.trim() !== words) found.textContent = words;
    fill(told.known);
    hits(told.hits);
  }
  function say(name, html) {
    const place = document.getElementById(`id_${name}-error`);
    if (!place) return;
    place.textContent = new DOMParser().parseFromString(html, "text/html").body.textContent;
    place.hidden = !html;
    place.closest(".field").classList.toggle("bad", Boolean(html));
    form.elements[name].setAttribute("aria-invalid", html ? "true" : "false");
  }
  function fill(known) {
    const sources = JSON.parse(document.getElementById("questions").dataset.sources);
    for (const [id, source] of Object.entries(sources)) {
      const box = document.getElementById(id);
      const value = known[source];
      if (box && value && (!box.value || box.dataset.filled === box.value)) box.value = box.dataset.filled = value;
    }
  }
  function hits(found) {
    const list = document.getElementById("enterprise-hits");
    if (!list) return;
    list.replaceChildren(...found.map(({ uscc, name }) => {
      const row = document.createElement("li");
      const pick = Object.assign(document.createElement("button"), { type: "button", className: "btn plain small", textContent: `${name} ${uscc}` });
      pick.addEventListener("click", () => {
        form.elements.uscc.value = uscc;
        form.elements.enterprise_name.value = "";
        hits([]);
        look("uscc");
        form.elements.phone?.focus();
      });
      row.append(pick);
      return row;
    }));
    list.hidden = !found.length;
  }
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") kinds();
    if (comer.includes(event.target.name)) look(event.target.name);
    if (event.target.matches(ASKS)) again();
    if (event.target.matches("[data-all-materials]")) {
      for (const box of form.querySelectorAll("[data-wanted]")) box.checked = event.target.checked;
    }
  });
  kinds();

  // --- questions that an answer opens ---
  let turn = 0;
  async function again(press) {
    const mine = ++turn;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    body.set("do", press ?? "look");
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok || mine !== turn) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("questions");
    const old = document.getElementById("questions");
    if (!fresh) return;
    // What was typed or chosen while the answer travelled stays, and so do chosen files.
    const now = new Map(controls().filter((one) => old.contains(one)).map((one) => [`${one.name}|${one.type === "checkbox" || one.type === "radio" ? one.value : ""}`, one]));
    const focus = document.activeElement?.id;
    for (const one of fresh.querySelectorAll("input, select, textarea")) {
      const before = now.get(`${one.name}|${one.type === "checkbox" || one.type === "radio" ? one.value : ""}`);
      if (!before) continue;
      if (one.type === "checkbox" || one.type === "radio") one.checked = before.checked;
      else if (before.value) one.value = before.value;
    }
    for (const file of old.querySelectorAll("input[type=file]")) {
      if (file.files.length) fresh.querySelector(`input[type=file][name="${CSS.escape(file.name)}"]`)?.replaceWith(file);
    }
    old.replaceWith(fresh);
    if (focus) document.getElementById(focus)?.focus();
  }
  // Answered before this script had come: looked up now as it would have been then.
  const chosen = (one) => {
    if (one.type === "radio" || one.type === "checkbox") return one.checked !== one.defaultChecked;
    if (one instanceof HTMLSelectElement) return one.selectedIndex > 0 && !one.options[one.selectedIndex].defaultSelected;
    return one.value !== one.defaultValue;
  };
  const early = controls().filter(chosen);
  const known = early.find((one) => comer.includes(one.name));
  if (known) look(known.name);
  if (early.some((one) => one.matches(ASKS))) again();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-asks-button]");
    if (!button) return;
    event.preventDefault();
    again(button.value);
  });
}
