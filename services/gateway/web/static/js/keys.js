// Single keys for people who live in the lists. Off while typing, and off for good if they say so.
const PLACES = {
  d: "/", m: "/map", t: "/timeline", e: "/engagements", p: "/contacts", c: "/commitments", o: "/organisations",
  l: "/places", v: "/views",
};
const OFF = "parley.keys.off";
const CHORD_MS = 1200;
let chordUntil = 0;

export function startKeys() {
  document.querySelector("[data-palette]")?.addEventListener("click", openPalette);
  const choice = document.getElementById("keys-on");
  if (choice) {
    choice.checked = !off();
    choice.addEventListener("change", () => remember(!choice.checked));
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (off() || typing(event) || document.querySelector("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
}

function act(key) {
  if (Date.now() < chordUntil) {
    chordUntil = 0;
    return key in PLACES ? go(PLACES[key]) : false;
  }
  switch (key) {
    case "g": chordUntil = Date.now() + CHORD_MS; return true;
    case "/": return focus(document.getElementById("search"));
    case "n": return go(document.querySelector("a.new")?.getAttribute("href"));
    case "j": return step(1);
    case "k": return step(-1);
    case "ArrowDown": return inRows() && step(1);
    case "ArrowUp": return inRows() && step(-1);
    case "f": return focus(document.querySelector(".filters input, .filters select"));
    case "Enter": return open();
    case "?": document.getElementById("keys")?.showModal(); return true;
    default: return false;
  }
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const now = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(now + by, 0), rows.length - 1)];
  rows.forEach((row) => row.classList.toggle("at", row === next));
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("parley:at", { bubbles: true }));
  return true;
}

const inRows = () => Boolean(document.activeElement?.closest("[data-row]"));

// The palette's own script is fetched when it is first asked for. Ctrl+K works while typing too.

async function openPalette() {
  (await import("./palette.js")).openPalette();
}

function open() {
  const row = document.querySelector("[data-row].at");
  if (!row || row.contains(document.activeElement)) return false;
  return go(row.querySelector("a").getAttribute("href"));
}

function go(address) {
  if (!address) return false;
  location.assign(address);
  return true;
}

function focus(element) {
  element?.focus();
  element?.select?.();
  return Boolean(element);
}

function typing(event) {
  const tag = event.target.tagName;
  const field = tag === "TEXTAREA" || tag === "SELECT" || event.target.isContentEditable
    || (tag === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(event.target.type));
  return field || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("#map");
}

function off() {
  try { return localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

function remember(value) {
  try { localStorage.setItem(OFF, value ? "yes" : "no"); } catch { /* private mode: for this page only */ }
}
