// Passkeys: made on a person's own page, used at the door. The private half never leaves the device.
const ENTER = "/sign-in/passkey";
const OWN = "/account/passkeys";

export function startPasskeys() {
  if (!window.PublicKeyCredential || !window.isSecureContext) {
    for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = false;
    return;
  }
  for (const place of document.querySelectorAll("[data-passkey-enter]")) {
    const button = place.querySelector("button");
    button.addEventListener("click", () => tried(button, place.querySelector("[role=alert]"), () => enter(button.dataset.next)));
    place.hidden = false;
  }
  const form = document.querySelector("form[data-passkey-add]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tried(form, form.querySelector("[role=alert]"), () => add(form.elements.name.value.trim()));
  });
  form.hidden = false;
}

// What the server refuses and what the person stops are told apart; anything else is a fault of ours and seen as one.

async function tried(holder, said, act) {
  said.textContent = "";
  try { await act(); } catch (wrong) {
    if (!(wrong instanceof DOMException || wrong instanceof Refused)) throw wrong;
    said.textContent = wrong instanceof Refused ? holder.dataset.refused : holder.dataset.stopped;
  }
}

class Refused extends Error {}

async function enter(next) {
  const asked = await post(`${ENTER}/options`, {});
  const got = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge) } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = got.response;
  const done = await post(ENTER, { next, credential: told(got, { clientDataJSON, authenticatorData, signature, userHandle }) });
  location.assign(done.to);
}

async function add(name) {
  const asked = await post(`${OWN}/options`, {});
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  await post(OWN, { name, credential: told(made, { clientDataJSON, attestationObject }) });
  location.reload();
}

function told(credential, parts) {
  const response = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part && spelled(part)]));
  return { id: credential.id, rawId: spelled(credential.rawId), type: credential.type, response };
}

async function post(path, body) {
  const csrf = document.querySelector("[data-person] [name=csrf_token]")?.value;
  const headers = { "Content-Type": "application/json", ...(csrf ? { "X-CSRF-Token": csrf } : {}) };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Refused(path);
  return answer.json();
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

function spelled(buffer) {
  const raw = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return raw.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
