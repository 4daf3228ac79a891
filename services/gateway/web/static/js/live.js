// What changes while a page is open. One stream; it carries only which record changed, never content.
// Panels ask the server again and are morphed; lists change rows in place and offer new ones in a bar.
import { bannerHeader, raiseBanner, withBanner } from "./banner.js";
import { say } from "./strings.js";
import { zulu } from "./time.js";

const RETRY_MS = 5_000;
const KINDS = ["engagement", "commitment", "attachment", "organisation", "person", "post", "place", "resync"];

export function startLive() {
  const stream = document.getElementById("live");
  for (const kind of KINDS) stream.addEventListener(kind, (event) => changed(stream, kind, event.detail));
  stream.addEventListener("htmx:sse:after:connection", () => show("live"));
  stream.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt) show("reconnecting");
  });
  stream.addEventListener("htmx:sse:error", () => show(navigator.onLine ? "reconnecting" : "offline"));
  stream.addEventListener("htmx:sse:close", () => retry(stream));
  stream.addEventListener("htmx:error", () => retry(stream));
  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("online", () => online(stream));
  document.addEventListener("htmx:config:request", withBanner);
  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", tint);
  document.addEventListener("htmx:response:error", refused);
  document.addEventListener("htmx:error", (event) => late(event.detail.ctx?.sourceElement));
  connect(stream);
}

// Only now: the extension that listens is loaded after htmx itself, which would else pass this element by.

function connect(stream) {
  stream.setAttribute("hx-sse:connect", stream.dataset.from);
  htmx.process(stream);
  htmx.trigger(stream, "open");
}

function changed(stream, kind, detail) {
  const id = parsed(detail?.data).id;
  const record = document.getElementById("record")?.dataset.id;
  htmx.trigger(stream, "changed", { id });
  if (record && (kind === "resync" || record === id)) htmx.trigger(stream, "changed-here", { id });
  if (document.getElementById("rows")) refreshRows();
  document.getElementById("map")?.dispatchEvent(new CustomEvent("parley:changed"));
}

function everything(stream) {
  missed = false;
  changed(stream, "resync", {});
}

function parsed(data) {
  try { return JSON.parse(data); } catch { return {}; }
}

// The connection, in a dot and in words.

function show(state) {
  const shown = document.getElementById("connection");
  if (!shown || (shown.dataset.state === state && state === "offline")) return;
  shown.dataset.state = state;
  shown.querySelector(".connection-words").textContent = say(state, { time: zulu() });
}

function retry(stream) {
  show(navigator.onLine ? "reconnecting" : "offline");
  setTimeout(() => {
    if (!stream._htmx?.sse) htmx.trigger(stream, "open");
  }, RETRY_MS);
}

// Signed out, or no longer readable: the page itself says so. Out of reach: what is shown stays, marked as
// old, and is asked for again until it comes.

let missed = false;

function refused(event) {
  const { status } = event.detail.ctx.response;
  const panel = event.detail.ctx.sourceElement;
  if (status === 401 || (status === 404 && panel.id === "record")) location.reload();
  else late(panel);
}

function late(panel) {
  const stream = document.getElementById("live");
  if (!panel || panel === stream) return;
  panel.classList.add("stale");
  if (!missed) setTimeout(() => everything(stream), RETRY_MS);
  missed = true;
}

function online(stream) {
  const connection = stream._htmx?.sse;
  connection?.delayCanceller?.();
  show(connection?.reader ? "live" : "reconnecting");
  if (missed) everything(stream);
}

// A short tint on what changed, so that the eye finds it.

let before = new Map();

function remember() {
  before = texts(document);
}

function tint() {
  for (const [id, text] of texts(document)) {
    if (before.has(id) ? before.get(id) !== text : before.size) mark(document.getElementById(id));
  }
}

function texts(root) {
  return new Map([...root.querySelectorAll("[data-tint][id], .number[id]")].map((one) => [one.id, one.textContent]));
}

function mark(element) {
  element.classList.remove("changed");
  requestAnimationFrame(() => element.classList.add("changed"));
}

// Lists: rows change where they are; new ones wait behind a bar, so nothing moves under the pointer.

let asking = false;
let again = false;

async function refreshRows() {
  if (asking) { again = true; return; }
  asking = true;
  try { await takeRows(); } catch { show("reconnecting"); }
  asking = false;
  if (again) { again = false; refreshRows(); }
}

async function takeRows() {
  const list = document.getElementById("rows");
  const answer = await fetch(list.dataset.listPart, { headers: { "HX-Request": "true", ...bannerHeader() } });
  if (answer.status === 204) location.reload();
  if (answer.status !== 200) throw new Error(`list: ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = new Map([...fresh.querySelectorAll("[data-row]")].map((row) => [row.dataset.id, row]));
  for (const row of list.querySelectorAll("[data-row]")) {
    const now = rows.get(row.dataset.id);
    if (!now) row.remove();
    else replaceRow(row, now);
    rows.delete(row.dataset.id);
  }
  raiseBanner(fresh);
  offer(rows.size, fresh);
}

function replaceRow(row, now) {
  if (row.textContent === now.textContent) return;
  const focused = row.contains(document.activeElement);
  now.classList.toggle("at", row.classList.contains("at"));
  row.replaceWith(now);
  if (focused) now.querySelector("a").focus();
  mark(now);
}

function offer(count, fresh) {
  const bar = document.getElementById("new-bar");
  bar.hidden = !count;
  bar.replaceChildren();
  if (!count) return;
  const button = document.createElement("button");
  button.className = "btn";
  button.textContent = `${say(count === 1 ? "newOne" : "newMany", { n: count })} · ${say("show")}`;
  button.addEventListener("click", () => {
    document.getElementById("rows").replaceWith(fresh.getElementById("rows"));
    bar.hidden = true;
    document.querySelector("#rows [data-row] a")?.focus();
  });
  bar.append(button);
}
