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
const map = document.getElementById("map");
if (map) import("./map.js").then((module) => module.startMap(map));
