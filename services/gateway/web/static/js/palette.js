// The command palette: pages, actions, saved views and records, by keyboard alone. The server finds; this shows.
import { bannerHeader, raiseBanner } from "./banner.js";
import { say } from "./strings.js";

const TYPING_MS = 120;
const dialog = document.getElementById("palette");
const field = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
let timer = 0;
let asked = 0;
let before = null;

export function openPalette() {
  if (!dialog || dialog.open) return;
  before = document.activeElement;
  field.value = "";
  dialog.showModal();
  field.focus();
  ask();
}

dialog?.addEventListener("close", () => before?.focus?.());
field?.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, TYPING_MS); });
field?.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) { event.preventDefault(); move(steps[event.key]); }
  if (event.key === "Home" || event.key === "End") { event.preventDefault(); choose(event.key === "Home" ? 0 : all().length - 1); }
  if (event.key === "Enter") { event.preventDefault(); go(list.querySelector("[aria-selected=true]")); }
});
list?.addEventListener("click", (event) => go(event.target.closest("[role=option]")));

async function ask() {
  const mine = ++asked;
  const answer = await fetch(`/parts/palette?q=${encodeURIComponent(field.value)}`, { headers: { "HX-Request": "true", ...bannerHeader() } }).catch(() => null);
  if (mine !== asked || !answer) return;
  if (answer.status === 204) location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  raiseBanner(fresh);
  list.replaceChildren(...fresh.getElementById("palette-choices").children);
  all().forEach((option, at) => { option.id = `palette-option-${at}`; });
  choose(0);
  document.getElementById("palette-said").textContent = say("choices", { n: all().length });
}

const all = () => [...list.querySelectorAll("[role=option]")];

function move(by) {
  const options = all();
  const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  choose((now + by + options.length) % options.length);
}

function choose(at) {
  const options = all();
  options.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
  if (!options[at]) { field.removeAttribute("aria-activedescendant"); return; }
  field.setAttribute("aria-activedescendant", options[at].id);
  options[at].scrollIntoView({ block: "nearest" });
}

function go(option) {
  if (option) location.assign(option.dataset.href);
}
