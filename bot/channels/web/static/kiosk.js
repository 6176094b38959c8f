// What a page with scripts does better: asks before it forgets, leaves on two presses of Esc, hides
// on F2, prints, reads aloud and breathes along. Everything works without it. It stores nothing and
// asks no other machine.
"use strict";

// ── leave at once: Esc twice ────────────────────────────────────────────────────────────────────
function leave() {
  document.documentElement.hidden = true;
  const form = document.querySelector('form[action="/leave"]');
  form ? form.submit() : location.replace("/leave");
}
let lastEscape = 0;
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const now = Date.now();
  if (now - lastEscape < 1000) leave();
  lastEscape = now;
});

// ── cover the screen: F2, any key takes it off ──────────────────────────────────────────────────
const cover = document.getElementById("cover");
if (cover) {
  const hide = () => {
    document.documentElement.classList.add("covered");
    if (!cover.open) cover.showModal();
  };
  const show = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    cover.close();
    document.documentElement.classList.remove("covered");
  };
  document.getElementById("hide").addEventListener("click", (event) => {
    event.preventDefault();
    hide();
  });
  addEventListener("keydown", (event) => {
    if (cover.open) show(event);
    else if (event.key === "F2") { event.preventDefault(); hide(); }
  }, true);
  // On the click, not the press: a press would go through to the button that lies beneath.
  cover.addEventListener("click", show);
  cover.addEventListener("cancel", (event) => event.preventDefault());
}

// ── what was said, for those who listen to the screen ───────────────────────────────────────────
const live = document.getElementById("live");
const textOf = (id) => document.getElementById(id)?.innerText ?? "";
if (live) {
  // A region speaks when it changes after the page is there; then it is emptied, so that nobody who
  // walks through the page hears everything twice.
  setTimeout(() => { live.textContent = `${textOf("said")} ${textOf("asked")}`; }, 300);
  setTimeout(() => { live.textContent = ""; }, 6000);
}

// ── nobody there? ───────────────────────────────────────────────────────────────────────────────
const dialog = document.getElementById("idle");
if (dialog) {
  const idle = Number(dialog.dataset.idle) * 1000;
  const warning = Number(dialog.dataset.warning) * 1000;
  let timer;
  const token = document.querySelector('input[name="token"]')?.value;
  let told = Date.now();
  const tell = () => {
    // The server forgets on its own clock: a long message or a sheet must not outlast it.
    if (!token || Date.now() - told < Math.min(60000, idle / 3)) return;
    told = Date.now();
    fetch("/awake", { method: "POST", body: new URLSearchParams({ token }) }).catch(() => {});
  };
  const rest = () => {
    tell();
    clearTimeout(timer);
    if (dialog.open) dialog.close();
    timer = setTimeout(ask, idle);
  };
  const ask = () => {
    dialog.showModal();
    timer = setTimeout(leave, warning);
  };
  for (const sign of ["keydown", "pointerdown", "input", "scroll", "touchstart"]) {
    addEventListener(sign, rest, { passive: true });
  }
  document.getElementById("stay").addEventListener("click", rest);
  rest();
}
// A page that comes back out of the browser's memory is asked for anew.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
// And what was typed is gone the moment this page is.
addEventListener("pagehide", () => {
  for (const field of document.querySelectorAll("textarea, #text")) field.value = "";
});

// ── one press, one turn ─────────────────────────────────────────────────────────────────────────
for (const form of document.querySelectorAll('form[action="/say"]')) {
  form.addEventListener("submit", (event) => {
    const words = form.querySelector('input[name="text"]');
    if (words && !words.value.trim()) { event.preventDefault(); words.focus(); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (live) live.textContent = document.getElementById("talk").dataset.sending;
  });
}

// ── paper ───────────────────────────────────────────────────────────────────────────────────────
for (const button of document.querySelectorAll(".print")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 4}px`;
};
for (const area of document.querySelectorAll("textarea")) {
  area.value = "";
  area.addEventListener("input", () => grow(area));
}
addEventListener("beforeprint", () => {
  for (const more of document.querySelectorAll("details")) more.open = true;
});

// ── read aloud ──────────────────────────────────────────────────────────────────────────────────
const aloud = document.getElementById("aloud");
if (aloud) {
  const [button, note] = aloud.children;
  const language = document.documentElement.lang;
  // Only voices of this machine: others would send the words away.
  const voice = () => ("speechSynthesis" in window ? speechSynthesis.getVoices() : [])
    .find((one) => one.localService && one.lang.toLowerCase().startsWith(language));
  const offer = () => { aloud.hidden = !(voice() || aloud.dataset.voice); };
  offer();
  if ("speechSynthesis" in window) speechSynthesis.addEventListener?.("voiceschanged", offer);
  let state = "read";
  let sound;
  const become = (next) => {
    state = next;
    button.textContent = aloud.dataset[next];
    note.textContent = next === "start" ? note.dataset.warning : "";
  };
  const stop = () => {
    sound?.pause();
    if ("speechSynthesis" in window) speechSynthesis.cancel();
    become("read");
  };
  const words = () => [...document.querySelectorAll(
    "#said p, .pace li, .sheet h2, .sheet h3, .sheet .hint, .sheet li, .cards h2, .cards p, .cards dt, .cards dd, #asked p, .options button span:last-child",
  )].map((part) => part.innerText).join("\n");
  const speak = () => {
    become("stop");
    if (voice()) {
      const speech = new SpeechSynthesisUtterance(words());
      Object.assign(speech, { voice: voice(), lang: language, rate: 0.9, onend: stop, onerror: stop });
      speechSynthesis.speak(speech);
    } else {
      sound = new Audio(aloud.dataset.voice);
      sound.onended = sound.onerror = stop;
      sound.play().catch(stop);
    }
  };
  button.addEventListener("click", () => {
    if (state === "read") become("start");
    else if (state === "start") speak();
    else stop();
  });
  addEventListener("pagehide", stop);
}

// ── the page for a stopped server ───────────────────────────────────────────────────────────────
const again = document.querySelector("[data-again]");
if (again) {
  const look = () => fetch(again.dataset.again)
    .then((answer) => { if (answer.ok) location.replace("/"); }).catch(() => {});
  setInterval(look, 4000);
}
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

// ── breathe along ───────────────────────────────────────────────────────────────────────────────
const pace = document.querySelector(".pace");
if (pace) {
  const seconds = ["in", "hold", "out"].map((name) => Number(pace.dataset[name]));
  const words = pace.dataset.words.split("|").map((line) => line.split(":")[0]);
  const list = pace.querySelector("ol");
  const now = Object.assign(document.createElement("p"), { className: "now" });
  now.setAttribute("role", "status");
  const ring = Object.assign(document.createElement("div"), { className: "ring" });
  ring.setAttribute("aria-hidden", "true");
  const button = Object.assign(document.createElement("button"), {
    type: "button", textContent: pace.dataset.start,
  });
  pace.append(now, ring, button);
  let running = 0;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const breathe = async (run) => {
    list.hidden = true;
    for (let round = 1; round <= Number(pace.dataset.rounds); round++) {
      let spoken = 0;
      for (const [part, length] of seconds.entries()) {
        if (!length) continue;
        const word = words[spoken++];
        ring.style.transitionDuration = `${length}s`;
        ring.style.transform = part === 2 ? "scale(.45)" : "scale(1)";
        for (let count = 1; count <= length; count++) {
          if (run !== running) return;
          now.textContent = `${word} · ${count}`;
          await wait(1000);
        }
      }
    }
    now.textContent = pace.dataset.done;
    stop(false);
  };
  const stop = (clear) => {
    running += 1;
    if (clear) now.textContent = "";
    list.hidden = false;
    button.textContent = pace.dataset.start;
  };
  button.addEventListener("click", () => {
    if (!list.hidden) {
      running += 1;
      button.textContent = pace.dataset.stop;
      breathe(running);
    } else {
      stop(true);
    }
  });
}
