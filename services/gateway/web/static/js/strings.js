// The page's own words for scripts, translated by the server.
const words = document.getElementById("strings")?.dataset ?? {};

export function say(key, values = {}) {
  return (words[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
