// Menus close on Escape and on a click elsewhere; dialogs open from their buttons.
const PHONE = "(max-width: 45rem)";

export function startMenus() {
  for (const fold of document.querySelectorAll("[data-fold-on-phones]")) {
    if (matchMedia(PHONE).matches && !fold.querySelector(".chip")) fold.open = false;
  }
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest?.("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
