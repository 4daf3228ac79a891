// The packaged basemap, read once: reading changes the topology, so it is split afterwards, never read twice.
const CODES = {
  SSD: "SS", SDN: "SD", ETH: "ET", KEN: "KE", UGA: "UG", COD: "CD", CAF: "CF", TCD: "TD", ERI: "ER", DJI: "DJ",
  SOM: "SO", RWA: "RW", BDI: "BI", TZA: "TZ", EGY: "EG", LBY: "LY", SAU: "SA", YEM: "YE", CMR: "CM", COG: "CG",
  KOS: "XK", SRB: "RS", ALB: "AL", MKD: "MK", MNE: "ME", BIH: "BA", HRV: "HR", BGR: "BG", GRC: "GR", ROU: "RO",
  HUN: "HU", MAR: "MA", ESH: "EH",
};
const RESOLUTION_OF_STATES = 3000;
const TOWNS = [[5000, 1_000_000], [2500, 200_000], [1200, 50_000], [600, 10_000], [0, 0]];

export async function drawBasemap(address, settings) {
  const topology = await (await fetch(address)).json();
  const format = new ol.format.TopoJSON({ layerName: "layer" });
  const found = new Map();
  for (const feature of format.readFeatures(topology, { featureProjection: "EPSG:3857" })) {
    const layer = feature.get("layer");
    if (!found.has(layer)) found.set(layer, []);
    found.get(layer).push(feature);
  }
  const world = worldview(settings);
  const layer = (name, style, options = {}) =>
    new ol.layer.Vector({ source: new ol.source.Vector({ features: found.get(name) ?? [], wrapX: false }), style, updateWhileInteracting: true, ...options });
  const layers = [
    layer("land", () => fill("--map-land")),
    layer("lakes", () => fill("--map-water")),
    layer("rivers", (feature, resolution) => (feature.get("rank") > zoomOf(resolution) ? null : line("--map-water", 1.2))),
    layer("states", (_, resolution) => (resolution > RESOLUTION_OF_STATES ? null : line("--map-line-2", 0.8, [4, 3]))),
    layer("borders", (feature) => border(feature.get("pair"), world)),
    layer("towns", town, { declutter: true, zIndex: 5 }),
    layer("names", (feature, resolution) => name(feature, resolution, world), { declutter: true, zIndex: 6 }),
  ];
  return { layers, near: (at) => nearest(found.get("towns") ?? [], at) };
}

// The name of the town closest to a point of the map, to say in words where something is.

function nearest(towns, [x, y]) {
  let best = Infinity;
  let named = "";
  for (const one of towns) {
    const [townX, townY] = one.getGeometry().getCoordinates();
    const distance = Math.hypot(townX - x, townY - y);
    if (distance < best) { best = distance; named = one.get("name"); }
  }
  return named;
}

// Which lines are dashed, which are not drawn as borders and which names are not shown is the mission's setting.

function worldview(settings) {
  const merged = new Set();
  const unnamed = new Set();
  if (settings.somaliland === "merged") { merged.add("SOL-SOM"); unnamed.add("SOL"); }
  if (settings.kosovo === "merged") { merged.add("KOS-SRB"); unnamed.add("KOS"); }
  return { merged, unnamed, disputed: new Set(settings.disputed) };
}

function border(pair, world) {
  if (world.merged.has(pair)) return line("--map-line-2", 0.8, [4, 3]);
  return world.disputed.has(pair) ? line("--map-line", 1.4, [6, 5]) : line("--map-line", 1.2);
}

function name(feature, resolution, world) {
  if (feature.get("rank") === "state") {
    return resolution > RESOLUTION_OF_STATES / 2 ? null : text(feature.get("name"), 11, 400);
  }
  const code = feature.get("code");
  if (world.unnamed.has(code) || resolution > 12_000) return null;
  return text(countryName(code), resolution > 6000 ? 11 : 13, 600);
}

function countryName(code) {
  if (code === "KOS") return "Kosovo (SCR 1244)";
  if (!(code in CODES)) return "";
  return new Intl.DisplayNames([document.documentElement.lang.split("-")[0]], { type: "region" }).of(CODES[code]);
}

function town(feature, resolution) {
  const [, least] = TOWNS.find(([from]) => resolution >= from);
  if (feature.get("people") < least) return null;
  return new ol.style.Style({
    image: new ol.style.Circle({ radius: 2, fill: new ol.style.Fill({ color: colour("--map-name") }) }),
    text: words(feature.get("name"), 11, 400, { offsetY: -9 }),
  });
}

const zoomOf = (resolution) => Math.log2(156_543 / resolution);

export function colour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

function fill(token) {
  return new ol.style.Style({ fill: new ol.style.Fill({ color: colour(token) }) });
}

function line(token, width, lineDash = undefined) {
  return new ol.style.Style({ stroke: new ol.style.Stroke({ color: colour(token), width, lineDash }) });
}

function text(content, size, weight) {
  return new ol.style.Style({ text: words(content, size, weight, {}) });
}

function words(content, size, weight, more) {
  return new ol.style.Text({
    text: content, font: `${weight} ${size}px Plex, PlexArabic, system-ui, sans-serif`, ...more,
    fill: new ol.style.Fill({ color: colour("--map-name") }),
    stroke: new ol.style.Stroke({ color: colour("--map-halo"), width: 2.5 }),
  });
}
