// The portal inside the machine's frame: a touch in there is a touch, and the way back stands above it.
const frame = document.querySelector("iframe[data-portal]");
const stir = () => document.dispatchEvent(new CustomEvent("machine:stir"));

frame?.addEventListener("load", () => {
  try {
    for (const kind of ["pointerdown", "keydown", "scroll"]) frame.contentWindow.addEventListener(kind, stir, { passive: true, capture: true });
  } catch { location.replace(document.body.dataset.rest); /* it has left this house */ }
});
