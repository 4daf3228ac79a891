// Every keystroke of a form is kept on this device until it is sent or discarded; the list of what is kept.
import { draftsOf, drop, find, keep, whoIsHere } from "./draft_store.js";
import { send, startOutbox } from "./outbox.js";
import { say } from "./strings.js";
import { zulu } from "./time.js";

const NOT_KEPT = new Set(["csrf_token", "key"]);

export async function startDrafts(form, again) {
  const state = { form, again, saving: false, dirty: false, queued: false };
  form.addEventListener("input", () => changed(state));
  form.addEventListener("change", () => changed(state));
  form.addEventListener("parley:edited", () => changed(state));
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(state); });
  window.addEventListener("online", () => words(state));
  window.addEventListener("offline", () => words(state));
  startOutbox((draft, to) => { if (draft.key === key(form)) location.assign(to); else list(state); });
  const wanted = new URLSearchParams(location.search).get("draft");
  const draft = wanted && await find(wanted);
  if (draft?.person === whoIsHere()) restore(state, draft);
  await list(state);
  form.dataset.ready = "yes";
}

const key = (form) => form.elements.key.value;

function draftOf(state) {
  const { form } = state;
  const values = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && value !== "");
  const words = ["purpose", "place", "summary"].map((name) => form.elements[name]?.value).filter(Boolean);
  return {
    key: key(form), person: whoIsHere(), action: form.getAttribute("action"), path: location.pathname, values,
    title: [form.dataset.title, ...words].filter(Boolean).join(" · ").slice(0, 120), at: Date.now(), queued: state.queued,
  };
}

// One write at a time; what was typed meanwhile is written after it.

async function changed(state) {
  state.queued = false;
  state.dirty = true;
  // It says "saved" only when everything is.
  state.form.querySelector("[data-draft-state]").textContent = "";
  if (state.saving) return;
  state.saving = true;
  while (state.dirty) {
    state.dirty = false;
    await save(state);
  }
  state.saving = false;
}

async function save(state) {
  const shown = state.form.querySelector("[data-draft-state]");
  try {
    await keep(draftOf(state));
    if (!state.dirty) shown.textContent = say("draftSaved", { time: zulu() });
  } catch { shown.textContent = say("draftNotSaved"); }
}

async function submit(state) {
  await save(state);
  const button = state.form.querySelector("[data-send]");
  button.disabled = true;
  const { outcome, to, page } = await send(draftOf(state));
  button.disabled = false;
  switch (outcome) {
    case "sent": await drop(key(state.form)); location.assign(to); return;
    case "refused": refused(state, page); return;
    case "away": await queue(state); return;
    default: tell(state, say("draftSignedOut"));
  }
}

async function queue(state) {
  state.queued = true;
  await save(state);
  tell(state, say("draftQueued"));
  words(state);
  window.dispatchEvent(new Event("parley:queued"));
}

function tell(state, said) {
  const note = state.form.querySelector("[data-draft-told]");
  note.hidden = !said;
  note.textContent = said;
}

// While the link is down the button says what it will do.

function words(state) {
  const button = state.form.querySelector("[data-send]");
  const label = button.querySelector("span");
  button.dataset.now ??= label.textContent;
  label.textContent = navigator.onLine && !state.queued ? button.dataset.now : button.dataset.later;
  if (navigator.onLine && !state.queued) tell(state, "");
}

// The server's page says what was wrong; the draft stays until it is right.

function refused(state, page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const main = fresh.getElementById("main");
  document.getElementById("main").replaceChildren(...main.childNodes);
  state.again();
  document.getElementById("form-errors")?.focus();
}

// The list, and going on with one of them.

async function list(state) {
  const card = document.getElementById("drafts");
  const others = (await draftsOf(whoIsHere())).filter((draft) => draft.key !== key(state.form));
  card.hidden = !others.length;
  card.querySelector("ul").replaceChildren(...others.map((draft) => row(state, card.dataset, draft)));
}

function row(state, said, draft) {
  const item = document.createElement("li");
  const title = document.createElement("bdi");
  title.textContent = draft.title || said.untitled;
  const when = document.createElement("span");
  when.className = "mut";
  const notes = [said.saved.replace("{time}", zulu(new Date(draft.at)))];
  if (draft.queued) notes.push(said.waiting);
  if (draft.refused) notes.push(said.refused);
  when.textContent = notes.join(" · ");
  item.append(title, when,
    button(said.resume, () => resume(state, draft)),
    button(said.discard, async () => { await drop(draft.key); await list(state); }));
  return item;
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: words });
  made.addEventListener("click", act);
  return made;
}

async function resume(state, draft) {
  if (draft.path !== location.pathname) { location.assign(`${draft.path}?draft=${draft.key}`); return; }
  restore(state, draft);
  await list(state);
}

function restore(state, draft) {
  const { form } = state;
  for (const field of form.elements) {
    if (NOT_KEPT.has(field.name) || !field.name) continue;
    const values = draft.values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else field.value = values[0] ?? (field.tagName === "SELECT" ? field.options[0].value : "");
  }
  form.elements.key.value = draft.key;
  for (const fold of form.querySelectorAll("details")) {
    if ([...fold.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")].some((field) => field.value)) fold.open = true;
  }
  form.dispatchEvent(new Event("parley:restored"));
  form.querySelector("[data-draft-state]").textContent = say("draftSaved", { time: zulu(new Date(draft.at)) });
}
