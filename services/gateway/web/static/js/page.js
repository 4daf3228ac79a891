// Starts what this page has: theme, clock, keys, menus everywhere; live and the map where they are.
import { startClock } from "./time.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startTheme } from "./theme.js";

startTheme();
startClock();
startMenus();
startKeys();
if (document.getElementById("live")) startLive();
if (document.getElementById("emergency")) import("./emergency.js").then((module) => module.startEmergency());
if (document.querySelector("[data-passkey-enter], [data-passkey-add]")) import("./passkeys.js").then((module) => module.startPasskeys());
const map = document.getElementById("map");
if (map) import("./map.js").then((module) => module.startMap(map));
if (document.querySelector("[data-choose]")) import("./chooser.js").then((module) => module.startChoosers());
const draft = document.querySelector("form[data-draft]");
if (draft) import("./forms.js").then((module) => module.startForms());
else if (document.querySelector("[data-person]") && !document.body.dataset.view) import("./outbox.js").then((module) => module.startOutbox());
if (document.querySelector("[data-person]")) import("./outbox.js").then((module) => module.startSignOut());
