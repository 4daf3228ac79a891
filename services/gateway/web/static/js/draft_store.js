// Drafts on this device, in IndexedDB: works on plain http, without service workers or crypto.
const DATABASE = "parley";
const STORE = "drafts";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally { database.close(); }
}

export const keep = (draft) => within("readwrite", (store) => store.put(draft));
export const drop = (key) => within("readwrite", (store) => store.delete(key));
export const find = (key) => within("readonly", (store) => store.get(key));

// Newest first, of one person only: a device may be shared.

export async function draftsOf(person) {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter((draft) => draft.person === person).sort((a, b) => b.at - a.at);
}

export async function wipe(person) {
  for (const draft of await draftsOf(person)) await drop(draft.key);
}

export function whoIsHere() {
  return document.querySelector("[data-person]")?.dataset.person ?? "";
}
