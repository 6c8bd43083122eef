// The window screen speaks each call once, however often it is drawn; a recall is a new call.
const say = globalThis.hallVoice?.say ?? (() => {}); // voice.js stands before this one; without it the screen only blinks

const KEY = `said:${document.body.dataset.home}`;
let first = true;

const look = (root) => {
  const call = root?.dataset.call ?? "";
  let said = "";
  try { said = sessionStorage.getItem(KEY) ?? ""; } catch { /* then a reload says it again */ }
  if (call && call !== said && !(first && root.dataset.fresh === "0")) {
    const texts = [[root.dataset.say, "zh"]];
    if (root.dataset.sayEn) texts.push([root.dataset.sayEn, "en"]);
    say(texts, { times: 2 });
    root.classList.add("blink");
  }
  try { sessionStorage.setItem(KEY, call); } catch { /* forbidden */ }
  first = false;
};

document.addEventListener("machine:new", ({ detail }) => look(detail));
look(document.querySelector("[data-live]")?.firstElementChild);
