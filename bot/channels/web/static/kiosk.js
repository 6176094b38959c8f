// What a page with scripts does better: asks before it forgets, leaves on two presses of Esc, and
// breathes along. Everything works without it. It stores nothing and asks no other machine.
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

// ── nobody there? ───────────────────────────────────────────────────────────────────────────────
const dialog = document.getElementById("idle");
if (dialog) {
  const idle = Number(dialog.dataset.idle) * 1000;
  const warning = Number(dialog.dataset.warning) * 1000;
  let timer;
  const rest = () => {
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

// ── one press, one turn ─────────────────────────────────────────────────────────────────────────
for (const form of document.querySelectorAll('form[action="/say"]')) {
  form.addEventListener("submit", (event) => {
    const words = form.querySelector('input[name="text"]');
    if (words && !words.value.trim()) { event.preventDefault(); words.focus(); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
}

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
