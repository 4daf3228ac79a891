// A field that names a record: options while typing. Enter takes the one marked, Escape closes, own words stay.
import { bannerHeader, raiseBanner } from "./banner.js";

const SETTLE_MS = 120;

export function startChoosers(root = document) {
  root.querySelectorAll("[data-choose]").forEach(start);
}

function start(holder) {
  const input = holder.querySelector("input:not([type=hidden])");
  const state = { holder, input, chosen: holder.querySelector("[data-chosen]"), list: listFor(input), at: 0, timer: 0, asked: 0, waiting: false };
  input.after(state.list);
  input.addEventListener("input", () => typed(state));
  input.addEventListener("keydown", (event) => pressed(state, event));
  input.addEventListener("blur", () => close(state));
  state.list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) pick(state, option);
  });
}

function listFor(input) {
  const list = document.createElement("ul");
  Object.assign(list, { id: `${input.id}-options`, className: "choices", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
  return list;
}

function typed(state) {
  state.chosen.value = "";
  state.waiting = false;
  clearTimeout(state.timer);
  state.asked += 1;
  if (!state.input.value.trim()) { close(state); return; }
  state.timer = setTimeout(() => ask(state), SETTLE_MS);
}

async function ask(state) {
  const mine = ++state.asked;
  const words = state.input.value.trim();
  const found = await options(`${state.holder.dataset.choose}?q=${encodeURIComponent(words)}`);
  if (mine !== state.asked) return;
  show(state, [...found, ...byName(state, words)]);
  if (state.waiting) take(state);
}

async function options(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", ...bannerHeader() } });
    if (answer.status !== 200) return [];
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    raiseBanner(fresh);
    return [...fresh.querySelectorAll("[role=option]")];
  } catch { return []; }
}

// Whoever has no record yet is named all the same, to be completed later.

function byName(state, words) {
  const said = state.holder.closest("[data-by-name]")?.dataset.byName;
  if (!said) return [];
  const option = document.createElement("li");
  option.setAttribute("role", "option");
  option.dataset.name = words;
  const name = document.createElement("bdi");
  name.textContent = words;
  const note = document.createElement("span");
  note.className = "mut";
  note.textContent = said;
  option.append(name, " ", note);
  return [option];
}

function show(state, found) {
  found.forEach((option, at) => { option.id = `${state.list.id}-${at}`; });
  state.list.replaceChildren(...found);
  state.list.hidden = !found.length || document.activeElement !== state.input;
  state.input.setAttribute("aria-expanded", String(!state.list.hidden));
  mark(state, 0);
}

function mark(state, at) {
  const all = [...state.list.children];
  state.at = Math.max(0, Math.min(at, all.length - 1));
  all.forEach((option, n) => option.setAttribute("aria-selected", String(n === state.at)));
  if (all.length) state.input.setAttribute("aria-activedescendant", all[state.at].id);
  all[state.at]?.scrollIntoView({ block: "nearest" });
}

function pressed(state, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  switch (event.key) {
    case "ArrowDown": mark(state, state.at + 1); break;
    case "ArrowUp": mark(state, state.at - 1); break;
    case "Escape": if (state.list.hidden) return; close(state); break;
    case "Enter": enter(state); break;
    default: return;
  }
  event.preventDefault();
}

// Enter may come before the options do: then the first is taken when they come.

function enter(state) {
  if (!state.list.hidden) { take(state); return; }
  if (!state.input.value.trim() || state.chosen.value) { told(state); return; }
  clearTimeout(state.timer);
  state.waiting = true;
  ask(state);
}

function take(state) {
  state.waiting = false;
  const option = state.list.children[state.at];
  if (option) pick(state, option);
  else told(state);
}

function pick(state, option) {
  state.input.value = option.dataset.name;
  state.chosen.value = option.dataset.id ?? "";
  close(state);
  told(state);
}

function told(state) {
  state.input.dispatchEvent(new CustomEvent("parley:chosen", { bubbles: true }));
}

function close(state) {
  state.list.hidden = true;
  state.input.setAttribute("aria-expanded", "false");
  state.input.removeAttribute("aria-activedescendant");
}
