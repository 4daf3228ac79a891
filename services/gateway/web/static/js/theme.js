// Light, dark or as the device: at once, and remembered in the same cookie the server reads.
const YEAR_SECONDS = 365 * 24 * 3600;

export function startTheme() {
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    choice.addEventListener("click", (event) => {
      event.preventDefault();
      choose(choice.dataset.themeChoice);
    });
  }
}

function choose(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  const tls = location.protocol === "https:";
  const name = tls ? "__Host-parley_theme" : "parley_theme";
  document.cookie = `${name}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${tls ? "; secure" : ""}`;
  for (const one of document.querySelectorAll("[data-theme-choice]")) {
    one.toggleAttribute("aria-current", one.dataset.themeChoice === theme);
    if (one.dataset.themeChoice === theme) one.setAttribute("aria-current", "true");
  }
  root.dispatchEvent(new CustomEvent("parley:theme"));
}
