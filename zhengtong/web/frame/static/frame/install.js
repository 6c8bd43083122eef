// Makes the site installable and offers it once, quietly, to who has come back.
const words = document.getElementById("zt-words")?.dataset ?? {};
const OFFERED = "zt-install-offered";

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => { /* forbidden by the browser: the site works without */ });
}

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  if (localStorage.getItem(OFFERED) || !document.querySelector(".top")) return;
  localStorage.setItem(OFFERED, "1");
  document.dispatchEvent(new CustomEvent("zt:toast", {
    detail: { text: words.install, label: words.installYes, press: () => event.prompt() },
  }));
});
