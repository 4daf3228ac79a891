// Sending a draft: once, however often it is tried. Its key was made with the form, so a resend never doubles.
import { draftsOf, drop, keep, whoIsHere, wipe } from "./draft_store.js";
import { say } from "./strings.js";

const RETRY_MS = 8_000;
const SEND_TIMEOUT_MS = 15_000;
const NO_SESSION = 403;
const SERVER_ERROR = 500;

// One of: sent (with where it leads), refused (with the page that says why), away, signed-out.

export async function send(draft) {
  const body = new URLSearchParams(draft.values);
  body.set("key", draft.key);
  body.set("csrf_token", document.querySelector("[data-person] [name=csrf_token]")?.value ?? "");
  try {
    const answer = await fetch(draft.action, { method: "POST", body, signal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
    const at = new URL(answer.url).pathname;
    if (answer.status === NO_SESSION || at === "/sign-in") return { outcome: "signed-out" };
    if (answer.status >= SERVER_ERROR && !answer.redirected) return { outcome: "away" };
    if (answer.redirected) return { outcome: "sent", to: answer.url };
    return { outcome: "refused", page: await answer.text() };
  } catch { return { outcome: "away" }; }
}

let timer = 0;

export function startOutbox(sent = tell) {
  const flush = async () => {
    clearTimeout(timer);
    const queued = (await draftsOf(whoIsHere())).filter((draft) => draft.queued);
    for (const draft of queued) await deliver(draft, sent);
    if ((await draftsOf(whoIsHere())).some((draft) => draft.queued)) timer = setTimeout(flush, RETRY_MS);
  };
  window.addEventListener("online", flush);
  window.addEventListener("parley:queued", () => { clearTimeout(timer); timer = setTimeout(flush, RETRY_MS); });
  flush();
}

async function deliver(draft, sent) {
  const { outcome, to } = await send(draft);
  if (outcome === "sent") { await drop(draft.key); sent(draft, to); }
  if (outcome === "refused") await keep({ ...draft, queued: false, refused: true });
}

function tell(draft, to) {
  const note = document.createElement("p");
  note.className = "notice ok";
  note.setAttribute("role", "status");
  const link = document.createElement("a");
  link.href = to;
  link.textContent = say("draftSent");
  note.append(link);
  document.getElementById("main").prepend(note);
}

// Whoever signs out leaves nothing of his on the device.

export function startSignOut() {
  const form = document.querySelector("form[data-person]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    wipe(form.dataset.person).finally(() => form.submit());
  });
}
