// A press is kept in the machine first and sent when it can be; it is sent until the server has said yes or no, once.
const say = globalThis.hallVoice?.say ?? (() => {}); // voice.js stands before this one; without it the device is mute

const { home, press } = document.body.dataset;
const KEPT = `presses:${home}`;
const DONE = `rated:${home}`;
const live = document.querySelector("[data-live]");
const words = document.getElementById("words").dataset;
const REST = 30_000;
const ASKS = 60_000; // then the device rests; a touch or the clerk's hand makes it ask again
const MOST_DONE = 50;

const read = (name) => { try { return JSON.parse(localStorage.getItem(name) ?? "[]"); } catch { return []; } };
const write = (name, list) => { try { localStorage.setItem(name, JSON.stringify(list)); } catch { /* full: the first try to send may still do */ } };

// --- what is shown: one part of rest, ask, reasons, thanks
let showing = "rest";
let asked = ""; // the question shown last
let chosen = null; // pressed, and asked for reasons
let why = "";
let timer = 0;

function part(name, { focus = true } = {}) {
  const wanted = live.querySelector(`[data-part="${name}"]`);
  if (!wanted) return false;
  showing = name;
  for (const one of live.querySelectorAll("[data-part]")) one.hidden = one !== wanted;
  const told = wanted.querySelector("[data-refused]");
  if (told) { told.textContent = why; told.hidden = !why; }
  if (focus) wanted.querySelector("h1")?.focus();
  return true;
}

const after = (span, then) => { clearTimeout(timer); timer = setTimeout(then, span); };
const rest = () => { clearTimeout(timer); why = ""; part("rest", { focus: false }); };

function ask() {
  part("ask");
  say([[words.ask, "zh"]]);
  after(ASKS, rest);
}

const ticked = () => [...live.querySelectorAll('[data-part="reasons"] input:checked')].map((box) => box.value);

function finish(reasons) {
  if (!chosen) return;
  const { key } = chosen;
  chosen = null;
  write(KEPT, read(KEPT).map((one) => (one.key === key ? { ...one, reasons, waits: false } : one)));
  part("thanks");
  say([[words.thanks, "zh"]]);
  after(REST, rest);
  send();
}

// The wrong button: nothing has been sent while the reasons are asked for.
function unpress() {
  if (!chosen) return;
  const { key, node } = chosen;
  chosen = null;
  write(KEPT, read(KEPT).filter((one) => one.key !== key));
  write(DONE, read(DONE).filter((one) => one !== node));
  if (node === live.firstElementChild?.dataset.node) ask();
  else rest();
}

live.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-button]");
  if (button) {
    const { node } = button.closest("[data-node]").dataset;
    if (read(DONE).includes(node)) return;
    write(DONE, [node, ...read(DONE)].slice(0, MOST_DONE));
    chosen = { key: crypto.randomUUID?.() ?? `${Date.now()}.${Math.random()}`, node, button: button.dataset.button, reasons: [], pressed: Date.now(), waits: true };
    write(KEPT, [...read(KEPT), chosen]); // kept before anything else can go wrong
    if (button.dataset.asks && part("reasons")) after(REST, () => finish([]));
    else finish([]);
  } else if (target.closest("[data-again]")) {
    unpress();
  } else if (target.closest("[data-reasons-done]")) {
    finish(ticked());
  } else if (target.closest("[data-reasons-skip]")) finish([]);
  else if (target.closest('[data-part="reasons"]')) after(REST, () => finish(ticked()));
  else if (target.closest("[data-rest]")) rest();
  else if (showing === "rest" && question() && !read(DONE).includes(live.firstElementChild.dataset.node)) ask();
});

function question() {
  const { node, asked: byHand } = live.firstElementChild?.dataset ?? {};
  return node ? `${node} ${byHand}` : ""; // asked again by hand it is a new question
}

function look() {
  const now = question();
  if (!now) asked = ""; // ended by mistake, the visit went on: it is asked about when it ends
  if (now && now !== asked && !read(DONE).includes(live.firstElementChild.dataset.node) && !chosen) {
    asked = now;
    return ask();
  }
  // The same question drawn again, or none: what was shown stays for as long as it was going to.
  if (!part(showing, { focus: false })) {
    if (chosen) finish([]);
    else rest();
  }
}

// --- what is sent
let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const one of read(KEPT).filter((kept) => !kept.waits)) {
      const answer = await fetch(press, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...one, age: Date.now() - one.pressed }),
        signal: AbortSignal.timeout(8000),
      });
      // A lawful no (already rated, one's own service) is an answer too; anything else is tried again.
      if (!answer.ok && (answer.status >= 500 || [401, 403, 429].includes(answer.status))) break;
      if (answer.status === 409) {
        why = (await answer.json()).detail;
        if (showing === "thanks") part("thanks", { focus: false });
      }
      write(KEPT, read(KEPT).filter((kept) => kept.key !== one.key));
    }
  } catch { /* no network: the next turn sends it */ }
  sending = false;
}

write(KEPT, read(KEPT).map((one) => ({ ...one, waits: false }))); // the machine was switched off while it asked why
document.addEventListener("machine:new", look);
document.addEventListener("machine:up", send);
setInterval(send, 5000);
look();
send();
