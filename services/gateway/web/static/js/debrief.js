// The debrief form for fast hands: rows that appear as they are needed, people of late by one key, days understood.
import { bannerHeader, raiseBanner } from "./banner.js";

const SETTLE_MS = 200;

export function startDebrief(form) {
  form.querySelectorAll("[data-rows]").forEach(fold);
  form.addEventListener("input", (event) => { refold(event); understand(event.target); });
  form.addEventListener("parley:chosen", (event) => chosen(form, event.target));
  form.addEventListener("parley:restored", () => { form.querySelectorAll("[data-rows]").forEach(fold); label(form); });
  form.addEventListener("change", (event) => { if (event.target.name === "attending") attend(form, event.target); });
  form.addEventListener("keydown", (event) => pressed(form, event));
  form.querySelector("#suggested")?.addEventListener("keydown", arrow);
  number(form);
  severalParties(form);
}

// Rows: those filled, and one more.

function fold(rows) {
  const entries = [...rows.querySelectorAll("[data-entry]")];
  const last = entries.findLastIndex((entry) => isFilled(entry));
  entries.forEach((entry, at) => {
    entry.hidden = at > last + 1;
    for (const extra of entry.querySelectorAll("[data-with-filled]")) extra.hidden = !isFilled(entry);
  });
}

function isFilled(entry) {
  return [...entry.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value.trim())
    || Boolean(entry.querySelector(".error"));
}

function refold(event) {
  const rows = event.target.closest("[data-rows]");
  if (rows) fold(rows);
}

function nextEntry(field) {
  const entries = [...field.closest("[data-rows]").querySelectorAll("[data-entry]")];
  const next = entries[entries.indexOf(field.closest("[data-entry]")) + 1];
  next?.querySelector("[data-first]")?.focus();
}

// Keys: Enter goes on to the next row and never sends half a form; Ctrl+Enter sends; Alt and a number adds a person.

function pressed(form, event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Enter" && event.target.tagName === "INPUT" && !event.defaultPrevented) {
    event.preventDefault();
    if (event.target.closest("[data-entry]") && event.target.value) nextEntry(event.target);
  } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
    const box = form.querySelectorAll("[name=attending]")[Number(event.code.slice(5)) - 1];
    if (!box) return;
    event.preventDefault();
    box.click();
  }
}

// People: a chip becomes a row; the label follows who and what is named.

function attend(form, box) {
  if (!box.checked) return;
  const rows = form.querySelector(".who-rows");
  const free = [...rows.querySelectorAll("[data-entry]")].find((entry) => !isFilled(entry));
  if (!free) return;
  const input = free.querySelector("[data-first]");
  input.value = box.closest("label").querySelector("bdi").textContent;
  free.querySelector("[data-chosen]").value = box.value;
  const had = box === document.activeElement;
  box.closest("label").remove();
  number(form);
  chosen(form, input, had);
}

function chosen(form, input, move = false) {
  const rows = input.closest("[data-rows]");
  if (rows) { fold(rows); if (move || document.activeElement === input) nextEntry(input); }
  if (input.name === "place") people(form);
  label(form);
  severalParties(form);
  form.dispatchEvent(new Event("parley:edited"));
}

async function people(form) {
  const place = form.elements.place_id?.value;
  const fresh = await part(`${form.querySelector("#suggested").dataset.from}?place_id=${encodeURIComponent(place)}`);
  if (!fresh) return;
  const named = new Set(ids(form));
  const chips = [...fresh.querySelectorAll(".chip-choice")].filter((chip) => !named.has(chip.querySelector("input").value));
  const shown = form.querySelector("#suggested");
  const focused = shown.contains(document.activeElement);
  shown.replaceChildren(...chips);
  number(form);
  if (focused) shown.querySelector("input")?.focus();
}

// One stop for Tab, arrows between them; each says the key that adds it.

function number(form) {
  form.querySelectorAll("#suggested label").forEach((chip, at) => {
    chip.querySelector("kbd").textContent = String(at + 1);
    chip.querySelector("input").tabIndex = at ? -1 : 0;
  });
}

function arrow(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = [...document.querySelectorAll("#suggested input")];
  if (!step || !all.includes(event.target)) return;
  event.preventDefault();
  all[all.indexOf(event.target) + step]?.focus();
}

function ids(form) {
  return [...form.querySelectorAll("[data-chosen]")].map((field) => field.value).filter(Boolean);
}

async function label(form) {
  const shown = form.querySelector("#proposed-label");
  if (!shown) return;
  const fresh = await part(`${shown.dataset.from}?ids=${ids(form).join(",")}`);
  const mark = fresh?.querySelector(".label-shown");
  if (mark) shown.replaceChildren(mark);
}

async function part(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", ...bannerHeader() } });
    if (answer.status !== 200) return null;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    raiseBanner(fresh);
    return fresh;
  } catch { return null; }
}

// Which of several a promise is to or by: asked only when there are several.

function severalParties(form) {
  const present = document.getElementById("present");
  const rows = form.querySelector(".who-rows");
  if (rows) {
    const names = [...rows.querySelectorAll("[data-first]")].map((input) => input.value.trim()).filter(Boolean);
    present.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
  }
  const several = present.children.length > 1;
  for (const field of form.querySelectorAll("[data-party]")) field.hidden = !several;
}

// Days as typed, said back in full.

const waiting = new WeakMap();

function understand(field) {
  if (!field.matches?.("[data-due]")) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(async () => {
    const fresh = await part(`/parts/due?q=${encodeURIComponent(field.value)}`);
    if (!fresh) return;
    for (const banner of fresh.querySelectorAll(".banner")) banner.remove();
    field.parentElement.querySelector(".understood").textContent = fresh.body.textContent.trim();
  }, SETTLE_MS));
}
