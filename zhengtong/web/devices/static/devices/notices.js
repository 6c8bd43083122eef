// Notices run at a reading pace, whatever their length, and stop when somebody says so.
let paused = false;

const set = () => {
  const notices = document.querySelector(".notices");
  if (!notices) return;
  const list = notices.querySelector("ul");
  const button = notices.querySelector("[data-pause]");
  list.style.setProperty("--run", `${Math.max(list.scrollWidth / 140, 15)}s`);
  notices.classList.toggle("paused", paused);
  button.setAttribute("aria-pressed", String(paused));
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
};

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-pause]")) return;
  paused = !paused;
  set();
});
document.addEventListener("machine:new", set);
set();
