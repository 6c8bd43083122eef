// Speaks, or sounds a chime where the browser has no Chinese voice. One announcement after the other, never two at once.
const CHIME = [[659.3, 0], [523.3, 0.28], [784, 0.56]]; // three falling and rising notes, as halls know them
let audio = null;
let queue = Promise.resolve();

const context = () => {
  audio ??= new (window.AudioContext ?? window.webkitAudioContext)();
  return audio;
};

function chime() {
  return new Promise((done) => {
    try {
      const sound = context();
      if (sound.state === "suspended") sound.resume().catch(() => {});
      for (const [pitch, after] of CHIME) {
        const note = sound.createOscillator();
        const volume = sound.createGain();
        note.frequency.value = pitch;
        volume.gain.setValueAtTime(0.0001, sound.currentTime + after);
        volume.gain.exponentialRampToValueAtTime(0.35, sound.currentTime + after + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.0001, sound.currentTime + after + 0.5);
        note.connect(volume).connect(sound.destination);
        note.start(sound.currentTime + after);
        note.stop(sound.currentTime + after + 0.55);
      }
    } catch { /* no sound card: the screen blinks */ }
    setTimeout(done, 1200);
  });
}

const voiceFor = (lang) => (window.speechSynthesis?.getVoices() ?? []).find((voice) => voice.lang.replace("_", "-").toLowerCase().startsWith(lang.slice(0, 2)));

const speak = (text, lang) => new Promise((done) => {
  const voice = voiceFor(lang);
  if (!voice || !text) return done(false);
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  words.rate = 0.9;
  const end = setTimeout(() => done(true), 15_000); // some engines never say that they have finished
  words.onend = words.onerror = () => { clearTimeout(end); done(true); };
  window.speechSynthesis.speak(words);
});

/** texts: [[text, language], …]; the chime comes first and must be enough where there is no voice. */
function say(texts, { times = 1 } = {}) {
  queue = queue.then(async () => {
    await chime();
    for (let turn = 0; turn < times; turn += 1) for (const [text, lang] of texts) await speak(text, lang);
  });
  return queue;
}

// A browser keeps silent until somebody has touched the page, unless it was started for a machine (see docs/devices.md).
const button = document.getElementById("sound");
if (button) {
  const look = () => { button.hidden = context().state === "running"; };
  try {
    look();
    context().addEventListener("statechange", look);
  } catch { button.hidden = true; }
  button.addEventListener("click", () => { context().resume().then(look); chime(); });
  window.speechSynthesis?.getVoices();
}

// Not by `import`: files are served under names with their hash, which no module could know of another.
globalThis.hallVoice = { say };
