// The portal inside the machine's frame: a touch in there is a touch, and the way back stands above it. At rest whatever
// the portal kept in this browser for the visitor before (drafts typed without a network) is thrown away.
const OURS = /^(machine|presses|rated|said):/;
if (location.pathname === document.body.dataset.home) {
  for (const name of Object.keys(localStorage)) if (!OURS.test(name)) localStorage.removeItem(name);
  sessionStorage.clear();
}

const frame = document.querySelector("iframe[data-portal]");
const stir = () => document.dispatchEvent(new CustomEvent("machine:stir"));

const listen = () => {
  try {
    for (const kind of ["pointerdown", "keydown", "scroll"]) frame.contentWindow.addEventListener(kind, stir, { passive: true, capture: true });
  } catch { location.replace(document.body.dataset.rest); /* it has left this house */ }
};
frame?.addEventListener("load", listen);
if (frame?.contentDocument?.readyState === "complete") listen(); // the portal was quicker than this script
