// The Zulu clock of the top bar, and Zulu times for scripts.
const MINUTE = 60_000;

export function zulu(at = new Date()) {
  return `${at.toISOString().slice(11, 16)}Z`;
}

export function startClock() {
  const clock = document.getElementById("zulu");
  if (!clock) return;
  const show = () => {
    clock.textContent = zulu();
    clock.dateTime = new Date().toISOString();
    setTimeout(show, MINUTE - (Date.now() % MINUTE));
  };
  show();
}
