// A debrief form and everything that helps with it; again for the page that comes back with its errors.
import { startChoosers } from "./chooser.js";
import { startDebrief } from "./debrief.js";
import { startDrafts } from "./drafts.js";

export function startForms() {
  const form = document.querySelector("form[data-draft]");
  startDebrief(form);
  startDrafts(form, () => { startChoosers(); startForms(); });
}
