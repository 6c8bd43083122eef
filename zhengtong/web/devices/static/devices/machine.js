// What every machine does: keep its page fresh, say when the network is gone, go back to rest, tell the time.
// Others listen: document.addEventListener("machine:new", ({ detail }) => …) after each change of the live part.
const body = document.body.dataset;
const live = document.querySelector("[data-live]");
const cut = document.getElementById("cut");
const cutAt = document.getElementById("cut-at");
const SLOWEST = 30_000;
const PATIENCE = 8_000;
const KEPT = `machine:${body.home}`;

let skew = Number(body.now) - Date.now();
let failed = 0;
let etag = live?.dataset.etag ?? "";
let fresh = Number(body.now);
let timer = 0;

// --- time: the server's, whatever this machine's own clock says
const shanghai = (options) => new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", { timeZone: "Asia/Shanghai", hour12: false, ...options });
const hours = shanghai({ hour: "2-digit", minute: "2-digit" });
const tick = () => {
  const now = new Date(Date.now() + skew);
  for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = hours.format(now);
  setTimeout(tick, 1000 - (now.getTime() % 1000));
};
export const serverNow = () => Date.now() + skew;

// --- the live part; never drawn anew under a finger that is just pressing, whose press would be lost
let held = false;
let waits = null;
addEventListener("pointerdown", () => { held = true; }, true);
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, () => setTimeout(() => {
    held = false;
    if (waits !== null) put(waits);
  }, 300), true);
}
let shown = "";
function put(html) {
  waits = held ? html : null;
  if (held || html === shown) return;
  shown = html;
  live.innerHTML = html;
  document.dispatchEvent(new CustomEvent("machine:new", { detail: live.firstElementChild }));
}

const keep = (html) => {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ html, at: fresh, lang: document.documentElement.lang }));
  } catch { /* a full or forbidden memory costs only the reload during a cut */ }
};

const isUp = () => {
  const wasCut = failed > 0 || document.documentElement.classList.contains("cut");
  failed = 0;
  document.documentElement.classList.remove("cut");
  cut.hidden = true;
  if (wasCut) {
    document.dispatchEvent(new CustomEvent("machine:up"));
    // A page that came from the shelf in place of another one makes room for the real one.
    if (location.pathname !== body.home && !document.querySelector("[data-stay]")) location.replace(body.home);
  }
};

const isCut = () => {
  document.documentElement.classList.add("cut");
  if (cutAt) cutAt.textContent = hours.format(new Date(fresh));
  cut.hidden = false;
};

async function ask() {
  clearTimeout(timer);
  const asked = Date.now();
  try {
    const answer = await fetch(`${body.home}now/`, {
      cache: "no-store",
      headers: { Accept: "application/json, text/html", ...(etag ? { "If-None-Match": etag } : {}) },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 401) return location.replace("/devices/"); // revoked, or moved to another browser
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    const said = Number(answer.headers.get("X-Now"));
    if (said) {
      skew = said - (asked + Date.now()) / 2;
      fresh = said;
    }
    if (answer.status !== 304) {
      etag = answer.headers.get("ETag") ?? "";
      const html = await answer.text();
      if (live && html) {
        put(html);
        keep(html);
      }
    }
    isUp();
  } catch {
    failed += 1;
    if (failed > 1 || !navigator.onLine) isCut();
  }
  const every = Number(live?.dataset.every ?? 15) * 1000;
  timer = setTimeout(ask, failed ? Math.min(every * 2 ** Math.min(failed - 1, 4), SLOWEST) : every);
}

window.addEventListener("offline", () => { failed += 1; isCut(); });
window.addEventListener("online", () => ask());
document.addEventListener("machine:ask", () => ask());

// A page from the shelf shows what was last known, which may be newer than the page itself.
if (live) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (kept && kept.at > fresh && kept.lang === document.documentElement.lang && !navigator.onLine) {
      fresh = kept.at;
      etag = "";
      put(kept.html);
    }
  } catch { /* nothing kept */ }
}

// --- back to rest: what the visitor before did is nobody's business
const idle = Number(document.querySelector("[data-idle]")?.dataset.idle ?? 0);
if (idle) {
  const counter = document.getElementById("countdown");
  let left = idle;
  const stir = () => { left = idle; };
  for (const kind of ["pointerdown", "keydown", "scroll", "machine:stir"]) document.addEventListener(kind, stir, { passive: true, capture: true });
  setInterval(() => {
    left -= 1;
    if (counter) counter.textContent = Math.max(left, 0);
    if (left === 0) location.replace(body.rest);
  }, 1000);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// A press that is on its way is not sent a second time.
document.addEventListener("submit", (event) => {
  if (document.documentElement.classList.contains("cut") || event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "1";
});
if (document.querySelector("[data-print-now]")) addEventListener("load", () => window.print());

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(body.worker, { scope: "/devices/" }).catch(() => { /* forbidden: works without, but for a reload in a cut */ });
}
tick();
if (!navigator.onLine) isCut();
timer = setTimeout(ask, navigator.onLine ? 1000 : 3000);
