// Emergency access while it is open: the time that is left, and its end. The server's clock counts, not ours.
import { say } from "./strings.js";

const LOOK_MS = 1_000;
const MINUTE = 60_000;

export function startEmergency() {
  const banner = document.getElementById("emergency");
  const behind = Date.parse(banner.dataset.now) - Date.now();
  const left = () => Date.parse(banner.dataset.until) - (Date.now() + behind);
  const looking = setInterval(() => {
    if (left() <= 0) {
      clearInterval(looking);
      end();
    } else show(Math.ceil(left() / MINUTE));
  }, LOOK_MS);
}

function show(minutes) {
  const shown = document.getElementById("emergency-left");
  const words = say("minutesLeft", { n: minutes });
  if (shown.textContent !== words) shown.textContent = words;
}

// What was opened goes from the screen, unless somebody is filling in a form: then nothing typed is lost.

function end() {
  if (document.querySelector("main form.form")) {
    document.querySelector("#emergency p").textContent = say("emergencyOver");
  } else setTimeout(() => location.reload(), LOOK_MS);
}
